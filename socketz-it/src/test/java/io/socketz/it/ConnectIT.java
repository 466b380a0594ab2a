package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.reply.Event;
import io.socketz.server.SocketzServer;
import io.socketz.server.event.Connection;
import io.socketz.server.event.ConnectionListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person at {@code ./socketz connect}, in a real terminal. */
class ConnectIT {
    private static final Pattern ID = Pattern.compile("\\w{8}(-\\w{4}){3}-\\w{12}");

    @RegisterExtension
    static final ServerOnDemand SERVER = new ServerOnDemand();

    @TempDir
    Path directory;

    private int terminals;

    private static String address(ServerProcess server) {
        return "127.0.0.1:" + server.port();
    }

    private static String shortId(ServerProcess server) {
        return server.id().substring(0, 8);
    }

    private static String prompt(ServerProcess server) {
        return "socketz " + address(server) + " (" + shortId(server) + ")>";
    }

    /** A terminal with the prompt of {@code connect}. */
    private Tmux connect(List<String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(environment);
        command.addAll(Checkout.socketz("connect", "--history", history().toString()));
        command.addAll(List.of(arguments));
        return Tmux.start(Files.createDirectory(directory.resolve("terminal" + terminals++)), command);
    }

    private Path history() {
        return directory.resolve("history");
    }

    /** One that has connected to the server. */
    private Tmux connected() throws Exception {
        Tmux tmux = connect(List.of(), address(SERVER.get()));
        tmux.awaitEnd(prompt(SERVER.get()));
        return tmux;
    }

    @Test
    void treatsATerminalWithoutASizeAsOneOfTheUsualSize() throws Exception {
        SERVER.share();
        List<String> sizeless = List.of("sh", "-c", "stty cols 0 rows 0 && exec \"$@\"", "sh");
        try (Tmux tmux = connect(sizeless, address(SERVER.get()))) {
            tmux.awaitEnd(prompt(SERVER.get()));
            tmux.type("WHY");
            tmux.awaitEnd("42\n" + prompt(SERVER.get()));
        }
    }

    // ---- A session ----------------------------------------------------------------------------------------------

    @Test
    void aSessionLooksAsDocumented() throws Exception {
        try (Tmux tmux = connected();
                PlainClient other = PlainClient.greeted(SERVER.get().port())) {
            tmux.type("WHO");
            tmux.awaitEnd("connected clients: 2\n" + prompt(SERVER.get()));
            assertThat(tmux.screen())
                    .containsPattern("1 127\\.0\\.0\\.1:\\d+ \\(you\\) +2 "
                            + other.address().replace(".", "\\."));
            tmux.type("where");
            tmux.awaitEnd(SERVER.get().id() + "\n" + prompt(SERVER.get()));
            tmux.type("HELLO");
            tmux.awaitEnd("invalid command: use 'WHY', 'WHO', 'WHERE', 'QUIT'\n"
                    + "/help lists the commands; /quit leaves\n" + prompt(SERVER.get()));
            tmux.type("help");
            tmux.await("/repeat TIMES [INTERVAL] COMMAND");
            tmux.type("/plain");
            tmux.awaitEnd("lists are shown as the server sends them\n" + prompt(SERVER.get()));
            tmux.type("WHO");
            tmux.awaitEnd("connected clients: 2\n" + prompt(SERVER.get()));
            assertThat(tmux.screen()).contains("client list: {'127.0.0.1:");
            tmux.type("/repeat 3 WHY");
            tmux.awaitEnd("42\n42\n42\n" + prompt(SERVER.get()));
            tmux.type("/latency 10");
            tmux.awaitEnd(" ms\n" + prompt(SERVER.get()));
            assertThat(tmux.screen()).contains("10 times WHY: min ");
            tmux.type("QUIT");
            assertThat(tmux.awaitExit()).isZero();
            assertThat(tmux.screen())
                    .contains("the server has closed the connection")
                    .doesNotContain("connection lost", "Exception");
        }
    }

