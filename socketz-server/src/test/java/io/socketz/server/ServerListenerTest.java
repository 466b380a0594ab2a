package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.address.CidrSet;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.EndedConnection;
import io.socketz.server.event.ServerListener;
import io.socketz.state.Client;
import io.socketz.state.Member;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ServerListenerTest {
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    private final ServerListener listener = new ServerListener() {
        @Override
        public void onStarting(Member self) {
            heard.add(self);
        }

        @Override
        public void onConnected(Client client) {
            heard.add(client);
        }

        @Override
        public void onClosed(EndedConnection ended) {
            heard.add(ended);
        }
    };

    private <T> T next(Class<T> type) throws InterruptedException {
        return type.cast(heard.poll(10, TimeUnit.SECONDS));
    }

    private SocketzServer start(SocketzServer.Builder builder) throws Exception {
        return builder.host("127.0.0.1").port(0).listener(listener).start();
    }

    @Test
    void aClientIsTheSameFromItsJoinToItsEnd() throws Exception {
        try (SocketzServer server = start(SocketzServer.builder())) {
            assertThat(next(Member.class)).isEqualTo(server.member());
            try (LineClient client = LineClient.greeted(server)) {
                Client joined = next(Client.class);
                assertThat(joined.id()).isEqualTo(server.member().id() + "/1");
                client.send("NAME bob\nQUIT\n");
                EndedConnection ended = next(EndedConnection.class);
                assertThat(ended.client()).contains(joined.withName("bob"));
                assertThat(ended.address()).isEqualTo(joined.address());
                assertThat(ended.reason()).isEqualTo(CloseReason.CLIENT_QUIT);
                assertThat(ended.open()).isGreaterThanOrEqualTo(Duration.ZERO);
            }
        }
    }

    @Test
    void aProxiedClientEndsWithItsProxy() throws Exception {
        try (SocketzServer server = start(SocketzServer.builder().proxies(CidrSet.parse("127.0.0.1")));
                LineClient client = LineClient.connect(server)) {
            assertThat(next(Member.class)).isEqualTo(server.member());
            client.send("PROXY TCP4 192.0.2.7 192.0.2.1 4711 5151\r\nQUIT\n");
            Client joined = next(Client.class);
            assertThat(joined.address()).isEqualTo("192.0.2.7:4711");
            assertThat(joined.via()).startsWith("127.0.0.1:");
            assertThat(next(EndedConnection.class).client()).contains(joined);
        }
    }

    @Test
    void aRefusedConnectionWasNeverOnTheRoster() throws Exception {
        try (SocketzServer server = start(SocketzServer.builder().maxConnections(1));
                LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.connect(server)) {
            assertThat(next(Member.class)).isEqualTo(server.member());
            assertThat(next(Client.class).address()).isEqualTo(first.address());
            EndedConnection ended = next(EndedConnection.class);
            assertThat(ended.client()).isEmpty();
            assertThat(ended.reason()).isEqualTo(CloseReason.TOO_MANY_CONNECTIONS);
            assertThat(ended.open()).isEqualTo(Duration.ZERO);
            assertThat(ended.address()).isEqualTo(second.address());
        }
    }
}
