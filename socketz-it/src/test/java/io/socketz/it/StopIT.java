package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the process ends, and what does not end it. */
class StopIT {
    private static final String STOPPING = "Stopping server... (a second signal ends it at once)";

    /** It waits for a client for as long as that takes. */
    private static final String[] PATIENT = {"--outbound-timeout", "0", "--drain-timeout", "1h"};

    /**
     * It does not wait for HAProxy, and has eleven years for its clients, so that it closes none of them during a test.
     */
    private static final String[] DRAINED = {"--agent-port", "0", "--drain-timeout", "100000h", "--drain-notice", "0"};

    /** A server that accepts nothing for this long has stopped reading. */
    private static final long STUCK_MILLIS = 300;

    /** More than pipe, stream and console can hold. */
    private static final int CONSOLE_LINES = 20_000;

    /** They take turns, because a server tells the replies of one client, if they go together, in one line. */
    private static final int CONSOLE_CLIENTS = 50;

    @TempDir
    Path directory;

    @Test
    void endsOnSigtermOnceEverythingAskedIsAnswered() throws Exception {
        try (ServerProcess server = ServerProcess.start();
                PlainClient asks = PlainClient.greeted(server.port());
                PlainClient idle = PlainClient.greeted(server.port())) {
            asks.send("WHY\n".repeat(10_000));
            assertThat(asks.line()).isEqualTo("42");
            server.process().signal("TERM");
            assertThat(asks.rest()).isEqualTo("42\n".repeat(9_999));
            assertThat(idle.rest()).isEmpty();
            Child.Result result = server.process().await();
            assertThat(result.status()).isZero();
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).endsWith(STOPPING + "\n");
        }
    }

    /** In a terminal, because a shell may make its background jobs ignore SIGINT. */
    @Test
    void endsOnCtrlC() throws Exception {
        try (Tmux terminal = Tmux.start(directory, Checkout.socketz("serve", "-p", "0"))) {
            String screen = terminal.await("listening on ");
            try (PlainClient client = PlainClient.greeted(port(screen))) {
                assertThat(client.ask("WHY")).isEqualTo("42");
                terminal.press("C-c");
                assertThat(client.rest()).isEmpty();
            }
            assertThat(terminal.awaitExit()).isZero();
            assertThat(terminal.screen()).contains(STOPPING);
        }
    }

    private static int port(String screen) {
        return Integer.parseInt(screen.replaceFirst("(?s).*listening on [^ ]*:(\\d+) as.*", "$1"));
    }

    @Test
    void endsAtOnceOnASecondSigtermWhileAClientThatDoesNotReadDelaysTheFirst() throws Exception {
        try (ServerProcess server = ServerProcess.start(PATIENT);
                PlainClient bystander = PlainClient.greeted(server.port());
                SocketChannel slow = clientThatDoesNotRead(server.port())) {
            server.process().signal("TERM");
            server.awaitLine(STOPPING);
            assertThat(bystander.rest()).isEmpty();
            assertIsNotCut(slow);
            assertThat(server.process().isAlive()).as("delayed").isTrue();
            server.process().signal("TERM");
            assertThat(server.process().await().status()).isEqualTo(143);
        }
    }

    @Test
    void endsAtOnceOnASecondCtrlCWhileAClientThatDoesNotReadDelaysTheFirst() throws Exception {
        List<String> command = new ArrayList<>(Checkout.socketz("serve", "-p", "0"));
        command.addAll(List.of(PATIENT));
        try (Tmux terminal = Tmux.start(directory, command)) {
            int port = port(terminal.await("listening on "));
            try (PlainClient bystander = PlainClient.greeted(port);
                    SocketChannel slow = clientThatDoesNotRead(port)) {
                terminal.press("C-c");
                terminal.await(STOPPING);
                assertThat(bystander.rest()).isEmpty();
                assertIsNotCut(slow);
                assertThat(terminal.screen()).as("delayed").doesNotContain("exit status ");
                terminal.press("C-c");
                assertThat(terminal.awaitExit()).isEqualTo(130);
            }
        }
    }

    @Test
    void endsAtOnceOnASecondSigtermWhileItDrains() throws Exception {
        try (ServerProcess server = ServerProcess.start(DRAINED);
                PlainClient client = PlainClient.greeted(server.port())) {
            server.process().signal("TERM");
            awaitDrain(server);
            assertThat(client.ask("WHY")).isEqualTo("42");
            server.process().signal("TERM");
            assertThat(server.process().await().status()).isEqualTo(143);
        }
    }

    @Test
    void endsADrainWhenTheLastClientHasGone() throws Exception {
        try (ServerProcess server = ServerProcess.start(DRAINED)) {
            try (PlainClient client = PlainClient.greeted(server.port())) {
                server.process().signal("TERM");
                awaitDrain(server);
                assertThat(client.ask("WHY")).isEqualTo("42");
            }
            Child.Result result = server.process().await();
            assertThat(result.status()).isZero();
            assertThat(result.err()).isEmpty();
        }
    }

    /** When a terminal is closed, both the shell and the kernel send one. These tests may run where nohup ignores it. */
    @Test
    @EnabledOnOs(OS.LINUX) // whose env can undo that
    void drainsToTheEndAfterASecondSighup() throws Exception {
        Child.Builder command = ServerProcess.command(DRAINED).prefix("env", "--default-signal=HUP");
        try (ServerProcess server = ServerProcess.start(command)) {
            try (PlainClient client = PlainClient.greeted(server.port())) {
                server.process().signal("HUP");
                awaitDrain(server);
                server.process().signal("HUP");
                assertThat(client.ask("WHY")).isEqualTo("42");
            }
            assertThat(server.process().await().status()).isZero();
        }
    }

    private static void awaitDrain(ServerProcess server) throws Exception {
        int port = server.agentPort();
        Polling.until(
                () -> {
                    PlainClient agent = PlainClient.connect(port);
                    agent.send("QUIT\n");
                    return agent.rest();
                },
                "up 0% #draining\n"::equals,
                "the agent does not say so");
    }

    /** Asks for more than the kernel can buffer, and reads none of it. */
    private static SocketChannel clientThatDoesNotRead(int port) throws Exception {
        SocketChannel slow = SocketChannel.open();
        slow.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        slow.configureBlocking(false);
        byte[] requests = "WHERE\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        try (Selector selector = Selector.open()) {
            slow.register(selector, SelectionKey.OP_WRITE);
            // Until the server accepts no more: the requests fill every buffer on the way.
            while (selector.select(STUCK_MILLIS) > 0) {
                selector.selectedKeys().clear();
                slow.write(ByteBuffer.wrap(requests));
            }
        }
        return slow;
    }

    /** Whoever writes to a connection that was reset gets an exception. */
    private static void assertIsNotCut(SocketChannel slow) throws Exception {
        assertThat(slow.write(ByteBuffer.wrap(new byte[] {'\n'}))).isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", "</dev/null", "2>&-", "<&- 2>&-"})
    void servesWithoutATerminal(String redirection) throws Exception {
        Child.Builder command = ServerProcess.command().shell("exec \"$@\" " + redirection);
        try (ServerProcess server = ServerProcess.start(command)) {
            assertAnswers(server.port());
            assertThat(server.stop().status()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {">&-", "<&- >&-", "<&- >&- 2>&-"})
    @EnabledOnOs(OS.LINUX) // which tells the port; nothing else does
    void servesWithoutAnOutput(String redirection) throws Exception {
        try (Child server =
                ServerProcess.command("-v").shell("exec \"$@\" " + redirection).start()) {
            assertAnswers(ProcessSockets.listeningPort(server.handle().pid()));
            server.signal("TERM");
            assertThat(server.await()).isEqualTo(new Child.Result(0, "", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "json"})
    void servesWhileItsConsoleIsNotRead(String format) throws Exception {
        Child.Builder command =
                ServerProcess.command("-v", "--log-format", format).readOutputUpTo("listening on");
        List<PlainClient> clients = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(command)) {
            for (int i = 0; i < CONSOLE_CLIENTS; i++) {
                clients.add(PlainClient.greeted(server.port()));
            }
            for (int lines = 0; lines < CONSOLE_LINES; lines += CONSOLE_CLIENTS) {
                for (PlainClient client : clients) {
                    client.send("WHY\n");
                }
                for (PlainClient client : clients) {
                    assertThat(client.line()).isEqualTo("42");
                }
            }
            assertAnswers(server.port());
            server.process().signal("TERM");
            for (PlainClient client : clients) {
                assertThat(client.rest()).isEmpty();
            }
            assertThat(server.process().await().status()).isZero();
        }
    }

    @Test
    void servesAfterTheReaderOfItsConsoleHasGone() throws Exception {
        Child.Builder command = ServerProcess.command("-v").readOutputUpTo("listening on");
        try (ServerProcess server = ServerProcess.start(command)) {
            server.process().closeOutput();
            for (int i = 0; i < 10; i++) {
                assertAnswers(server.port());
            }
            assertThat(server.stop().status()).isZero();
        }
    }

    /** Checks every byte: a socket with the number of a closed standard output would get the console's text. */
    private static void assertAnswers(int port) throws Exception {
        try (PlainClient client = PlainClient.connect(port)) {
            client.send("WHY\nnonsense\nQUIT\n");
            String usage = PlainClient.GREETING + "\n";
            assertThat(client.rest()).isEqualTo(usage + "42\ninvalid command: " + usage);
        }
    }
}
