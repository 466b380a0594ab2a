package io.socketz.state.etcd.transport;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which address to connect to next: endpoints in a circle, and for each of them all addresses of its host name. A name is
 * resolved anew whenever its turn comes. Not thread-safe.
 *
 * <pre>{@code
 *   endpoint 1: address 1 --next--> address 2 --next--> endpoint 2: address 1 --next--> endpoint 1: address 1 ...
 * }</pre>
 */
public final class Endpoints {
    private static final int DEFAULT_PORT = 2379;
    private static final Pattern NAME_AND_PORT = Pattern.compile("([\\w.-]+)(?::([0-9]{1,5}))?");

    /**
     * Where to connect to.
     *
     * @param endpoint as configured; what the certificate must be for
     * @param address one of its host's addresses
     * @param port its port; 2379 if none was configured
     */
    public record Address(URI endpoint, InetAddress address, int port) {
        /** The host as configured; an address has no brackets and no zone. */
        public String host() {
            return Endpoints.host(endpoint).replaceFirst("^\\[(.*?)(%.*)?]$", "$1");
        }

        /** Host and port as configured. */
        public String authority() {
            return Endpoints.host(endpoint) + ":" + port;
        }

        /** For people: {@code http://etcd:2379}, followed by the address if the host is a name. */
        @Override
        public String toString() {
            String numbers = address.getHostAddress();
            String host = Endpoints.host(endpoint);
            boolean literal = host.equals(numbers) || host.startsWith("[");
            return literal ? endpoint.toString() : endpoint + " (" + numbers + ")";
        }
    }

    private final List<URI> endpoints;
    private final HostResolver resolver;
    private int turn;

    /** Addresses of the current endpoint; empty before it was resolved. */
    private List<InetAddress> addresses = List.of();

    private int addressTurn;

    /**
     * Begins at a random endpoint.
     *
     * @param endpoints one or more, each with a host
     */
    public Endpoints(List<URI> endpoints) {
        this(
                endpoints,
                ThreadLocalRandom.current().nextInt(endpoints.size()),
                new BoundedResolver(endpoints.stream().map(Endpoints::host).toList()));
    }

    Endpoints(List<URI> endpoints, int first, HostResolver resolver) {
        this.endpoints = List.copyOf(endpoints);
        this.turn = first;
        this.resolver = resolver;
    }

    /** The current endpoint. */
    public URI endpoint() {
        return endpoints.get(turn);
    }

    /**
     * The current address. Blocks while a name is resolved, for at most 1 s.
     *
     * @throws UnknownHostException if no address of the endpoint's host is known now; its message names the endpoint and
     *     the reason
     */
    public Address address() throws UnknownHostException {
        URI endpoint = endpoint();
        if (addresses.isEmpty()) {
            addresses = resolve(endpoint);
            addressTurn = 0;
        }
        return new Address(endpoint, addresses.get(addressTurn), port(endpoint));
    }

    private List<InetAddress> resolve(URI endpoint) throws UnknownHostException {
        try {
            return List.of(resolver.resolve(host(endpoint)));
        } catch (UnknownHostException e) {
            var named = new UnknownHostException(endpoint + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    /** Empty if there is none. {@link URI} finds none in names with a '_' (RFC 2396), which compose files may have. */
    static String host(URI endpoint) {
        if (endpoint.getHost() != null) {
            return endpoint.getHost();
        }
        Matcher name = name(endpoint);
        return name.matches() ? name.group(1) : "";
    }

    private static int port(URI endpoint) {
        Matcher name = name(endpoint);
        String text = name.matches() ? name.group(2) : null;
        int port = text == null ? endpoint.getPort() : Integer.parseInt(text);
        return port < 0 ? DEFAULT_PORT : port;
    }

    private static Matcher name(URI endpoint) {
        String authority = endpoint.getRawAuthority();
        return NAME_AND_PORT.matcher(authority == null ? "" : authority);
    }

    /** Moves on to the next address. */
    public void next() {
        addressTurn++;
        if (addressTurn >= addresses.size()) {
            turn = (turn + 1) % endpoints.size();
            addresses = List.of();
        }
    }
}