    @Test
    void showsRecordsAsATable() throws Exception {
        try (Tmux tmux = connected()) {
            tmux.type("NAME web-7");
            tmux.awaitEnd("name        web-7\n" + prompt(SERVER.get()));
            tmux.type("who long name web-*");
            tmux.awaitEnd("1 clients of 1 at revision 2\n" + prompt(SERVER.get()));
            assertThat(tmux.screen())
                    .containsPattern("id +addr +server +since +name\n" + shortId(SERVER.get())
                            + "/1  127\\.0\\.0\\.1:\\d+ \\(you\\)  \\S+ +\\d\\d:\\d\\d:\\d\\d +web-7\n");
            tmux.type("SERVERS");
            tmux.awaitEnd("1 servers at revision 2\n" + prompt(SERVER.get()));
            tmux.type("WHO LONG LIMIT 0");
            tmux.awaitEnd("error BAD_ARGUMENT expected LIMIT and a number from 1 to 10000\n" + prompt(SERVER.get()));
            tmux.type("HELP WHO");
            tmux.await("WHO COUNT      how many clients there are");
            tmux.press("who long li", "Tab");
            tmux.await(prompt(SERVER.get()) + " who long LIMIT");
        }
    }

    @Test
    void completesWithTabAndShowsHints() throws Exception {
        SERVER.share();
        try (Tmux tmux = connected()) {
            tmux.press("whe", "Tab");
            tmux.await(prompt(SERVER.get()) + " WHERE");
            tmux.press("C-u", "who f", "Tab");
            tmux.await(prompt(SERVER.get()) + " who FRESH");
            tmux.press("C-u", "/lat", "Tab", "Enter");
            tmux.await("100 times WHY");
            tmux.awaitEnd(" ms\n" + prompt(SERVER.get()));
            tmux.press("C-l");
            tmux.type("");
            // What is typed between two prompts is echoed by the terminal as well.
            tmux.awaitEnd(prompt(SERVER.get()) + "\n" + prompt(SERVER.get()));
            tmux.press("wh");
            tmux.await(prompt(SERVER.get()) + " wh  WHY WHO WHERE"); // after "w", there were other hints
            // Grey, and gone once the line is entered.
            assertThat(tmux.screenWithColours()).contains("wh\u001b[2m  WHY WHO WHERE");
            tmux.press("ere", "Enter");
            tmux.await(SERVER.get().id());
            assertThat(tmux.screen())
                    .contains(prompt(SERVER.get()) + " where\n" + SERVER.get().id());
        }
    }

