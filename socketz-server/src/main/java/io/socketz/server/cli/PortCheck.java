package io.socketz.server.cli;

import io.socketz.protocol.address.HostPort;
import io.socketz.server.ListenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server could listen on its addresses. To find out it binds to them and does not listen: nobody can connect, and
 * a server that starts or runs at the same time is not disturbed.
 */
final class PortCheck {
    private static final int PATIENCE_SECONDS = 5;

    private final CheckReport report;

    /** What was checked and has a port of its own. */
    private final Map<ListenException.Port, InetSocketAddress> before = new EnumMap<>(ListenException.Port.class);

    PortCheck(CheckReport report) {
        this.report = report;
    }

    /**
     * Checks one address.
     *
     * @param host as the user gave it; its lookup takes 5 s at most
     * @param port null if the option was not given
     */
    void check(ListenException.Port use, String host, @Nullable Integer port) throws InterruptedException {
        if (port == null) {
            return;
        }
        try {
            check(use, host, new InetSocketAddress(resolve(host), port));
        } catch (UnknownHostException e) {
            report.error(e.getMessage() + " '" + host + "': name another with " + ListenAdvice.hostOption(use));
        }
    }

    private void check(ListenException.Port use, String host, InetSocketAddress address) {
        String option = ListenAdvice.option(use);
        String shown = option + ": " + HostPort.format(address);
        Optional<ListenException.Port> other = before.entrySet().stream()
                .filter(entry -> overlap(entry.getValue(), address))
                .map(Map.Entry::getKey)
                .findFirst();
        if (other.isPresent()) {
            report.error(shown + " is already that of " + ListenAdvice.option(other.get()) + ": choose another");
        } else if (isFree(address)) {
            report.ok(address.getPort() == 0 ? option + ": any free port" : shown + " is free");
        } else {
            ListenAdvice.lasting(use, host, address)
                    .ifPresentOrElse(
                            report::error,
                            () -> report.warning(shown + " is in use: a server cannot start while it is"));
        }
        before.put(use, address);
    }

    private static boolean overlap(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() != 0
                && one.getPort() == other.getPort()
                && (one.getAddress().equals(other.getAddress())
                        || one.getAddress().isAnyLocalAddress()
                        || other.getAddress().isAnyLocalAddress());
    }

    private static boolean isFree(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true); // as a server does: connections that have just ended do not count
            socket.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** On a thread of its own, since the system may look up for longer and cannot be interrupted. */
    private static InetAddress resolve(String host) throws UnknownHostException, InterruptedException {
        CompletableFuture<InetAddress> lookup = new CompletableFuture<>();
        Thread thread = new Thread(() -> lookUp(host, lookup), "socketz-lookup");
        thread.setDaemon(true);
        thread.start();
        try {
            return lookup.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new UnknownHostException("no address is known for");
        } catch (TimeoutException e) {
            throw new UnknownHostException("the name service does not answer within " + PATIENCE_SECONDS + " s for");
        }
    }

    private static void lookUp(String host, CompletableFuture<InetAddress> lookup) {
        try {
            if (host.isBlank()) {
                throw new UnknownHostException(); // for Java, the loopback address
            }
            lookup.complete(InetAddress.getByName(host));
        } catch (UnknownHostException | RuntimeException e) {
            lookup.completeExceptionally(e);
        }
    }
}
