package io.socketz.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.RosterWatch;
import io.socketz.client.ScriptedServer;
import io.socketz.client.SocketzClient;
import io.socketz.client.WatchListener;
import io.socketz.client.WatchQuery;
import io.socketz.client.console.Connector;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.server.SocketzServer;
import io.socketz.server.event.Connection;
import io.socketz.server.event.ConnectionListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scripts with a real server, line by line: a line is shown when it is flushed. */
@Timeout(60)
class ScriptTest {
    /** What a reader of standard output sees. */
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    /** The lines of the script; an empty one is its end. */
    private final BlockingQueue<Optional<String>> input = new LinkedBlockingQueue<>();

    /** The clients of scripts, which may outlive a test. */
    private final Queue<SocketzClient> scripts = new ConcurrentLinkedQueue<>();

    private final List<SocketzServer> servers = new ArrayList<>();

    private SocketzServer server;

    @BeforeEach
    void serve() throws Exception {
        server = serve("s1");
    }

    private SocketzServer serve(String name) throws Exception {
        SocketzServer started =
                SocketzServer.builder().host("127.0.0.1").port(0).name(name).start();
        servers.add(started);
        return started;
    }

    @AfterEach
    void stop() {
        scripts.forEach(SocketzClient::close);
        servers.forEach(SocketzServer::close);
    }

    /** Passes on whole lines, and only when they are flushed. */
    private final class Seen extends Writer {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void write(char[] chars, int from, int length) {
            text.append(chars, from, length);
        }

        @Override
        public void flush() {
            text.toString().lines().forEach(seen::add);
            text.setLength(0);
        }

        @Override
        public void close() {
            flush();
        }
    }

    private String address() {
        return "127.0.0.1:" + server.address().getPort();
    }

