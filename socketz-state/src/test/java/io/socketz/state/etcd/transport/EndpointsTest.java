package io.socketz.state.etcd.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EndpointsTest {
    private static final URI FIRST = URI.create("http://first:1");
    private static final URI SECOND = URI.create("https://second");
    private static final URI IPV6 = URI.create("http://[::1]:3");

    private final List<String> resolved = new ArrayList<>();

    @Test
    void everyAddressOfEveryEndpointGetsItsTurn() throws Exception {
        Endpoints endpoints = new Endpoints(List.of(FIRST, SECOND), 0, this::resolve);

        assertThat(turns(endpoints, 5))
                .containsExactly(
                        "http://first:1 (10.0.0.1) 1",
                        "http://first:1 (10.0.0.2) 1",
                        "https://second (10.0.0.3) 2379",
                        "http://first:1 (10.0.0.1) 1",
                        "http://first:1 (10.0.0.2) 1");
    }

    @Test
    void aNameIsResolvedAnewAtEachTurnAndNotBefore() throws Exception {
        Endpoints endpoints = new Endpoints(List.of(FIRST, SECOND), 1, this::resolve);
        assertThat(resolved).isEmpty();

        var unused = endpoints.address();
        unused = endpoints.address();
        assertThat(resolved).containsExactly("second");

        turns(endpoints, 4);
        assertThat(resolved).containsExactly("second", "first", "second");
    }

    @Test
    void anUnknownNameIsSkipped() throws Exception {
        Endpoints endpoints = new Endpoints(List.of(URI.create("http://nobody"), SECOND), 0, this::resolve);

        assertThatThrownBy(endpoints::address).isInstanceOf(UnknownHostException.class);
        endpoints.next();

        assertThat(endpoints.address().endpoint()).isEqualTo(SECOND);
    }

    @Test
    void theAuthorityIsTheConfiguredNameWithItsPort() throws Exception {
        Endpoints endpoints = new Endpoints(List.of(SECOND, IPV6), 0, this::resolve);
        assertThat(endpoints.address().authority()).isEqualTo("second:2379");

        endpoints.next();

        assertThat(endpoints.address().authority()).isEqualTo("[::1]:3");
        assertThat(endpoints.address()).hasToString("http://[::1]:3");
    }

    @Test
    void aNameWithAnUnderscoreIsAName() throws Exception {
        Endpoints endpoints =
                new Endpoints(List.of(URI.create("http://etcd_1:4"), URI.create("http://etcd_1")), 0, this::resolve);
        assertThat(endpoints.address().authority()).isEqualTo("etcd_1:4");

        assertThat(turns(endpoints, 2))
                .containsExactly("http://etcd_1:4 (10.0.0.4) 4", "http://etcd_1 (10.0.0.4) 2379");
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        resolved.add(host);
        return switch (host) {
            case "first" -> new InetAddress[] {address("10.0.0.1"), address("10.0.0.2")};
            case "second" -> new InetAddress[] {address("10.0.0.3")};
            case "etcd_1" -> new InetAddress[] {address("10.0.0.4")};
            case "[::1]" -> InetAddress.getAllByName(host);
            default -> throw new UnknownHostException(host);
        };
    }

    private static InetAddress address(String numbers) throws UnknownHostException {
        return InetAddress.getAllByName(numbers)[0];
    }

    private static List<String> turns(Endpoints endpoints, int count) throws UnknownHostException {
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Endpoints.Address address = endpoints.address();
            turns.add(address + " " + address.port());
            endpoints.next();
        }
        return turns;
    }
}