    @Test
    void remembersEarlierLines() throws Exception {
        SERVER.share();
        try (Tmux tmux = connected()) {
            tmux.type("WHERE");
            tmux.awaitEnd(SERVER.get().id() + "\n" + prompt(SERVER.get()));
            tmux.press("C-d");
            assertThat(tmux.awaitExit()).isZero();
        }
        assertThat(Files.readString(history())).isEqualTo("WHERE\n");
        try (Tmux tmux = connected()) {
            tmux.press("Up", "Enter");
            tmux.awaitEnd("WHERE\n" + SERVER.get().id() + "\n" + prompt(SERVER.get()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"QUIT", "/quit"})
    void leavesThoughMoreWasPasted(String quit) throws Exception {
        SERVER.share();
        try (Tmux tmux = connected()) {
            tmux.paste("WHY\n" + quit + "\nWHERE");
            tmux.press("Enter");
            assertThat(tmux.awaitExit()).isZero();
            assertThat(tmux.screen())
                    .contains("42\n")
                    .doesNotContain(SERVER.get().id(), "the client is closed");
        }
    }

    @Test
    void needsNoHistoryFile() throws Exception {
        SERVER.share();
        Files.createDirectory(history());
        try (Tmux tmux = connected()) {
            tmux.type("WHY");
            tmux.awaitEnd("42\n" + prompt(SERVER.get()));
            tmux.press("Up", "Enter");
            tmux.awaitEnd("42\n" + prompt(SERVER.get()) + " WHY\n42\n" + prompt(SERVER.get()));
            tmux.press("C-d");
            assertThat(tmux.awaitExit()).isZero();
        }
    }

    @Test
    void clearsTheLineAtControlCAndLeavesAtControlD() throws Exception {
        SERVER.share();
        try (Tmux tmux = connected()) {
            String cancelled = "";
            for (int i = 0; i < 20; i++) {
                tmux.press("WHEN", "C-c");
                cancelled += prompt(SERVER.get()) + " WHEN\n";
                tmux.awaitEnd(cancelled + prompt(SERVER.get())); // one Ctrl-C never cancels two lines
            }
            tmux.press("C-c");
            tmux.awaitEnd("use Ctrl-D or /quit to leave\n" + prompt(SERVER.get()));
            tmux.type("/repeat 1000000 20ms WHY");
            tmux.await("42\n42\n42\n");
            tmux.press("C-c");
            tmux.awaitEnd(prompt(SERVER.get()));
            tmux.type("WHERE");
            tmux.awaitEnd(SERVER.get().id() + "\n" + prompt(SERVER.get()));
            tmux.press("C-d");
            assertThat(tmux.awaitExit()).isZero();
            assertThat(tmux.screen()).doesNotContain("Exception");
        }
    }

    @Test
    void controlCEndsTheWaitForAnAnswer() throws Exception {
        try (Tmux tmux = connected()) {
            String prompt = prompt(SERVER.get());
            SERVER.get().process().signal("STOP");
            tmux.type("WHY");
            tmux.awaitEnd(prompt + " WHY"); // the hint is gone, so the line is being entered
            // More than once: the first Ctrl-C may come while the line is still being read.
            Polling.until(
                    () -> {
                        tmux.press("C-c");
                        return tmux.screen();
                    },
                    screen -> screen.contains("^C\n" + prompt),
                    "the wait continues");
            SERVER.get().process().signal("CONT");
            tmux.type("WHERE");
            tmux.awaitEnd(SERVER.get().id() + "\n" + prompt(SERVER.get()));
        }
    }

    @Test
    void survivesControlCWhileALineBeginsOrEnds() throws Exception {
        SERVER.share();
        try (Tmux tmux = connected()) {
            String answer = "WHERE\n" + SERVER.get().id();
            tmux.interrupt(2_000);
            // More than once: there may be signals left, which clear the line.
            Polling.until(
                    () -> {
                        tmux.type("WHERE");
                        return tmux.screen();
                    },
                    screen -> screen.contains(answer),
                    "it answers no more");
        }
    }

    @Test
    void showsWhoComesAndGoesAboveTheLineThatIsBeingTyped() throws Exception {
        try (Tmux tmux = connected()) {
            tmux.type("/watch WHO NAME");
            tmux.awaitEnd("/watch [INTERVAL] COMMAND: expected NAME and a pattern of names such as web-*\n"
                    + prompt(SERVER.get()));
            tmux.type("/watch WHO ADDR 127.0.0.2");
            tmux.await("watching: 0 clients at revision 1\n" + prompt(SERVER.get()));
            tmux.press("WHER");
            try (PlainClient other = PlainClient.greeted(SERVER.get().port());
                    PlainClient watched =
                            PlainClient.connectFrom("127.0.0.2", SERVER.get().port())) {
                String joined = watched.address().replace("127.0.0.1", "127.0.0.2") + " joined "
                        + SERVER.get().name();
                tmux.await("+ " + joined + "\n" + prompt(SERVER.get()) + " WHER");
                assertThat(tmux.screen()).doesNotContain(other.address());
            }
            tmux.await(" left " + SERVER.get().name() + ": ");
            tmux.press("E", "Enter");
            tmux.awaitEnd(SERVER.get().id() + "\n" + prompt(SERVER.get()));
            tmux.type("UNWATCH");
            tmux.awaitEnd("not watching any more\n" + prompt(SERVER.get()));
        }
    }

    @Test
    void showsMessagesAboveTheLineThatIsBeingTyped() throws Exception {
        try (SocketzServer embedded = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .connectionListener(new Welcome())
                        .start();
                Tmux tmux = connect(List.of(), "127.0.0.1:" + embedded.address().getPort())) {
            tmux.await("message: welcome");
            tmux.press("WHER");
            tmux.await(")> WHER");
            assertThat(embedded.broadcast(new Event.Message("all is \u202ewell").line(), each -> true))
                    .isEqualTo(1);
            tmux.await("message: all is ?well\nsocketz ");
            tmux.press("E", "Enter");
            tmux.await(embedded.member().id() + "\n");
        }
    }

    private static final class Welcome implements ConnectionListener {
        @Override
        public void onOpened(Connection connection) {
            connection.send("event 0 message welcome");
        }
    }

    // ---- Lost servers -------------------------------------------------------------------------------------------

    @Test
    void continuesOnAnotherServerAndKeepsTheTypedLine() throws Exception {
        try (ServerProcess other = ServerProcess.start();
                Tmux tmux = connect(List.of(), address(SERVER.get()) + "," + address(other))) {
            tmux.awaitEnd(prompt(SERVER.get()));
            tmux.press("WHER");
            tmux.await("(" + shortId(SERVER.get()) + ")> WHER");
            SERVER.get().process().signal("KILL");
            tmux.await(prompt(other) + " WHER");
            assertThat(tmux.screen())
                    .contains(
                            "; trying again\n" + shortId(SERVER.get()) + " -> " + shortId(other) + "\n" + prompt(other))
                    .containsOnlyOnce("connection lost");
            tmux.press("E", "Enter");
            tmux.awaitEnd(other.id() + "\n" + prompt(other));
        }
    }

    @Test
    void reportsOnceThatThereIsNoServerAndWaitsForOne() throws Exception {
        try (Tmux tmux = connect(List.of(), "--timeout", "1s", address(SERVER.get()))) {
            tmux.awaitEnd(prompt(SERVER.get()));
            int port = SERVER.get().port();
            SERVER.get().process().signal("KILL");
            tmux.awaitEnd("socketz " + address(SERVER.get()) + " (connecting)>");
            tmux.type("WHY");
            tmux.await("no server in time");
            try (ServerProcess again =
                    ServerProcess.start(Child.of(Checkout.socketz("serve", "-p", Integer.toString(port))))) {
                tmux.awaitEnd(prompt(again));
                assertThat(tmux.screen())
                        .contains(shortId(SERVER.get()) + " -> " + shortId(again))
                        .containsOnlyOnce("connection lost");
            }
        }
    }

    @Test
    void staysDisconnectedIfToldNotToReconnect() throws Exception {
        try (ServerProcess other = ServerProcess.start();
                Tmux tmux = connect(List.of(), "--no-reconnect", address(SERVER.get()))) {
            tmux.awaitEnd(prompt(SERVER.get()));
            SERVER.get().process().signal("KILL");
            tmux.awaitEnd("; /connect connects again\nsocketz (not connected)>");
            tmux.type("WHY");
            tmux.await("the connection was lost");
            tmux.type("/connect " + address(other));
            tmux.awaitEnd("connected to " + address(other) + ", server " + shortId(other) + "\n" + prompt(other));
            tmux.type("/connect 127.0.0.1:1");
            tmux.await("no connection: 127.0.0.1:1: Connection refused");
            tmux.type("WHERE");
            tmux.awaitEnd(other.id() + "\n" + prompt(other));
        }
    }

    @Test
    void continuesBehindHaproxyWhenItsServerIsKilled() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("topology"));
        try (Topology topology =
                Topology.in(Checkout.home(), folder).servers(2).etcd(1).build()) {
            topology.start(line -> {});
            try (Tmux tmux =
                    connect(List.of(), "127.0.0.1:" + topology.clientPorts().get(0))) {
                tmux.await(")> ".strip());
                tmux.type("WHERE");
                Matcher answer = ID.matcher(
                        Polling.until(tmux::screen, screen -> ID.matcher(screen).find(), "no id"));
                assertThat(answer.find()).isTrue();
                String id = answer.group();
                String first = Files.readString(topology.log("server01")).contains(id) ? "server01" : "server02";
                assertThat(Files.readString(topology.log(first))).contains(id);
                tmux.press("WHO");
                topology.kill(first);
                tmux.await(id.substring(0, 8) + " -> ");
                tmux.press("Enter");
                tmux.await("connected clients: ");
                assertThat(tmux.screen()).contains("(you)");
            }
        }
    }

