package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server says of itself, on its agent port and to a client, and what that means. */
@Timeout(60)
class ServerMemberTest {
    /** Says the same to everyone who has sent QUIT. */
    private record Port(ServerSocket listening) implements AutoCloseable {
        static Port saying(Supplier<String> text) throws IOException {
            Port port = new Port(new ServerSocket(0, 8, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
            Thread thread = new Thread(() -> port.serve(text), "port");
            thread.setDaemon(true);
            thread.start();
            return port;
        }

        private void serve(Supplier<String> text) {
            try {
                while (true) {
                    try (Socket socket = listening.accept()) {
                        BufferedReader in = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                        String line = in.readLine();
                        while (line != null && !line.equals("QUIT")) {
                            line = in.readLine();
                        }
                        socket.getOutputStream().write(text.get().getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException e) {
                // The test has ended.
            }
        }

        int number() {
            return listening.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    private static ServerMember server(Port clients, Port agent) {
        return new ServerMember(
                "server01",
                clients.number(),
                agent.number(),
                0,
                Path.of("folder"),
                Path.of("home"),
                List.of(),
                List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    up 100%         | 42 | 0 clients of 3 at revision 7 fresh           | healthy
                    up 100%         | 42 | 0 clients of 3 at revision 7 stale by 37.9 s | degraded: no etcd for 37 s
                    up 100%         | 42 | error BAD_ARGUMENT expected WHO LONG         | healthy
                    up 100%         | 42 | 0 clients of 3 at revision 7 stale by 0.4 s  | starting
                    up 100%         | 42 | 0 clients of 3 at revision 7 stale by 29.9 s | starting
                    up 100%         | no | 0 clients of 3 at revision 7 fresh           | unhealthy
                    up 0% #starting | 42 | 0 clients of 0 at revision 0 stale by 4.0 s  | starting
                    up 0% #draining | 42 | 0 clients of 3 at revision 7 fresh           | draining
                    """)
    void itsHealthIsWhatItSaysOfItself(String agentLine, String why, String list, String health) throws Exception {
        try (Port clients = Port.saying(() -> "use 'WHY'\n" + why + "\n" + list + "\n");
                Port agent = Port.saying(() -> agentLine + "\n")) {
            ServerMember server = server(clients, agent);
            assertThat(server.report().text()).isEqualTo(health);
            assertThat(server.isReady()).isEqualTo(health.startsWith("healthy") || health.startsWith("degraded"));
        }
    }

    @ParameterizedTest
    @CsvSource({"1.9, healthy", "2.0, degraded: no etcd for 2 s"})
    void onceItHasKnownTheClusterItIsDegradedSoonAfterEtcdIsAway(String seconds, String health) throws Exception {
        AtomicReference<String> list = new AtomicReference<>("fresh");
        try (Port clients = Port.saying(() -> "use 'WHY'\n42\n0 clients of 3 at revision 7 " + list.get() + "\n");
                Port agent = Port.saying(() -> "up 100%\n")) {
            ServerMember server = server(clients, agent);
            assertThat(server.report().text()).isEqualTo("healthy");
            list.set("stale by " + seconds + " s");
            assertThat(server.report().text()).isEqualTo(health);
        }
    }

    /** Its answers are never fresh: etcd takes too long for that. */
    @Test
    void aServerWhoseListGetsYoungerKnowsTheCluster() throws Exception {
        AtomicReference<String> age = new AtomicReference<>("0.6");
        try (Port clients = Port.saying(
                        () -> "use 'WHY'\n42\n0 clients of 3 at revision 7 stale by " + age.get() + " s\n");
                Port agent = Port.saying(() -> "up 100%\n")) {
            ServerMember server = server(clients, agent);
            assertThat(server.report().text()).isEqualTo("starting");
            age.set("1.9");
            assertThat(server.report().text()).isEqualTo("starting");
            age.set("0.7");
            assertThat(server.report().text()).isEqualTo("healthy");
            age.set("2.1");
            assertThat(server.report().text()).isEqualTo("degraded: no etcd for 2 s");
        }
    }

    @Test
    void withoutAnAgentPortItIsUnhealthyAsHaproxyTakesIt() throws Exception {
        Port agent = Port.saying(() -> "");
        agent.close();
        try (Port clients = Port.saying(() -> "use 'WHY'\n42\n")) {
            assertThat(server(clients, agent).report()).isEqualTo(Condition.of(Daemon.Health.UNHEALTHY));
        }
    }

    /** A client's name cannot look like the end of the first line. */
    @Test
    void onlyTheFirstLineTellsHowOldTheListIs() {
        String list = "1 clients of 1 at revision 7 fresh\nid=a/1 addr=a:1 server=s since=x name=stale\n";
        assertThat(ServerMember.staleBy(list)).isEqualTo(Optional.empty());
    }
}
