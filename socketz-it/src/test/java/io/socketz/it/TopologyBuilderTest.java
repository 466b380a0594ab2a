package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TopologyBuilderTest {
    private final TopologyBuilder builder = Topology.in(Path.of("home"), Path.of("folder"));

    @Test
    void numbersPortsFromTheFirstOfEachKind() {
        Topology topology = builder.servers(2)
                .etcd(3)
                .proxies(3)
                .clientPort(4141)
                .statisticsPort(9000)
                .serverPort(5151)
                .etcdPort(2379)
                .build();
        assertThat(topology.clientPorts()).containsExactly(4141, 4142, 4143);
        assertThat(topology.statistics()).extracting(URI::getPort).containsExactly(9000, 9001, 9002);
        assertThat(topology.serverPorts()).containsExactly(5151, 5152);
        assertThat(topology.adminPages()).extracting(URI::getPort).containsExactly(5351, 5352);
        assertThat(topology.etcdEndpoints()).extracting(URI::getPort).containsExactly(2379, 2389, 2399);
    }

    @Test
    void rejectsAPortThatIsNeededTwice() {
        assertThatThrownBy(() ->
                        builder.proxies(2).clientPort(9001).statisticsPort(9000).build())
                .isInstanceOf(TopologyException.class)
                .hasMessageMatching("port 900[01] is needed twice: choose another with --(client|stats)-port");
    }

    @Test
    void rejectsAPortBeyondTheLast() {
        assertThatThrownBy(() -> builder.proxies(2).clientPort(65_535).build())
                .isInstanceOf(TopologyException.class)
                .hasMessage("there is no port 65536 for haproxy02: choose another with --client-port");
    }
}