    // ---- Terminals ----------------------------------------------------------------------------------------------

    @Test
    void showsALiveScreenThatFollowsTheWindow() throws Exception {
        try (Tmux tmux = connected()) {
            tmux.type("WHERE");
            tmux.awaitEnd(SERVER.get().id() + "\n" + prompt(SERVER.get()));
            tmux.type("/watch 100ms WHO FRESH");
            tmux.await("WHO FRESH every 100ms, ");
            tmux.await("connected clients: 1");
            try (PlainClient client = PlainClient.greeted(SERVER.get().port())) {
                assertThat(tmux.await("connected clients: 2")).contains(client.address());
                tmux.resize(40, 10);
                Polling.until(
                        tmux::screen,
                        screen -> screen.lines().allMatch(line -> line.length() < 40) && screen.contains("clients: 2"),
                        "no screen of 40 columns");
            }
            tmux.await("connected clients: 1");
            tmux.press("q");
            tmux.await(SERVER.get().id()); // the old screen
            assertThat(tmux.awaitEnd("(" + shortId(SERVER.get()) + ")>")).doesNotContain("every");
            tmux.type("/watch 100ms WHY");
            tmux.await("WHY every");
            tmux.press("C-c");
            tmux.awaitEnd("(" + shortId(SERVER.get()) + ")>");
        }
    }