    /** Runs a script, and returns its exit status. */
    private CompletableFuture<Integer> run(boolean json, @Nullable Boolean reconnect, String addresses) {
        return CompletableFuture.supplyAsync(() -> {
            ScriptLink link = new ScriptLink(reconnect);
            PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
            try (SocketzClient client = new Connector(Duration.ofSeconds(20), reconnect == null || reconnect, null)
                    .connect(addresses, link)
                    .get()) {
                scripts.add(client);
                return new Script(client, client::watch, link, json, new PrintWriter(new Seen()), err).run(this::next);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private Optional<String> next() {
        try {
            return input.take();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void type(String... lines) {
        for (String line : lines) {
            input.add(Optional.of(line));
        }
    }

    private void endInput() {
        input.add(Optional.empty());
    }

    private String line() throws InterruptedException {
        String line = seen.poll(20, TimeUnit.SECONDS);
        assertThat(line).as("line; errors: %s", errors).isNotNull();
        return line;
    }

    private SocketzClient join() throws Exception {
        return SocketzClient.builder().addresses(address()).connect();
    }

    private static int status(CompletableFuture<Integer> script) throws Exception {
        return script.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aWatchGoesOnAfterTheEndOfTheInput() throws Exception {
        CompletableFuture<Integer> script = run(false, null, address());
        type("WATCH");
        endInput();
        assertThat(line()).matches("1 clients of 1 at revision \\d+");
        assertThat(line()).startsWith("id=").contains("server=s1");
        try (SocketzClient other = join()) {
            assertThat(line()).matches("event \\d+ join id=\\S+ addr=127\\.0\\.0\\.1:\\d+ server=s1 since=\\S+");
            other.quit().get();
        }
        assertThat(line()).endsWith("reason=CLIENT_QUIT");
        assertThat(script).isNotDone();
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void answersComeBetweenEventsInTheOrderOfTheCommands() throws Exception {
        CompletableFuture<Integer> script = run(true, null, address());
        type("WHY", "watch  NAME web-*", "WHO COUNT");
        assertThat(line()).isEqualTo("{\"command\":\"WHY\",\"answer\":42}");
        assertThat(line())
                .matches("\\{\"command\":\"WATCH NAME web-\\*\",\"clients\":\\[],\"total\":1,\"revision\":\\d+}");
        assertThat(line()).isEqualTo("{\"command\":\"WHO COUNT\",\"count\":1}");
        type("NAME web-7");
        assertThat(line()).startsWith("{\"command\":\"NAME web-7\",\"id\":");
        assertThat(line()).matches("\\{\"revision\":\\d+,\"event\":\"rename\",\"id\":\"\\S+\",.*\"name\":\"web-7\"}");
        type("UNWATCH", "NAME web-8", "UNWATCH");
        assertThat(line()).isEqualTo("{\"command\":\"UNWATCH\",\"line\":\"not watching\"}");
        assertThat(line()).startsWith("{\"command\":\"NAME web-8\",");
        assertThat(line()).isEqualTo("{\"command\":\"UNWATCH\",\"line\":\"not watching\"}");
        endInput();
        assertThat(status(script)).isZero();
        assertThat(seen).isEmpty();
    }

    /** The source has more to come, perhaps never. */
    @Test
    void aScriptThatWaitsForItsInputEndsWhenTheConnectionIsLost() throws Exception {
        CompletableFuture<Integer> script = run(false, null, address());
        type("WHY");
        assertThat(line()).isEqualTo("42");
        server.close();
        assertThat(status(script)).isEqualTo(ExitStatus.NO_CONNECTION);
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .startsWith("socketz connect: connection lost: the server ended the connection")
                .doesNotContain("not answered")
                .hasLineCount(1);
    }

    @Test
    void messagesArePrintedAsTheyComeAlsoWithoutAWatch() throws Exception {
        for (boolean json : List.of(false, true)) {
            try (SocketzServer welcoming = SocketzServer.builder()
                    .host("127.0.0.1")
                    .port(0)
                    .connectionListener(new Welcome())
                    .start()) {
                CompletableFuture<Integer> script =
                        run(json, null, "127.0.0.1:" + welcoming.address().getPort());
                assertThat(line())
                        .isEqualTo(
                                json
                                        ? "{\"revision\":0,\"event\":\"message\",\"text\":\"welcome \\u00e9\"}"
                                        : "event 0 message welcome \u00e9");
                type("WHY");
                assertThat(line()).contains("42");
                assertThat(welcoming.broadcast("event 0 message bye", each -> true))
                        .isEqualTo(1);
                assertThat(line()).contains("bye");
                type("QUIT");
                assertThat(status(script)).isZero();
            }
        }
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private static final class Welcome implements ConnectionListener {
        @Override
        public void onOpened(Connection connection) {
            connection.send("event 0 message welcome \u00e9");
        }
    }

    @Test
    void anotherWatchEndsTheOneBefore() throws Exception {
        CompletableFuture<Integer> script = run(false, null, address());
        type("WATCH", "WATCH SINCE 1 SERVER s1", "QUIT", "WHY");
        assertThat(line()).startsWith("1 clients of 1 at revision ");
        assertThat(line()).startsWith("id=");
        assertThat(line()).isEqualTo("watching since revision 1");
        assertThat(status(script)).isZero();
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aWatchThatIsRefusedIsAnsweredWithTheError() throws Exception {
        CompletableFuture<Integer> script = run(true, null, address());
        type("WATCH SERVER nobody", "WATCH LIMIT 3", "/top", "WHY");
        endInput();
        assertThat(line())
                .startsWith("{\"command\":\"WATCH SERVER nobody\",\"error\":\"UNKNOWN_SERVER\",\"message\":\"expected");
        assertThat(line()).startsWith("{\"command\":\"WATCH LIMIT 3\",\"error\":\"BAD_ARGUMENT\",");
        assertThat(line())
                .isEqualTo(
                        "{\"command\":\"/top\",\"error\":\"NO_LOCAL_COMMANDS\",\"message\":\"expected a command of the"
                                + " server: those with a slash need a prompt, in a terminal\"}");
        assertThat(line()).isEqualTo("{\"command\":\"WHY\",\"answer\":42}");
        assertThat(status(script)).isEqualTo(ExitStatus.SERVER_ERROR);
    }

    /** The watch has told both before the script's thread goes on. */
    @Test
    void theListIsPrintedBeforeTheEventsThatFollowIt() throws Exception {
        ScriptLink link = new ScriptLink(null);
        try (ScriptedServer fast = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    peer.send("0 clients of 0 at revision 7\nevent 8 now age=0.1\n");
                    peer.idle();
                });
                SocketzClient client = new Connector(Duration.ofSeconds(20), true, null)
                        .connect(fast.address(), link)
                        .get()) {
            PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
            Script script = new Script(
                    client,
                    (query, heard) -> watch(client, query, heard),
                    link,
                    false,
                    new PrintWriter(new Seen()),
                    err);
            type("WATCH", "UNWATCH");
            endInput();
            assertThat(script.run(this::next)).isZero();
        }
        assertThat(seen).containsExactly("0 clients of 0 at revision 7", "event 8 now age=0.1", "not watching");
    }

    /** Begins to watch, and returns when the first event has been told. */
    private static RosterWatch watch(SocketzClient client, WatchQuery query, WatchListener told) {
        CompletableFuture<Void> event = new CompletableFuture<>();
        RosterWatch begun = client.watch(query, new WatchListener() {
            @Override
            public void onState(Block.Clients state) {
                told.onState(state);
            }

            @Override
            public void onState(List<ClientRecord> clients, long revision) {
                throw new AssertionError("told as the server sent it");
            }

            @Override
            public void onEvent(Event first) {
                told.onEvent(first);
                event.complete(null);
            }
        });
        event.orTimeout(20, TimeUnit.SECONDS).join();
        return begun;
    }

    /** In text and in JSON. */
    @Test
    void aWatchThatTheServerDoesNotKnowIsAnsweredAsAnyOtherUnknownCommand() throws Exception {
        String refusal = "invalid command: use 'WHY', 'WHO', 'WHERE', 'QUIT'\n";
        for (boolean json : List.of(false, true)) {
            try (ScriptedServer old = ScriptedServer.start(peer -> {
                peer.welcome();
                while (true) {
                    peer.send(peer.line().equals("WHY") ? "42\n" : refusal);
                }
            })) {
                CompletableFuture<Integer> script = run(json, null, old.address());
                type("HELP", "WATCH", "WHY");
                endInput();
                String help = line();
                assertThat(help).contains(json ? "\"error\":\"INVALID_COMMAND\"" : refusal.strip());
                assertThat(line()).isEqualTo(help.replace("HELP", "WATCH"));
                assertThat(line()).contains("42");
                assertThat(status(script)).isEqualTo(ExitStatus.SERVER_ERROR);
            }
        }
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aWatchWhoseStateCannotBeReadEndsTheScript() throws Exception {
        try (ScriptedServer huge = ScriptedServer.start(peer -> {
            peer.welcome();
            peer.line();
            peer.send("1000001 clients of 1000001 at revision 5\n");
            peer.idle();
        })) {
            CompletableFuture<Integer> script = run(false, null, huge.address());
            type("WATCH");
            assertThat(status(script)).isEqualTo(ExitStatus.NO_CONNECTION);
        }
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines(
                        "socketz connect: the server sent a block of more than 1000000 lines; not answered: WATCH");
    }

    /** They are blanks to Java, and control characters or parts of a word to the protocol. */
    @Test
    void onlySpacesAndTabsAreBlanks() throws Exception {
        CompletableFuture<Integer> script = run(false, null, address());
        type("WATCH\f", "\u2003WHY", "\f", " \t", "\t WHY \t", "\t/top", " WATCH\tNAME  web-* ", "QUIT");
        for (int i = 0; i < 3; i++) {
            assertThat(line()).startsWith("invalid command: ");
        }
        assertThat(line()).isEqualTo("42");
        assertThat(line()).startsWith("error NO_LOCAL_COMMANDS ");
        assertThat(line()).startsWith("0 clients of 1 at revision ");
        assertThat(status(script)).isEqualTo(ExitStatus.SERVER_ERROR);
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aDefectOfTheInputIsNoSuccess() throws Exception {
        ScriptLink link = new ScriptLink(null);
        try (SocketzClient client = new Connector(Duration.ofSeconds(20), true, null)
                .connect(address(), link)
                .get()) {
            PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
            int status = new Script(client, client::watch, link, false, new PrintWriter(new Seen()), err).run(() -> {
                throw new IllegalStateException("as planned");
            });
            assertThat(status).isEqualTo(ExitStatus.SERVER_ERROR);
        }
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines(
                        "socketz connect: internal error: java.lang.IllegalStateException: as planned");
    }

    @Test
    void aWatchGoesOnAtAnotherServer() throws Exception {
        SocketzServer other = serve("s2");
        for (int i = 0; i < 3; i++) {
            join().close(); // so that the other server, a cluster of its own, does not know the revision
        }
        String addresses = address() + ",127.0.0.1:" + other.address().getPort();
        CompletableFuture<Integer> script = run(true, null, addresses);
        type("WATCH");
        assertThat(line()).startsWith("{\"command\":\"WATCH\",").contains("\"server\":\"s1\"");
        server.close();
        String line = line();
        while (line.startsWith("{\"revision\":")) {
            line = line(); // the end of the first server, as it told it
        }
        assertThat(line).startsWith("{\"command\":\"WATCH\",").contains("\"server\":\"s2\"");
        assertThat(errors.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        lost -> assertThat(lost)
                                .startsWith("socketz connect: connection lost: ")
                                .endsWith("; trying again"),
                        anew -> assertThat(anew)
                                .isEqualTo("socketz connect: the server does not know each change since then:"
                                        + " the whole list follows again"));
        type("UNWATCH");
        assertThat(line()).startsWith("{\"command\":\"UNWATCH\"");
        other.close();
        assertThat(status(script)).isEqualTo(ExitStatus.NO_CONNECTION);
        assertThat(errors.toString(StandardCharsets.UTF_8).lines().skip(2))
                .singleElement()
                .asString()
                .isEqualTo("socketz connect: connection lost: the server ended the connection");
    }

    @Test
    void aWatchThatDoesNotReconnectEndsAndDoesNotSayThatItTriesAgain() throws Exception {
        CompletableFuture<Integer> script = run(true, false, address());
        type("WATCH");
        assertThat(line()).startsWith("{\"command\":\"WATCH\",");
        server.close();
        assertThat(status(script)).isEqualTo(ExitStatus.NO_CONNECTION);
        assertThat(errors.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("socketz connect: the watch has ended: the connection was lost: ");
    }

    @Test
    void endsWhenNobodyReadsAnyMore() throws Exception {
        ScriptLink link = new ScriptLink(null);
        Writer closed = new Writer() {
            @Override
            public void write(char[] chars, int from, int length) throws java.io.IOException {
                throw new java.io.IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        type("WATCH");
        try (SocketzClient client = new Connector(Duration.ofSeconds(20), true, null)
                .connect(address(), link)
                .get()) {
            PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
            assertThat(new Script(client, client::watch, link, true, new PrintWriter(closed), err).run(this::next))
                    .isZero();
        }
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
