package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./socketz up} and its companions as people type them. */
class TopologyIT {
    /** Many JVMs start at once. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final List<String> ANY_PORTS =
            List.of("--client-port=0", "--stats-port=0", "--server-port=0", "--etcd-port=0");
    private static final List<String> SMALL = List.of("--servers=1", "--etcd=1");

    /** In the environment of all that a test starts: so that all that is left of it is found. */
    private static final String MARK = "TOPOLOGY_IT";

    @TempDir
    Path directory;

    @AfterEach
    void endsAll() throws Exception {
        for (ProcessHandle left : marked()) {
            Child.kill(left);
        }
    }

    private Child.Builder socketz(String command, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(arguments));
        return Child.of(Checkout.socketz(words.toArray(String[]::new)))
                .environment(MARK, directory.toString())
                .environment("SOCKETZ_DATA", directory.resolve("data").toString());
    }

    private Child.Result run(String command, String... arguments) throws Exception {
        return socketz(command, arguments).run(LIMIT);
    }

    @SafeVarargs
    private Child.Builder up(List<String>... options) throws Exception {
        List<String> words = new ArrayList<>();
        for (List<String> some : options) {
            words.addAll(some);
        }
        return socketz("up", words.toArray(String[]::new));
    }

    /** What runs with the mark of this test, as Linux tells it. */
    private List<ProcessHandle> marked() {
        return ProcessHandle.allProcesses().filter(this::isMarked).toList();
    }

    private boolean isMarked(ProcessHandle process) {
        try {
            Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
            return Files.readString(environment, StandardCharsets.ISO_8859_1).contains(MARK + "=" + directory + "\0");
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private void awaitNothingLeft() throws Exception {
        Polling.until(
                () -> marked().stream().map(ProcessHandle::info).toList(), List::isEmpty, "processes are left over");
    }

    /** The rows of ps, by their names. */
    private Map<String, List<String>> ps(String... options) throws Exception {
        Child.Result result = run("ps", options);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        return result.out()
                .lines()
                .map(line -> List.of(line.strip().split(" +")))
                .collect(Collectors.toMap(row -> row.get(0), row -> row));
    }

    private void awaitHealth(String name, String health) throws Exception {
        Polling.until(this::ps, rows -> health(rows, name).equals(health), name + " is not " + health);
    }

    private static String column(Map<String, List<String>> rows, String name, int column) {
        return Objects.requireNonNull(rows.get(name), name).get(column);
    }

    private static String health(Map<String, List<String>> rows, String name) {
        return column(rows, name, 3);
    }

    private static String clients(Map<String, List<String>> rows, String name) {
        return column(rows, name, 4);
    }

    private static int port(Map<String, List<String>> rows, String name) {
        return Integer.parseInt(column(rows, name, 2));
    }

    /** What somebody sees who types it, and what is to be typed. */
    private Tmux terminal(String command, List<String> options) throws Exception {
        List<String> words = new ArrayList<>(List.of("env", MARK + "=" + directory));
        words.addAll(Checkout.socketz(command));
        words.addAll(options);
        words.add("--data=" + directory.resolve("data"));
        return Tmux.start(Files.createDirectory(directory.resolve(command)), words);
    }

    private static Child.Result failure(String command, String message) {
        return new Child.Result(1, "", "socketz " + command + ": " + message + "\n");
    }

    // ---- Starting and ending ------------------------------------------------------------------------------------

    @Test
    void runsInTheBackgroundAndObeysCommands() throws Exception {
        Path there = Files.createDirectory(directory.resolve("there"));
        Child.Result up = up(List.of("-d"), ANY_PORTS)
                .shell("umask 000 && cd \"$THERE\" && exec \"$@\"")
                .environment("THERE", there.toString())
                .run(LIMIT);
        assertThat(up.status()).as(up.err()).isZero();
        assertThat(up.err()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("data/socketz"))))
                .isEqualTo("rwx------");
        Files.delete(there); // nothing started later needs the folder that it was started in
        assertThat(up.out()).contains("starting server01, server02, server03 ...", "  ./socketz kill server01");
        assertThat(up.out().lines()).allSatisfy(line -> assertThat(line).doesNotContain("\r", "\t"));
        Map<String, List<String>> rows = ps();
        assertThat(rows.keySet())
                .containsExactlyInAnyOrder(
                        "NAME", "etcd01", "etcd02", "etcd03", "server01", "server02", "server03", "haproxy01");
        assertThat(rows.values().stream().map(row -> row.get(3)).collect(Collectors.toSet()))
                .isEqualTo(Set.of("HEALTH", "healthy"));
        assertThat(up.out()).contains("  telnet localhost " + port(rows, "haproxy01") + "\n");

        try (PlainClient client = PlainClient.greeted(port(rows, "haproxy01"))) {
            assertThat(client.ask("WHO")).isEqualTo("client list: {'" + client.address() + "'}");
            Polling.until(this::ps, now -> clients(now, "haproxy01").equals("1"), "no client is counted");
        }

        Child.Result again = up(ANY_PORTS).run();
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err())
                .matches(
                        "socketz up: project 'socketz' is already up, run by process \\d+: see './socketz ps --data \\S+',"
                                + " or choose another --project\n");

        Child follower = socketz("logs", "-f", "server01").start();
        follower.out().await("listening on ");
        assertThat(run("kill", "server01").out()).isEqualTo("server01 is killed\n");
        assertThat(run("kill", "server01")).isEqualTo(failure("kill", "server01 does not run"));
        assertThat(health(ps(), "server01")).isEqualTo("killed");
        assertThat(run("start", "server01").out()).endsWith("server01 is healthy\n");
        assertThat(run("start", "server01")).isEqualTo(failure("start", "server01 runs already"));
        assertThat(health(ps(), "server01")).isEqualTo("healthy");
        String said = run("logs", "server01").out();
        assertThat(said).containsSubsequence("Starting server...", "Starting server...");
        Polling.until(() -> follower.out().text(), text -> text.startsWith(said), "it does not follow over a restart");

        assertThat(run("stop", "etcd02").out()).endsWith("etcd02 is stopped\n");
        assertThat(health(ps(), "etcd02")).isEqualTo("stopped");
        assertThat(run("member-list").out().lines())
                .hasSize(3)
                .allMatch(line -> line.matches("[0-9a-f]+, started, etcd0[123], .*"));
        int clientPort = port(rows, "haproxy01");
        assertThat(run("servers", "localhost:" + clientPort).out().lines())
                .hasSize(5)
                .filteredOn(
                        line -> line.matches("server0[123] +[0-9a-f]{8} +127\\.0\\.0\\.1:\\d+ +up +[01] +\\S+ +\\S+"))
                .hasSize(3);
        // One of three members is no quorum.
        assertThat(run("kill", "etcd01", "etcd02"))
                .isEqualTo(new Child.Result(1, "etcd01 is killed\n", "socketz kill: etcd02 does not run\n"));
        Child.Result degraded = Polling.until(
                () -> run("ps"),
                now -> now.out()
                                .lines()
                                .filter(line -> line.contains("degraded: "))
                                .count()
                        == 3,
                "not all servers are degraded");
        assertThat(degraded.out()).containsPattern("server01 +\\d+ +\\d+  degraded: no etcd for \\d+ s +0\n");
        assertThat(run("ps", "--json").out())
                .hasLineCount(1)
                .containsPattern("\"name\":\"server01\",\"kind\":\"server\",\"pid\":\\d+,\"port\":\\d+,"
                        + "\"health\":\"degraded\",\"noEtcdSeconds\":\\d+,\"clients\":0}")
                .contains("\"name\":\"etcd01\",\"kind\":\"etcd\",\"port\":");
        assertThat(run("servers", "--json", "localhost:" + clientPort).out())
                .contains("\"state\":\"degraded\",\"noEtcdSeconds\":", "\"state\":\"unknown\"");
        assertThat(run("start", "etcd01", "etcd02").out()).endsWith("etcd01 is healthy\netcd02 is healthy\n");
        awaitHealth("server01", "healthy");
        assertThat(run("restart", "server02", "etcd02").out())
                .containsPattern("(?m)^server02 is healthy, restarted in \\d+\\.\\d s$")
                .containsPattern("(?m)^etcd02 is healthy, restarted in \\d+\\.\\d s$");
        assertThat(run("logs", "haproxy01").out().lines()).isNotEmpty().doesNotHaveDuplicates();
        assertThat(run("restart", "server01", "server09"))
                .isEqualTo(failure(
                        "restart",
                        "there is no member 'server09'; there are etcd01, etcd02, etcd03, server01, server02, server03,"
                                + " haproxy01"));
        assertThat(run("logs", "-f", "server09").status()).isEqualTo(1);

        ProcessHandle.of(Long.parseLong(column(ps(), "server03", 1)))
                .orElseThrow()
                .destroyForcibly();
        awaitHealth("server03", "ended");

        Child.Result down = run("down");
        assertThat(down.status()).as(down.err()).isZero();
        assertThat(down.out()).endsWith("everything is stopped\n");
        Child.Result followed = follower.await();
        assertThat(followed.status()).as(followed.err()).isZero();
        assertThat(followed.err()).isEmpty();
        assertThat(followed.out()).startsWith(said).isNotEqualTo(said);
        awaitNothingLeft();
        assertThat(directory.resolve("data")).isEmptyDirectory();
        assertThat(run("ps", "--project=other", "--data=/here"))
                .isEqualTo(failure(
                        "ps", "project 'other' is not up: './socketz up --project other --data /here' starts it"));
    }

    /** In a folder whose path a shell would tear apart, if {@code up} did not quote it in the commands that it shows. */
    @Test
    void runsSeveralHaproxySumsUpTheClientsOfEachServerAndShowsTheCommandThatEndsThem() throws Exception {
        Path data = directory.resolve("it's here");
        String option = "--data=" + data;
        Child.Result up =
                up(List.of("-d", "--haproxy=2", option), SMALL, ANY_PORTS).run(LIMIT);
        assertThat(up.status()).as(up.err()).isZero();
        assertThat(up.out()).contains("starting haproxy01, haproxy02 ...");
        Map<String, List<String>> rows = ps(option);
        assertThat(rows).containsOnlyKeys("NAME", "etcd01", "server01", "haproxy01", "haproxy02");
        assertThat(up.out().lines().filter(line -> line.startsWith("clients ")))
                .containsExactly(
                        "clients     localhost:" + port(rows, "haproxy01"),
                        "clients     localhost:" + port(rows, "haproxy02"));
        assertThat(up.out().lines().filter(line -> line.startsWith("statistics ")))
                .hasSize(2);

        try (PlainClient one = PlainClient.greeted(port(rows, "haproxy01"));
                PlainClient other = PlainClient.greeted(port(rows, "haproxy02"));
                PlainClient third = PlainClient.greeted(port(rows, "haproxy02"))) {
            assertThat(other.ask("WHO")).contains(one.address(), other.address(), third.address());
            Map<String, List<String>> now = Polling.until(
                    () -> ps(option), seen -> clients(seen, "server01").equals("3"), "not all clients are counted");
            assertThat(List.of(clients(now, "haproxy01"), clients(now, "haproxy02")))
                    .containsExactly("1", "2");
        }
        Child.Result down = asTyped(up.out()
                .lines()
                .filter(line -> line.startsWith("  ./socketz down"))
                .findFirst()
                .orElseThrow());
        assertThat(down.status()).as(down.err()).isZero();
        assertThat(data).isEmptyDirectory();
        awaitNothingLeft();
    }

    /** Runs a line that {@code up} shows, as a shell in the checkout understands it. */
    private static Child.Result asTyped(String line) throws Exception {
        String home = Checkout.home().toString();
        return Child.of(List.of("sh", "-c", "cd \"$1\" && eval \"$2\"", "sh", home, line))
                .environment("SOCKETZ_NO_BUILD", "1")
                .run(LIMIT);
    }

    @Test
    void leavesNoProcessWhenKilledAndStartsAgainAfterwards() throws Exception {
        assertThat(up(List.of("-d", "--project=one"), SMALL, ANY_PORTS)
                        .run(LIMIT)
                        .status())
                .isZero();
        assertThat(up(List.of("-d", "--project=two"), SMALL, ANY_PORTS)
                        .run(LIMIT)
                        .status())
                .isZero();
        Map<String, List<String>> two = ps("--project=two");
        Path lock = directory.resolve("data/one/lock");
        ProcessHandle supervisor =
                ProcessHandle.of(Long.parseLong(Files.readString(lock))).orElseThrow();
        List<ProcessHandle> children = supervisor.children().toList();
        assertThat(children).hasSize(4); // and the guard

        Child follower = socketz("logs", "-f", "server01", "--project=one").start();
        follower.out().await("listening on ");
        supervisor.destroyForcibly();
        Child.Result followed = follower.await();
        assertThat(new Child.Result(followed.status(), "", followed.err()))
                .isEqualTo(failure("logs", "project 'one' has just ended"));
        Polling.until(() -> children, all -> all.stream().noneMatch(ProcessHandle::isAlive), "children live on");
        assertThat(run("ps", "--project=one"))
                .isEqualTo(failure(
                        "ps",
                        "project 'one' is not up: './socketz up --project one --data " + directory.resolve("data")
                                + "' starts it"));
        assertThat(ps("--project=two")).isEqualTo(two);

        assertThat(up(List.of("-d", "--project=one"), SMALL, ANY_PORTS)
                        .run(LIMIT)
                        .status())
                .isZero();
        assertThat(ps("--project=one").values()).allMatch(row -> row.get(3).matches("HEALTH|healthy"));
        assertThat(run("down", "--project=one").status()).isZero();
        assertThat(ps("--project=two")).isEqualTo(two);
        assertThat(run("down", "--project=two").status()).isZero();
        awaitNothingLeft();
    }

    @Test
    void leavesNoProcessEvenIfItsGuardWasKilledBeforeAndAMemberCouldNotStart() throws Exception {
        assertThat(up(List.of("-d"), SMALL, ANY_PORTS).run(LIMIT).status()).isZero();
        Path lock = directory.resolve("data/socketz/lock");
        ProcessHandle supervisor =
                ProcessHandle.of(Long.parseLong(Files.readString(lock))).orElseThrow();
        Set<String> members = ps().values().stream().map(row -> row.get(1)).collect(Collectors.toSet());
        ProcessHandle guard = supervisor
                .children()
                .filter(child -> !members.contains(Long.toString(child.pid())))
                .findFirst()
                .orElseThrow();
        guard.destroyForcibly();
        Polling.until(
                () -> supervisor.children().toList(),
                children -> children.size() == 4 && !children.contains(guard),
                "there is no new guard");
        assertThat(run("kill", "server01").status()).isZero();
        assertShowsTheLogOfTheLastStartOnly(port(ps(), "server01"));
        assertThat(run("start", "server01").out()).endsWith("server01 is healthy\n");
        supervisor.destroyForcibly();
        awaitNothingLeft();
    }

    /** Has {@code server01}, which was killed, start in vain, because something else has taken its port meanwhile. */
    private void assertShowsTheLogOfTheLastStartOnly(int port) throws Exception {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            Child.Result start = run("start", "server01");
            String errors = start.err().replaceAll("(?m)^\\S+Z info server01 ", "");
            // On a busy machine, it first says that it waits.
            assertThat(new Child.Result(start.status(), "", errors))
                    .isEqualTo(failure(
                            "start",
                            "server01 ended as it started; the end of its log:\nStarting server...\n"
                                    + "socketz serve: port " + port + " is already in use: choose another with --port;"
                                    + " see 'socketz serve --help'"));
        }
    }

    @Test
    void endsInOrderWithCtrlCInATerminal() throws Exception {
        List<String> options = new ArrayList<>(SMALL);
        options.addAll(ANY_PORTS);
        try (Tmux terminal = terminal("up", options)) {
            terminal.await("What to type next");
            try (Tmux other = terminal("logs", List.of("-f", "server01"))) {
                other.await("listening on ");
                other.press("C-c");
                assertThat(other.awaitExit()).isEqualTo(130);
                assertThat(other.screen()).doesNotContain("Exception", "socketz logs");
            }
            assertThat(health(ps(), "server01")).isEqualTo("healthy");
            terminal.press("C-c");
            assertThat(terminal.awaitExit()).isZero();
            assertThat(terminal.screen())
                    .containsSubsequence("stopping server01 ...", "stopping haproxy01 ...", "everything is stopped");
        }
        awaitNothingLeft();
        assertThat(directory.resolve("data")).isEmptyDirectory();
    }

    @Test
    void endsWhileItStarts() throws Exception {
        try (Child up = up(ANY_PORTS).start()) {
            up.out().await("starting server01");
            up.signal("TERM");
            assertThat(up.await(LIMIT).out()).endsWith("everything is stopped\n");
        }
        awaitNothingLeft();
    }

    // ---- Bad input ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --etcd=2          | Invalid value for option '--etcd': '2' is not an odd number from 1 to 9
                    --project=../x    | Invalid value for option '--project': '../x' is not a name of 1 to 32 letters a to z, digits, '-' and '_'
                    """)
    void reportsWrongOptionsInOneLine(String option, String message) throws Exception {
        assertThat(run("up", option))
                .isEqualTo(new Child.Result(2, "", "socketz up: " + message + "; see 'socketz up --help'\n"));
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        int port = Stream.generate(() -> FreePorts.take(1).get(0))
                .filter(first -> IntStream.rangeClosed(first - 100, first + 2).allMatch(FreePorts::isFree))
                .findFirst()
                .orElseThrow();
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThat(socket.isBound()).isTrue();
            String taken = "port " + port + " for %s is already in use: choose another with %s";
            // Each option with a taken port, which is not always its first.
            assertThat(up(SMALL, ports("--client-port", port)).run())
                    .isEqualTo(failure("up", taken.formatted("haproxy01", "--client-port")));
            assertThat(up(List.of("--haproxy=2"), SMALL, ports("--stats-port", port - 1))
                            .run())
                    .isEqualTo(failure("up", taken.formatted("haproxy02", "--stats-port")));
            assertThat(up(SMALL, ports("--server-port", port - 100)).run())
                    .isEqualTo(failure("up", taken.formatted("server01", "--server-port")));
            assertThat(up(List.of("-d", "--etcd=3"), SMALL.subList(0, 1), ports("--etcd-port", port - 20))
                            .run())
                    .isEqualTo(failure("up", taken.formatted("etcd03", "--etcd-port")));
        }
        assertThat(directory.resolve("data")).isEmptyDirectory();
        awaitNothingLeft();
    }

    /** Any ports but for one option. */
    private static List<String> ports(String option, int port) {
        List<String> ports = new ArrayList<>(ANY_PORTS);
        ports.replaceAll(any -> any.startsWith(option) ? option + "=" + port : any);
        return ports;
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd", "haproxy"})
    void showsTheLogOfAMemberThatCrashesAtItsStart(String name) throws Exception {
        Path program = directory.resolve(name);
        Files.writeString(program, "#!/bin/sh\necho out of order; echo; echo 'goroutine 1 [running]:'\nexit 3\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Child.Result up = up(SMALL, ANY_PORTS)
                .environment("PATH", directory + ":" + System.getenv("PATH"))
                .run(LIMIT);
        assertThat(up.status()).isEqualTo(1);
        assertThat(up.err())
                .isEqualTo("socketz up: " + name + "01 ended as it started; the end of its log:\nout of order\n");
        awaitNothingLeft();
    }

    @Test
    void saysThatTheLogOfACrashedMemberIsEmpty() throws Exception {
        Path program = directory.resolve("etcd");
        Files.writeString(program, "#!/bin/sh\nexit 3\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        assertThat(up(SMALL, ANY_PORTS)
                        .environment("PATH", directory + ":" + System.getenv("PATH"))
                        .run(LIMIT)
                        .err())
                .isEqualTo("socketz up: etcd01 ended as it started, and its log is empty\n");
    }

    @Test
    void namesTheProgramThatIsMissing() throws Exception {
        assertThat(up().environment("PATH", path("etcdctl", "haproxy")).run())
                .isEqualTo(
                        new Child.Result(2, "", "socketz: needs etcd-server: please install (Debian package names)\n"));
    }

    @Test
    void helpsWithoutAnyProgram() throws Exception {
        assertThat(up(List.of("--help"))
                        .environment("PATH", path("cat", "cksum", "tr", "ln", "rm", "mv", "sleep", "grep", "sed"))
                        .environment("JAVA_HOME", System.getProperty("java.home"))
                        .run())
                .isEqualTo(run("up", "--help"));
    }

    /** HAProxy is looked for in /usr/sbin, too. */
    @Test
    void namesTheHaproxyThatIsMissing() throws Exception {
        Path folder = Path.of(Checkout.tool("haproxy")).resolveSibling(".").toRealPath();
        assumeThat(folder).as("holds nothing else that is needed").hasFileName("sbin");
        String path = path("true", "ln", "etcd", "etcdctl");
        String script = "mount --bind \"$1\" \"$2\" && PATH=$1 && shift 2 && exec \"$@\"";
        String[] apart = {"unshare", "--mount", "sh", "-c", script, "sh", path, folder.toString()};
        assumeThat(Programs.find("unshare")).as("can have mounts of its own").isPresent();
        assumeThat(Child.of(List.of("true")).prefix(apart).run().status())
                .as("may have mounts of its own")
                .isZero();
        assertThat(up().prefix(apart).run())
                .isEqualTo(new Child.Result(2, "", "socketz: needs haproxy: please install (Debian package names)\n"));
    }

    /** A path with what the launcher needs to come so far, and these. */
    private String path(String... programs) throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        for (String tool : Stream.concat(Stream.of("bash", "env", "readlink", "awk", "id"), Stream.of(programs))
                .toList()) {
            Path stub = bin.resolve(tool);
            Files.writeString(stub, "#!/bin/sh\nexec " + Checkout.tool(tool) + " \"$@\"\n");
            assertThat(stub.toFile().setExecutable(true)).isTrue();
        }
        return bin.toString();
    }

    @Test
    void reportsThatAProjectIsAnotherUsers() throws Exception {
        assertThat(directory.toFile().setExecutable(true, false)).isTrue();
        Path socket = Files.createDirectories(directory.resolve("data/socketz")).resolve("socket");
        assertThat(Files.createFile(socket).toFile().setWritable(false)).isTrue();
        Child.Builder command = socketz("ps");
        OtherUser.runIfRoot(command);
        assertThat(command.run())
                .isEqualTo(failure(
                        "ps",
                        "project 'socketz' in '" + directory.resolve("data") + "' is another user's: see --data"));
    }

    @Test
    void keepsItsDataInTheShellsHome() throws Exception {
        assertThat(socketz("up")
                        .environment("SOCKETZ_DATA", "")
                        .environment("HOME", "/dev/null")
                        .run())
                .isEqualTo(failure(
                        "up",
                        "cannot use '/dev/null/.socketz/socketz' (/dev/null/.socketz: Not a directory): choose"
                                + " another with --data"));
    }

    @Test
    void leavesNoFolderAfterImpossiblePorts() throws Exception {
        assertThat(run("up", "-d", "--server-port=65530"))
                .isEqualTo(failure("up", "there is no port 65630 for server01: choose another with --server-port"));
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void reportsThatItsBackgroundProcessWasKilledAtItsStart() throws Exception {
        try (Child up = up(List.of("-d"), ANY_PORTS).start()) {
            up.out().await("starting etcd01");
            String pid = Files.readString(directory.resolve("data/socketz/lock"));
            ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
            Child.Result result = up.await(LIMIT);
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err())
                    .isEqualTo("socketz up: its process has ended with status 137 and no message: it was killed, or the"
                            + " disk of '" + directory.resolve("data/socketz") + "' is full\n");
        }
        awaitNothingLeft();
    }

    @Test
    void namesTheFolderThatItMayNotUse() throws Exception {
        assertThat(run("up", "--data=/dev/null"))
                .isEqualTo(failure(
                        "up",
                        "cannot use '/dev/null/socketz' (/dev/null/socketz: Not a directory): choose another with"
                                + " --data"));
        Path file = directory.resolve("mine/socketz/letter");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "dear");
        Files.createFile(file.resolveSibling("lock")); // as in many a folder
        assertThat(run("up", "--data=" + directory.resolve("mine")))
                .isEqualTo(failure(
                        "up", "'" + file.getParent() + "' holds other files: choose another with --data or --project"));
        assertThat(file).exists();
        Path configuration = Files.createDirectories(directory.resolve("other/socketz/server01"));
        assertThat(run("up", "--data=" + directory.resolve("other")).err()).contains(" holds other files: ");
        assertThat(configuration).exists();
        assertThat(directory.toFile().setExecutable(true, false)).isTrue();
        Path forbidden = Files.createDirectory(directory.resolve("forbidden"));
        assertThat(forbidden.toFile().setWritable(false)).isTrue();
        Child.Builder command = socketz("up", "--data=" + forbidden);
        OtherUser.runIfRoot(command);
        assertThat(command.run())
                .isEqualTo(failure(
                        "up", "no permission to write to '" + forbidden + "/socketz': choose another with --data"));
        assertThat(forbidden).isEmptyDirectory();
        String deep = "/tmp/" + "x".repeat(100);
        assertThat(run("ps", "--data=" + deep))
                .isEqualTo(failure(
                        "ps", "'" + deep + "': this path is too long for a socket: choose another with --data"));
    }
}