    @Test
    void showsTheClusterOnALiveScreen() throws Exception {
        try (Tmux tmux = connected()) {
            tmux.type("WATCH");
            tmux.await("watching: 1 clients at revision 1\n");
            tmux.type("/top 100ms");
            tmux.await(": /top every 100ms, ");
            tmux.await("servers 1   clients 1   joins ");
            tmux.await(shortId(SERVER.get()) + "  " + SERVER.get().name());
            try (PlainClient client = PlainClient.greeted(SERVER.get().port())) {
                tmux.await("  + " + client.address() + " joined " + SERVER.get().name());
                tmux.await("servers 1   clients 2   joins ");
                tmux.resize(50, 12);
                Polling.until(
                        tmux::screen,
                        screen -> screen.lines().allMatch(line -> line.length() < 50)
                                && screen.contains("clients 2")
                                && screen.contains("latest events"),
                        "no screen of 50 columns");
                tmux.resize(80, 24);
                Polling.until(
                        tmux::screen,
                        screen -> screen.lines().anyMatch(line -> line.length() > 50),
                        "no screen of 80 columns");
            }
            tmux.await("servers 1   clients 1   joins ");
            tmux.press("q");
            // The watch before resumes, and tells what has happened meanwhile.
            tmux.await("nothing is missing");
            tmux.await(" left " + SERVER.get().name() + ": ");
            tmux.type("WHERE");
            assertThat(tmux.awaitEnd(SERVER.get().id() + "\n" + prompt(SERVER.get())))
                    .contains("/top 100ms")
                    .doesNotContain("every 100ms");
            tmux.type("/top");
            tmux.await("servers 1   clients 1   joins ");
            tmux.press("C-c");
            tmux.awaitEnd("(" + shortId(SERVER.get()) + ")>");
        }
    }

