package io.socketz.server.command;

import io.socketz.protocol.address.Cidr;
import io.socketz.protocol.address.IpLiteral;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.request.CommandArguments;
import io.socketz.state.Client;
import java.net.InetAddress;
import java.util.Optional;

/** The arguments {@code ADDR} and {@code NAME}: which clients are meant. */
public record ClientFilter(Optional<Cidr> addresses, Optional<Glob> names) {
    /** The filter in the arguments of a command. */
    public static ClientFilter of(CommandArguments arguments) {
        return new ClientFilter(arguments.cidr("ADDR"), arguments.glob("NAME"));
    }

    /** Whether all clients are meant. */
    public boolean isEmpty() {
        return addresses.isEmpty() && names.isEmpty();
    }

    /** Whether this one is. */
    public boolean admits(Client client) {
        String name = client.name();
        return names.map(glob -> name != null && glob.matches(name)).orElse(true)
                && addresses.map(block -> contains(block, client)).orElse(true);
    }

    /** An address that is no IP literal, since somebody has put the key by hand, is in no block. */
    private static boolean contains(Cidr block, Client client) {
        String address = client.address();
        String host = address.substring(0, Math.max(0, address.lastIndexOf(':')));
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        Optional<InetAddress> literal = IpLiteral.parse(bracketed ? host.substring(1, host.length() - 1) : host);
        return literal.isPresent() && block.contains(literal.get());
    }
}
