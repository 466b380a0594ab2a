package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpProxyTest {
    private static final int TIMEOUT_MILLIS = 10_000;

    private ServerSocket listener;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(TIMEOUT_MILLIS);
        proxy = TcpProxy.to(URI.create("http://127.0.0.1:" + listener.getLocalPort()));
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        listener.close();
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), proxy.endpoint().getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private Socket accept() throws IOException {
        Socket socket = listener.accept();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static int echo(Socket from, Socket to, int value) throws IOException {
        from.getOutputStream().write(value);
        return to.getInputStream().read();
    }

    @Test
    void passesBothDirectionsAndTheEndOfEach() throws Exception {
        assertThat(proxy.endpoint().getScheme()).isEqualTo("http");
        try (Socket client = connect();
                Socket server = accept()) {
            assertThat(echo(client, server, 1)).isEqualTo(1);
            client.shutdownOutput();
            assertThat(server.getInputStream().read()).isEqualTo(-1);
            assertThat(echo(server, client, 2)).isEqualTo(2);
            assertThat(proxy.connections()).isOne();
            server.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        Polling.until(proxy::connections, count -> count == 0, "connections are left");
    }

    @Test
    void aCutResetsBothSidesAndNewConnectionsUntilResumed() throws Exception {
        try (Socket client = connect();
                Socket server = accept()) {
            assertThat(echo(client, server, 1)).isEqualTo(1);
            proxy.cut();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket late = connect();
                Socket server = accept()) {
            assertThatThrownBy(() -> late.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        proxy.resume();
        try (Socket client = connect();
                Socket server = accept()) {
            assertThat(echo(client, server, 1)).isEqualTo(1);
        }
    }

    @Test
    void aStallPassesNothingNotEvenTheEndUntilResumed() throws Exception {
        try (Socket client = connect();
                Socket server = accept()) {
            proxy.stall();
            client.getOutputStream().write(1);
            client.shutdownOutput();
            try (Socket late = connect();
                    Socket lateServer = accept()) {
                late.getOutputStream().write(2);
                server.setSoTimeout(100);
                assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                server.setSoTimeout(TIMEOUT_MILLIS);
                proxy.resume();
                assertThat(server.getInputStream().read()).isEqualTo(1);
                assertThat(server.getInputStream().read()).isEqualTo(-1);
                assertThat(lateServer.getInputStream().read()).isEqualTo(2);
            }
        }
    }

    @Test
    void aDelayTakesAtLeastThatLongInEachDirection() throws Exception {
        try (Socket client = connect();
                Socket server = accept()) {
            proxy.delay(Duration.ofMillis(50));
            long start = System.nanoTime();
            assertThat(echo(client, server, 1)).isEqualTo(1);
            assertThat(echo(server, client, 1)).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void aConnectionIsResetIfNothingListensAtTheTarget() throws Exception {
        listener.close();
        try (Socket client = connect()) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void closeEndsItsThreadsEvenWhileStalled() throws Exception {
        try (Socket client = connect();
                Socket server = accept()) {
            assertThat(echo(client, server, 1)).isEqualTo(1);
            String prefix = "proxy " + proxy.endpoint().getPort() + " ";
            assertThat(threads(prefix)).hasSize(3);
            proxy.stall();
            client.getOutputStream().write(2);
            proxy.close();
            assertThat(threads(prefix)).isEmpty();
            assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    private static Set<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toSet());
    }
}
