package io.socketz.client.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.client.ClientListener;
import io.socketz.client.SocketzClient;
import io.socketz.server.SocketzServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectorTest {
    private static final Connector CONNECTOR = new Connector(Duration.ofSeconds(20), false);

    private static SocketzClient connect(String... choices) throws Exception {
        return CONNECTOR.connect(List.of(choices), ClientListener.NONE).get(20, TimeUnit.SECONDS);
    }

    private static String closed() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    private static SocketzServer server() throws Exception {
        return SocketzServer.builder().host("127.0.0.1").port(0).start();
    }

    private static String address(SocketzServer server) {
        return "127.0.0.1:" + server.address().getPort();
    }

    @Test
    void goesToTheSecondChoiceWhereNothingIsAtTheFirst() throws Exception {
        try (SocketzServer server = server();
                SocketzClient client = connect(closed(), address(server))) {
            assertThat(client.server().orElseThrow().asked()).hasToString(address(server));
        }
    }

    @Test
    void staysAtTheFirstChoiceWhereOneAnswers() throws Exception {
        try (SocketzServer first = server();
                SocketzServer second = server();
                SocketzClient client = connect(address(first), address(second))) {
            assertThat(client.server().orElseThrow().asked()).hasToString(address(first));
        }
    }

    @Test
    void doesNotPassByOneThatListensAndDoesNotServe() throws Exception {
        try (SocketzServer server = server();
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread hangsUp = new Thread(() -> {
                try {
                    other.accept().close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            hangsUp.start();
            String address = "127.0.0.1:" + other.getLocalPort();
            assertThatThrownBy(() -> connect(address, address(server)))
                    .cause()
                    .isInstanceOf(NoConnectionException.class)
                    .hasMessageStartingWith("no connection: " + address + ": ")
                    .hasMessageNotContaining(address(server));
            hangsUp.join();
        }
    }

    @Test
    void tellsOfEachAddressWhyThereIsNoConnection() throws Exception {
        String first = closed();
        String second = closed();
        assertThatThrownBy(() -> connect(first, second))
                .cause()
                .isInstanceOf(NoConnectionException.class)
                .hasMessage("no connection: " + first + ": Connection refused; " + second + ": Connection refused");
    }
}
