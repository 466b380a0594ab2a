package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.address.CidrSet;
import io.socketz.server.event.CloseReason;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.Roster.ServerPart;
import io.socketz.state.StateThread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that rebalances, beside another one, which has no clients and never gets any. */
@Timeout(60)
class RebalanceTest {
    private static final String PROXY = "127.0.0.2";

    private final Events events = new Events();
    private final List<LineClient> clients = new ArrayList<>();

    /** With another server on its roster. */
    private static final class Pair extends ForwardingRegistry {
        private static final Member OTHER = new Member(new UUID(0, 1), "server02", "127.0.0.1:1", Instant.EPOCH);

        Pair(Member self, StateThread state) {
            super(self, state);
        }

        @Override
        public CompletableFuture<Roster> roster() {
            return super.roster().thenApply(this::withOther);
        }

        private Roster withOther(Roster roster) {
            List<Client> own = roster.clientsOf(self().id());
            return Roster.of(
                    roster.version(),
                    roster.clients(),
                    List.of(new ServerPart(OTHER, List.of()), new ServerPart(self(), own)));
        }
    }

    private SocketzServer.Builder builder() {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .agentPort(0)
                .proxies(CidrSet.parse(PROXY + "/32"))
                .loops(2)
                .drainNotice(Duration.ZERO)
                .drainTimeout(Duration.ZERO)
                .registry(Pair::new)
                .rebalanceAfter(Duration.ZERO)
                .listener(events);
    }

    @AfterEach
    void leave() throws Exception {
        for (LineClient client : clients) {
            client.close();
        }
    }

    private LineClient proxied(SocketzServer server) throws Exception {
        LineClient client = LineClient.connect(server, PROXY);
        clients.add(client);
        client.send("PROXY TCP4 203.0.113.7 10.0.0.1 " + (1000 + clients.size()) + " 5151\r\n");
        client.expect(LineClient.GREETING);
        return client;
    }

    private LineClient direct(SocketzServer server) throws Exception {
        LineClient client = LineClient.greeted(server);
        clients.add(client);
        return client;
    }

    @Test
    void theExcessGoesAndThoseFirstThatWereIdleForLongest() throws Exception {
        List<LineClient> stay = new ArrayList<>();
        List<LineClient> go = new ArrayList<>();
        try (SocketzServer server = builder().start()) {
            for (int i = 0; i < 3; i++) {
                stay.add(direct(server));
                LineClient watches = proxied(server);
                watches.askBlock("WATCH");
                stay.add(watches);
            }
            for (int i = 0; i < 12; i++) {
                go.add(proxied(server));
            }
            for (int i = 0; i < 6; i++) {
                stay.add(proxied(server));
            }
            for (LineClient busy : stay.subList(6, stay.size())) {
                assertThat(busy.ask("WHY")).isEqualTo("42");
            }
            // From now on HAProxy asks.
            AgentClient.ask(server);
            assertThat(events.next("rebalancing: "))
                    .isEqualTo("rebalancing: 12 clients are to move to servers with fewer");
            assertThat(AgentClient.ask(server)).isEqualTo("up 1% #rebalancing\n");
            assertThat(server.metrics().rebalancing()).isTrue();
            for (LineClient client : go) {
                assertThat(client.rest()).isEmpty();
                client.close();
                assertThat(events.next("closed ")).endsWith(" REBALANCED");
            }
            assertThat(server.closed(CloseReason.REBALANCED)).isEqualTo(12);
            for (LineClient client : stay) {
                client.send("WHY\n");
                String line = client.line();
                while (!line.equals("42")) { // events
                    line = client.line();
                }
            }
        }
    }

    @Test
    void rebalancingNeedsAnAgentPort() {
        assertThatThrownBy(() -> SocketzServer.builder()
                        .port(0)
                        .rebalanceAfter(Duration.ZERO)
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rebalancing needs an agent port");
    }
}
