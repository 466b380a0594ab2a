package io.socketz.server.cli;

import io.socketz.server.ListenException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/**
 * Why a server cannot listen, and the option that helps. It finds out by trying, since Java has one exception for all three
 * reasons, whose text is the system's and in the system's language.
 */
final class ListenAdvice {
    /** Many systems reserve lower ports for privileged users. */
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private ListenAdvice() {}

    /** @param host as the user gave it */
    static String of(ListenException e, String host) {
        InetSocketAddress address = e.address();
        if (!(e.getCause() instanceof BindException)) {
            return e.getMessage() + " (" + hostOption(e.port()) + ", " + option(e.port()) + ")";
        }
        boolean isAdmin = e.port() == ListenException.Port.ADMIN;
        return lasting(e.port(), isAdmin ? address.getHostString() : host, address)
                .orElseGet(() ->
                        "port " + address.getPort() + " is already in use: choose another with " + option(e.port()));
    }

    /** Why nobody could listen on {@code address} even if its port were free; empty if somebody could. */
    static Optional<String> lasting(ListenException.Port use, String host, InetSocketAddress address) {
        if (!isOfThisMachine(address)) {
            return Optional.of(
                    "'" + host + "' is not an address of this machine: name another with " + hostOption(use));
        }
        int port = address.getPort();
        if (port != 0 && port < FIRST_UNPRIVILEGED_PORT && !isAllowed(address)) {
            return Optional.of("port " + port + " needs more rights than this user has: choose one from "
                    + FIRST_UNPRIVILEGED_PORT + " up with " + option(use));
        }
        return Optional.empty();
    }

    /** The option that names the port. */
    static String option(ListenException.Port use) {
        return switch (use) {
            case CLIENTS -> "--port";
            case AGENT -> "--agent-port";
            case ADMIN -> "--admin-port";
        };
    }

    /** The option that names the address on which it listens. */
    static String hostOption(ListenException.Port use) {
        return use == ListenException.Port.ADMIN ? "--admin-host" : "--host";
    }

    private static boolean isOfThisMachine(InetSocketAddress address) {
        if (address.getAddress().isAnyLocalAddress()) {
            return true;
        }
        try (ServerSocketChannel any = ServerSocketChannel.open()) {
            any.bind(new InetSocketAddress(address.getAddress(), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** UDP needs the same rights, and does not disturb a program that listens on TCP. */
    private static boolean isAllowed(InetSocketAddress address) {
        try (DatagramChannel same = DatagramChannel.open()) {
            same.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