    @Test
    void worksInANarrowWindow() throws Exception {
        SERVER.share();
        try (Tmux tmux = connected()) {
            tmux.resize(40, 10);
            tmux.type("WHY");
            tmux.awaitEnd("42\nsocketz (" + shortId(SERVER.get()) + ")>");
            tmux.press("WHERE");
            tmux.await("socketz (" + shortId(SERVER.get()) + ")> WHERE");
            assertThat(tmux.screen().lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40));
            tmux.press("Enter");
            tmux.awaitEnd(SERVER.get().id() + "\nsocketz (" + shortId(SERVER.get()) + ")>");
            tmux.press("WHE");
            tmux.resize(80, 24);
            String wide = prompt(SERVER.get()) + " WHE";
            // Appears with a key, once tmux has told the program about the new size, which takes time.
            Polling.until(
                    () -> {
                        tmux.press("C-e");
                        return tmux.screen();
                    },
                    screen -> screen.contains(wide),
                    "still a prompt for a narrow window");
            tmux.press("RE", "Enter");
            tmux.awaitEnd(SERVER.get().id() + "\n" + prompt(SERVER.get()));
        }
    }

    @Test
    void usesColoursUnlessNotWanted() throws Exception {
        SERVER.share();
        try (Tmux tmux = connected()) {
            tmux.type("nonsense");
            tmux.await("invalid command");
            assertThat(tmux.screenWithColours()).contains("\u001b[31minvalid command");
        }
        try (Tmux tmux = connect(List.of("NO_COLOR=1"), address(SERVER.get()))) {
            tmux.awaitEnd(prompt(SERVER.get()));
            tmux.type("nonsense");
            tmux.awaitEnd("/quit leaves\n" + prompt(SERVER.get()));
            tmux.press("wh", "Tab");
            tmux.await("WHERE    WHO      WHOAMI");
            assertThat(tmux.screenWithColours()).doesNotContainPattern("\u001b\\[(2m|[349][0-7])");
        }
    }

    @Test
    void worksInADumbTerminal() throws Exception {
        try (ServerProcess other = ServerProcess.start();
                Tmux tmux = connect(List.of("TERM=dumb"), address(SERVER.get()) + "," + address(other))) {
            tmux.awaitEnd(prompt(SERVER.get()));
            tmux.type("WHERE");
            tmux.awaitEnd(SERVER.get().id() + "\n" + prompt(SERVER.get()));
            tmux.type("/watch 1s WHO FRESH");
            tmux.await("this terminal cannot show a live screen: use /repeat");
            tmux.type("/top");
            tmux.await("this terminal cannot show a live screen: use SERVERS or WATCH");
            SERVER.get().process().signal("KILL");
            tmux.await(shortId(SERVER.get()) + " -> " + shortId(other));
            tmux.type("WHERE");
            tmux.awaitEnd(other.id() + "\n" + prompt(other));
            tmux.press("C-d");
            assertThat(tmux.awaitExit()).isZero();
            assertThat(tmux.screenWithColours()).doesNotContain("\u001b");
        }
    }

    @Test
    void aServerCannotControlTheTerminal() throws Exception {
        String list = "client list: {'\u001b[2J\u001b]0;owned\u0007\u202e10.0.0.1:1'}\nconnected clients: 1\n";
        try (FakeServer hostile = FakeServer.start(list);
                Tmux tmux = connect(List.of(), "127.0.0.1:" + hostile.port())) {
            tmux.await(FakeServer.ID.substring(0, 8));
            tmux.type("WHO");
            assertThat(tmux.await("connected clients: 1")).contains("1 ?[2J?]0;owned??10.0.0.1:1");
            tmux.type("/plain");
            tmux.type("WHO");
            assertThat(tmux.await("client list: ")).contains("{'?[2J?]0;owned??10.0.0.1:1'}");
            assertThat(tmux.screen()).contains("socketz 127.0.0.1:" + hostile.port());
        }
    }

    @Test
    void keepsTheOrderOfPastedLines() throws Exception {
        SERVER.share();
        try (Tmux tmux = connected()) {
            tmux.press("WHERE\nWHY\n");
            tmux.awaitEnd("42\n" + prompt(SERVER.get()));
            assertThat(tmux.screen()).contains(SERVER.get().id());
        }
    }
}
