package io.socketz.protocol.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host and a port as people write them: {@code localhost:5151}, {@code 127.0.0.1:50814},
 * {@code [2001:db8::1]:50814}.
 *
 * @param host a name of letters, digits, '-', '_' and '.', or an IP address without brackets, kept as its canonical
 *     text (see {@link IpLiteral#format}); a name is kept as written and never looked up
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;
    /** The longest text of an address: eight groups of four digits, brackets, and a port of five. */
    private static final int MAX_ADDRESS_LENGTH = 47;

    /**
     * Checks both and makes an address canonical.
     *
     * @throws IllegalArgumentException if the host or the port is not as above
     */
    public HostPort {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + " is not in 0 to 65535");
        }
        String written = host;
        host = canonicalHost(host)
                .orElseThrow(() -> new IllegalArgumentException(
                        Quoted.quoted(written) + " is neither a host name nor an IP address"));
    }

    /**
     * The address and port of a socket. A name is kept only if the address is unresolved; a zone is dropped.
     *
     * @throws IllegalArgumentException if the address is unresolved and its name is not a host
     */
    public static HostPort of(InetSocketAddress address) {
        return address.isUnresolved()
                ? new HostPort(address.getHostString(), address.getPort())
                : new HostPort(IpLiteral.format(address.getAddress()), address.getPort());
    }

    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException if the text is not a host and a port, with a message of one line for the user
     */
    public static HostPort parse(String text) {
        return parse(text, text);
    }

    /**
     * Reads {@code host:port}, or {@code host} alone.
     *
     * @param defaultPort of a host alone, 0 to 65535
     * @throws IllegalArgumentException as {@link #parse(String)}
     */
    public static HostPort parse(String text, int defaultPort) {
        boolean alone = text.startsWith("[") ? text.endsWith("]") : text.indexOf(':') < 0;
        return parse(alone ? text + ":" + defaultPort : text, text);
    }

    /**
     * Reads {@code host:port}, or {@code host} alone, which is that host at each of {@code defaultPorts} in turn.
     *
     * @param defaultPorts one or more, 0 to 65535 each
     * @throws IllegalArgumentException as {@link #parse(String)}
     */
    public static List<HostPort> parse(String text, List<Integer> defaultPorts) {
        return defaultPorts.stream().map(port -> parse(text, port)).distinct().toList();
    }

    /** @param given the text that a message shows */
    private static HostPort parse(String text, String given) {
        if (text.contains("://")) {
            throw notHostPort(given, "a URL");
        }
        boolean bracketed = text.startsWith("[");
        int hostEnd = bracketed ? text.indexOf(']') : text.indexOf(':');
        int colon = bracketed ? hostEnd + 1 : hostEnd;
        if (bracketed && hostEnd < 0) {
            throw notHostPort(given, "no closing bracket");
        }
        if (colon < 0 || colon == text.length() || text.charAt(colon) != ':') {
            throw notHostPort(given, "no port");
        }
        if (text.indexOf(':', colon + 1) >= 0) {
            throw notHostPort(given, "an IPv6 address goes in brackets");
        }
        String host = bracketed
                ? IpLiteral.parseV6(text.substring(1, hostEnd))
                        .map(IpLiteral::format)
                        .orElseThrow(() -> notHostPort(given, "no IPv6 address in the brackets"))
                : canonicalHost(text.substring(0, hostEnd))
                        .orElseThrow(() -> notHostPort(given, "no host name or IP address"));
        int port = parsePort(text.substring(colon + 1)).orElseThrow(() -> notHostPort(given, "port 0 to 65535"));
        return new HostPort(host, port);
    }

    /** Reads a decimal port, 0 to 65535, without sign or leading zeros; empty if the text is not one. */
    public static OptionalInt parsePort(String text) {
        int port = IpLiteral.decimal(text, 0, text.length(), MAX_PORT);
        return port < 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** The same text as {@code of(address).toString()}, without temporary objects, since it is made for every connection. */
    public static String format(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return of(address).toString();
        }
        byte[] octets = IpLiteral.octets(address.getAddress());
        boolean bracketed = octets.length > 4;
        StringBuilder out = new StringBuilder(MAX_ADDRESS_LENGTH);
        if (bracketed) {
            out.append('[');
        }
        IpLiteral.append(out, octets);
        if (bracketed) {
            out.append(']');
        }
        return out.append(':').append(address.getPort()).toString();
    }

    /** {@code host:port}, with an IPv6 address in brackets. {@link #parse} reads it back. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }

    private static Optional<String> canonicalHost(String host) {
        Optional<InetAddress> address = IpLiteral.parse(host);
        if (address.isPresent()) {
            return address.map(IpLiteral::format);
        }
        return isName(host) ? Optional.of(host) : Optional.empty();
    }

    /**
     * A name may not end in a number (RFC 1123 section 2.1): a resolver would read {@code 127.1} or
     * {@code 010.0.0.1} as an address, and not as the one that was meant.
     */
    private static boolean isName(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean inner = c == '-' || c == '.';
            if (!isLetter(c) && !isDigit(c) && c != '_' && !(inner && i > 0)) {
                return false;
            }
        }
        int end = host.endsWith(".") ? host.length() - 1 : host.length();
        for (int i = end - 1; i >= 0 && host.charAt(i) != '.'; i--) {
            if (!isDigit(host.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static IllegalArgumentException notHostPort(String text, String why) {
        return new IllegalArgumentException(Quoted.quoted(text) + " is not host:port: " + why);
    }
}
