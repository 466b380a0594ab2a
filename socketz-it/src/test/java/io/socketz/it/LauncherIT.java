package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./socketz} as its users type it: the command line, the console, completion. */
class LauncherIT {
    @TempDir
    Path directory;

    private static Child.Result socketz(String... arguments) throws Exception {
        return Child.of(Checkout.socketz(arguments)).run();
    }

    // ---- Wrong use ----------------------------------------------------------------------------------------------

    /** Two of many: the others need no process, and are in the unit tests of the commands. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    -x                              | Unknown option: '-x'
                    --etcd http://etcd01            | --etcd needs --state etcd or --state gateway
                    """)
    void reportsWrongOptionsInOneLine(String options, String message) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        arguments.addAll(List.of(options.split(" ")));
        assertThat(socketz(arguments.toArray(String[]::new))).isEqualTo(wrongUse("serve", "", message));
    }

    @Test
    void reportsAWrongCommandInOneLine() throws Exception {
        assertThat(socketz())
                .isEqualTo(new Child.Result(2, "", "socketz: a command is missing; see 'socketz --help'\n"));
        assertThat(socketz("sevre"))
                .isEqualTo(new Child.Result(
                        2, "", "socketz: 'sevre' is not a command; did you mean 'serve'? See 'socketz --help'\n"));
    }

    @Test
    void verifyShowsItsUsageAndBuildsNothing() throws Exception {
        Child.Result help = socketz("verify", "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).startsWith("Usage: ./socketz verify ").contains("--unit");
        assertThat(help.err()).isEmpty();
        assertThat(Checkout.home().resolve("socketz-server/target/socketz-server.jar"))
                .exists();
    }

    @Test
    void namesThePortInUseAndTheFlag() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            String port = Integer.toString(server.port());
            assertThat(socketz("serve", "-p", port))
                    .isEqualTo(wrongUse(
                            "serve",
                            "Starting server...\n",
                            "port " + port + " is already in use: choose another with --port"));
        }
    }

    @Test
    void namesTheAgentPortInUseAndTheFlag() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            String port = Integer.toString(server.port());
            assertThat(socketz("serve", "-p", "0", "--agent-port", port))
                    .isEqualTo(wrongUse(
                            "serve",
                            "Starting server...\n",
                            "port " + port + " is already in use: choose another with --agent-port"));
        }
    }

    @Test
    void namesTheHostThatDoesNotResolveAndTheFlag() throws Exception {
        assertThat(socketz("serve", "-p", "0", "--host", "no.such.host.invalid"))
                .isEqualTo(wrongUse(
                        "serve",
                        "Starting server...\n",
                        "no address is known for 'no.such.host.invalid': name another with --host"));
    }

    @Test
    void namesTheHostThatIsAnotherMachineAndTheFlag() throws Exception {
        // An address reserved for documentation (RFC 5737).
        assertThat(socketz("serve", "-p", "0", "--host", "192.0.2.1"))
                .isEqualTo(wrongUse(
                        "serve",
                        "Starting server...\n",
                        "'192.0.2.1' is not an address of this machine: name another with --host"));
    }

    @Test
    void namesThePrivilegedPortAndTheFlag() throws Exception {
        Child.Builder command = Child.of(Checkout.socketz("serve", "-p", "1"));
        OtherUser.runIfRoot(command);
        assumeThat(lowestFreePort()).isGreaterThan(1);
        assertThat(command.run())
                .isEqualTo(wrongUse(
                        "serve",
                        "Starting server...\n",
                        "port 1 needs more rights than this user has: choose one from 1024 up with --port"));
    }

    private static int lowestFreePort() throws Exception {
        Path setting = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        // Read by line: such a file returns its content only to the first read, and readString begins with one byte.
        return Files.exists(setting)
                ? Integer.parseInt(Files.readAllLines(setting).get(0))
                : 1024;
    }

    private static Child.Result wrongUse(String command, String out, String message) {
        String name = "socketz " + command;
        return new Child.Result(2, out, name + ": " + message + "; see '" + name + " --help'\n");
    }

    // ---- Environment variables ----------------------------------------------------------------------------------

    @Test
    void takesOptionsFromTheEnvironment() throws Exception {
        Child.Builder command = ServerProcess.command()
                .environment("SOCKETZ_HOST", "127.0.0.1")
                .environment("SOCKETZ_NAME", "server07")
                .environment("SOCKETZ_MAX_LINE", "5")
                .environment("SOCKETZ_VERBOSE", "true");
        try (ServerProcess server = ServerProcess.start(command);
                PlainClient client = PlainClient.greeted(server.port())) {
            assertThat(server.host()).isEqualTo("127.0.0.1");
            assertThat(server.name()).isEqualTo("server07");
            assertThat(client.ask("123456")).isEqualTo("error LINE_TOO_LONG max 5 bytes");
            server.awaitLine("sent reply to " + client.address());
        }
    }

    @Test
    void prefersTheCommandLineToTheEnvironment() throws Exception {
        Child.Builder command = ServerProcess.command("--name", "typed")
                .environment("SOCKETZ_NAME", "set")
                .environment("SOCKETZ_PORT", "1");
        try (ServerProcess server = ServerProcess.start(command)) {
            assertThat(server.name()).isEqualTo("typed");
            assertThat(server.port()).isNotEqualTo(1);
        }
    }

    @Test
    void takesThePortFromTheEnvironment() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            String port = Integer.toString(server.port());
            assertThat(Child.of(Checkout.socketz("serve"))
                            .environment("SOCKETZ_PORT", port)
                            .run()
                            .err())
                    .contains("port " + port + " is already in use");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    SOCKETZ_PORT         | many                | Invalid value for option '--port': 'many' is not a number from 0 to 65535
                    SOCKETZ_ETCD         | http://etcd01       | --etcd needs --state etcd or --state gateway
                    """)
    void namesTheWrongVariable(String variable, String value, String message) throws Exception {
        assertThat(Child.of(Checkout.socketz("serve"))
                        .environment(variable, value)
                        .run())
                .isEqualTo(wrongUse("serve", "", message + " (from " + variable + ")"));
    }

    // ---- The settings file --------------------------------------------------------------------------------------

    @Test
    void takesOptionsFromAFileAndChecksThemBesideTheServerThatHasThem() throws Exception {
        Path file = Files.writeString(
                directory.resolve("server07.properties"),
                "\ufeffname = server07\r\nmax-line = 5\r\nverbose = true\r\n");
        Child.Builder command = ServerProcess.command("--max-line", "6").environment("SOCKETZ_CONFIG", file.toString());
        try (ServerProcess server = ServerProcess.start(command);
                PlainClient client = PlainClient.greeted(server.port())) {
            assertThat(server.name()).isEqualTo("server07");
            assertThat(client.ask("1234567")).isEqualTo("error LINE_TOO_LONG max 6 bytes");
            server.awaitLine("sent reply to " + client.address());

            String port = Integer.toString(server.port());
            assertThat(socketz("serve", "--check", "--config", file.toString(), "-H", "127.0.0.1", "-p", port))
                    .isEqualTo(new Child.Result(
                            0,
                            "ok: options, with 3 settings in " + file + "\n",
                            "warning: --port: 127.0.0.1:" + port + " is in use: a server cannot start while it is\n"));
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
        Files.writeString(file, "\nprot = 1\n");
        assertThat(socketz("serve", "--check", "--config", file.toString()))
                .isEqualTo(wrongUse(
                        "serve",
                        "",
                        "--config: " + file
                                + ": not an option of 'socketz serve': prot in line 2 (did you mean port?)"));
    }

    // ---- Help, version, completion ------------------------------------------------------------------------------

    @Test
    void helpFitsIntoEightyColumns() throws Exception {
        Child.Result help = socketz("--help");
        assertThat(help.out()).startsWith("Usage: socketz ").contains("serve", "verify", "completion", "SOCKETZ_PORT");
        assertHelps(help);
    }

    @Test
    void helpShowsEveryOptionOfAServer() throws Exception {
        Child.Result help = socketz("serve", "--help");
        assertThat(help.out())
                .startsWith("Usage: socketz serve ")
                .contains(
                        "-H, --host=HOST ", "-p, --port=PORT ", "--name=NAME ", "--proxy-from=CIDR,... ", "--loops=N ")
                .contains("--max-line=BYTES ", "--max-connections=N ", "--max-per-address=N ")
                .contains("--first-byte-timeout=TIME\n", "--idle-timeout=TIME ", "--outbound-timeout=TIME\n")
                .contains("--proxy-timeout=TIME ", "--drain-timeout=TIME ", "-v, --verbose ", "-h, --help ")
                .contains("-V, --version ", "SOCKETZ_PORT")
                .contains("\nThe cluster:\n", "--state=STORE ", "--advertise=HOST:PORT ", "--lease-ttl=TIME ")
                .contains(
                        "--etcd=URL,... ", "--etcd-prefix=PREFIX ", "--etcd-user=USER ", "--etcd-password-file=FILE\n")
                .contains("--etcd-ca=FILE ", "--etcd-cert=FILE ", "--etcd-key=FILE ");
        assertHelps(help);
    }

    private static void assertHelps(Child.Result help) {
        assertThat(help.status()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void printsItsVersion() throws Exception {
        Child.Result version = socketz("--version");
        assertThat(version.status()).isZero();
        assertThat(version.err()).isEmpty();
        assertThat(version.out()).matches("socketz \\d+\\.\\d+\\.\\d+\\S*, Java \\d+\\S*\n");
        assertThat(socketz("serve", "-V")).isEqualTo(version);
    }

    @Test
    void completesInBash() throws Exception {
        Child.Result completion = socketz("completion");
        assertThat(completion.status()).isZero();
        assertThat(completion.err()).isEmpty();
        Path script = Files.writeString(directory.resolve("completion"), completion.out());
        Child.Result check = Child.of(List.of("bash", "-n", script.toString())).run();
        assertThat(check).isEqualTo(new Child.Result(0, "", ""));
        try (Tmux shell = Tmux.start(directory, List.of("bash", "--norc", "--noprofile", "-i"))) {
            shell.type("PS1='ready:'");
            shell.awaitEnd("\nready:");
            shell.type("source " + script);
            shell.awaitEnd("\nready:");
            shell.press("socketz serve --pr", "Tab");
            shell.awaitEnd("\nready:socketz serve --proxy-");
            shell.press("Tab", "Tab");
            assertThat(shell.await("--proxy-timeout").lines())
                    .anyMatch(line -> line.matches("--proxy-from +--proxy-timeout *"));
            shell.awaitEnd("\nready:socketz serve --proxy-");
            shell.press("C-u", "socketz se", "Tab");
            shell.awaitEnd("\nready:socketz serve");
        }
    }

    // ---- The console --------------------------------------------------------------------------------------------

    @Test
    void showsConnectionsAndPrintsNothingOnStandardError() throws Exception {
        try (ServerProcess server = ServerProcess.start();
                PlainClient first = PlainClient.greeted(server.port());
                PlainClient second = PlainClient.greeted(server.port())) {
            assertThat(first.ask("WHY")).isEqualTo("42");
            server.awaitLine(second.address());
            first.send("QUIT\n");
            assertThat(first.rest() + first.address()).isEqualTo(first.address());
            assertThat(second.ask("WHY")).isEqualTo("42");
            server.process().signal("TERM");
            assertThat(second.rest()).isEmpty();
            Child.Result result = server.process().await();
            assertThat(result.status()).isZero();
            assertThat(result.err()).isEmpty();
            assertThat(result.out().lines())
                    .containsExactly(
                            "Starting server...",
                            "listening on 0.0.0.0:" + server.port() + " as "
                                    + server.id().substring(0, 8) + ", id " + server.id(),
                            "connection from: " + first.address(),
                            "connection from: " + second.address(),
                            "Stopping server... (a second signal ends it at once)");
        }
    }

    @Test
    void showsRepliesAndEveryEndWhenVerbose() throws Exception {
        try (ServerProcess server = ServerProcess.start("-v");
                PlainClient client = PlainClient.greeted(server.port())) {
            assertThat(client.ask("WHY")).isEqualTo("42");
            client.send("QUIT\n");
            assertThat(client.rest()).isEmpty();
            server.awaitLine("closed");
            assertThat(server.process().out().lines().subList(2, 6))
                    .containsExactly(
                            "connection from: " + client.address(),
                            "sent reply to " + client.address(),
                            "sent reply to " + client.address(),
                            "connection closed: " + client.address() + " CLIENT_QUIT");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --first-byte-timeout 50ms             | ""       | FIRST_BYTE_TIMEOUT (nothing was sent)
                    --idle-timeout 50ms                   | WHY      | IDLE_TIMEOUT (nothing was sent for too long)
                    --proxy-timeout 50ms --proxy-from ::/0,0.0.0.0/0 | "" | PROXY_HEADER_TIMEOUT
                    --proxy-from 127.0.0.1                | WHY      | PROXY_HEADER_INVALID (bad PROXY header: no PROXY protocol signature)
                    """)
    void namesTheLimitThatAConnectionHit(String options, String request, String ending) throws Exception {
        try (ServerProcess server = ServerProcess.start(options.split(" "));
                PlainClient client = PlainClient.connect(server.port())) {
            client.send(request.isEmpty() ? "" : request + "\n");
            String told = client.rest();
            assertThat(server.awaitLine("connection closed: "))
                    .isEqualTo("connection closed: " + client.address() + " " + ending);
            assertThat(told.contains("error ")).isEqualTo(!ending.startsWith("PROXY"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--max-connections", "--max-per-address"})
    void namesTheConnectionLimitThatWasHit(String option) throws Exception {
        try (ServerProcess server = ServerProcess.start(option, "2");
                PlainClient first = PlainClient.greeted(server.port());
                PlainClient second = PlainClient.greeted(server.port());
                PlainClient third = PlainClient.connect(server.port())) {
            String address = third.address();
            String told = third.rest();
            assertThat(told).matches("error TOO_MANY_(CONNECTIONS|FROM_ADDRESS) max 2.*\n");
            assertThat(server.awaitLine("connection closed: "))
                    .isEqualTo("connection closed: " + address + " "
                            + told.strip().replaceFirst("error (\\S+) (.+)", "$1 ($2)"));
            assertThat(first.ask("WHY")).isEqualTo("42");
            assertThat(second.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void treatsAnEmptyVariableAsUnset() throws Exception {
        try (Child server =
                ServerProcess.command().environment("SOCKETZ_HOST", "").start()) {
            Polling.until(
                    server::printed,
                    printed -> printed.contains("listening on") || !server.isAlive(),
                    "neither listens nor ends");
            assertThat(server.out().text()).contains("listening on 0.0.0.0:");
        }
    }

    @Test
    void helpsWithCompletionUnderItsOwnName() throws Exception {
        Child.Result help = Child.of(Checkout.socketz("completion", "--help")).run();
        assertThat(help.out()).startsWith("Usage: socketz completion ");
    }

    @Test
    void ignoresTheVariableThatNamesAVersion() throws Exception {
        Child.Result version = Child.of(Checkout.socketz("--version"))
                .environment("SOCKETZ_VERSION", "0.1.0")
                .run();
        assertThat(version.status()).as(version.err()).isZero();
    }

    // ---- Surroundings -------------------------------------------------------------------------------------------

    @Test
    void sendsNothingIfStandardInputIsClosed() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            // Also with all three closed, so that the JVM's own files could take their numbers.
            for (String closed : List.of("<&-", "<&- >&- 2>&-")) {
                List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" " + closed, "sh"));
                command.addAll(Checkout.socketz("connect", "127.0.0.1:" + server.port()));
                assertThat(Child.of(command).run()).as(closed).isEqualTo(new Child.Result(0, "", ""));
            }
        }
    }

    @Test
    void keepsItsFilesInTheHomeOfTheEnvironment() throws Exception {
        Child.Result result = Child.of(Checkout.socketz("--version"))
                .environment("HOME", directory.toString())
                .environment("SOCKETZ_JAVA_OPTS", "-XshowSettings:properties")
                .run();
        assertThat(result.err()).contains("user.home = " + directory + "\n");
    }

    @ParameterizedTest
    @CsvSource({"C, ''", "POSIX, ''", "'', ''", "'', no_WH.UTF-8"})
    void readsNamesOutsideOfAsciiInAnyLocale(String all, String language) throws Exception {
        Path home = Files.createDirectory(directory.resolve("jos\u00e9 x"));
        try (ServerProcess server = ServerProcess.start()) {
            Child.Builder command = Child.of(Checkout.socketz(
                            "bench", "127.0.0.1:" + server.port(), "-c", "1", "-n", "1", "--csv", "\u00e9.csv"))
                    .shell("cd \"$HOME\" && exec \"$@\"")
                    .environment("HOME", home.toString())
                    .environment("LC_ALL", all)
                    .environment("LANG", language);
            Child.Result result = command.run();
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err()).isEmpty();
        }
        assertThat(home.resolve("\u00e9.csv")).isNotEmptyFile();
    }

    @Test
    void runsInAFolderOutsideOfAscii() throws Exception {
        Path checkout = checkout("jos\u00e9 x");
        Files.createSymbolicLink(
                Files.createDirectory(checkout.resolve("socketz-server")).resolve("target"),
                Checkout.home().resolve("socketz-server/target"));
        assertThat(start(checkout).environment("SOCKETZ_NO_BUILD", "1").run()).isEqualTo(socketz("--version"));
    }

    @Test
    void runsThroughSymbolicLinksFromAnotherFolder() throws Exception {
        Path here = Files.createDirectory(directory.resolve("a folder"));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(elsewhere.resolve("second"), Checkout.home().resolve("socketz"));
        Files.createSymbolicLink(here.resolve("first"), Path.of("../elsewhere/second"));
        for (String name :
                List.of("./first", "../a folder/first", here.resolve("first").toString())) {
            Child.Builder command = Child.of(List.of(name, "--version")).shell("cd \"$HERE\" && exec \"$@\"");
            assertThat(command.environment("HERE", here.toString()).run())
                    .as(name)
                    .isEqualTo(socketz("--version"));
        }
    }

    @Test
    void reportsInOneLineThatItIsNotInACheckout() throws Exception {
        Path copy = Files.copy(Checkout.home().resolve("socketz"), directory.resolve("socketz"));
        assertThat(Child.of(List.of(copy.toString(), "--version")).run())
                .isEqualTo(new Child.Result(
                        2,
                        "",
                        "socketz: " + directory.toRealPath() + "/infra/launcher is missing: please link to a checkout,"
                                + " rather than copy a part of it\n"));
    }

    @Test
    void reportsInOneLineThatJavaCannotRun() throws Exception {
        Path checkout = checkout("a:b");
        assertThat(start(checkout).run())
                .isEqualTo(new Child.Result(
                        2,
                        "",
                        "socketz: Java cannot work in a folder with ':' in its path: please move '"
                                + checkout.toRealPath() + "'\n"));
        Child.Result result = Child.of(Checkout.socketz("--version"))
                .shell("cd \"$GONE\" && rmdir \"$GONE\" && exec \"$@\"")
                .environment(
                        "GONE", Files.createDirectory(directory.resolve("gone")).toString())
                .run();
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err().lines()) // after bash's own messages
                .endsWith("socketz: the current folder has been deleted: please cd to another");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "SOCKETZ_JAVA_OPTS"})
    void usesTheCollectorOfTheEnvironment(String variable) throws Exception {
        Child.Result result = Child.of(Checkout.socketz("serve", "--version"))
                .environment(variable, "-Xmx100m -XX:+UseParallelGC")
                .run();
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isEqualTo(socketz("--version").out());
    }

    // ---- Builds -------------------------------------------------------------------------------------------------

    /** A folder with the launcher and nothing else. */
    private Path checkout(String name) throws Exception {
        Path checkout = Files.createDirectory(directory.resolve(name));
        Files.copy(Checkout.home().resolve("socketz"), checkout.resolve("socketz"));
        Path jobs = Files.createDirectories(checkout.resolve("infra/launcher"));
        try (Stream<Path> files = Files.list(Checkout.home().resolve("infra/launcher"))) {
            for (Path file : files.toList()) {
                Files.copy(file, jobs.resolve(file.getFileName()));
            }
        }
        return checkout;
    }

    private static Child.Builder start(Path checkout) {
        return start(checkout, "serve");
    }

    private static Child.Builder start(Path checkout, String command) {
        return Child.of(List.of(checkout.resolve("socketz").toString(), command, "--version"));
    }

    @Test
    void buildsOnceForEachChangeAndSaysWhy() throws Exception {
        Path checkout = checkout("checkout");
        Path source = sourceThatBuildsQuickly(checkout);

        assertBuilds(checkout, "for the first time");
        assertBuilds(checkout, null);
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plus(Duration.ofHours(2))));
        assertBuilds(checkout, "because socketz-server/src/main/Server.java has changed");
        assertBuilds(checkout, null);
        Files.writeString(source, "final class Server {}");
        assertBuilds(checkout, "because socketz-server/src/main/Server.java has changed");
        assertBuilds(checkout, null);
        // The class archive is made without the flags of every JVM, such as an agent or another collector.
        try (Stream<Path> files = Files.list(checkout.resolve("target"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".jsa.log")))
                    .singleElement()
                    .asString()
                    .satisfies(log -> assertThat(Path.of(log))
                            .content()
                            .contains("started untold\n")
                            .doesNotContain("-ea"));
        }
        // A second build would take the libraries away from the server that the first one was for.
        assertBuilds(checkout, "servers", null);
    }

    /** As after a power cut: the lock is still there, and its process id is another program's. */
    @Test
    void buildsAlthoughADeadLauncherHasLeftItsLock() throws Exception {
        Path checkout = checkout("checkout");
        sourceThatBuildsQuickly(checkout);
        Path target = Files.createDirectory(checkout.resolve("target"));
        try (Child other = Child.of(List.of("sleep", "60")).start()) {
            Files.createSymbolicLink(
                    target.resolve("build.lock"),
                    Path.of(Long.toString(other.handle().pid())));
            assertBuilds(checkout, "for the first time");
        }
    }

    @Test
    void buildsNothingWhileVerifyRunsInTheSameFolder() throws Exception {
        Path checkout = checkout("checkout");
        sourceThatBuildsQuickly(checkout);
        Path target = Files.createDirectory(checkout.resolve("target"));
        try (Child verify =
                Child.of(List.of("bash", "-c", "sleep 60; true", "socketz")).start()) {
            long process = verify.handle().pid();
            Files.createSymbolicLink(target.resolve("verify.lock"), Path.of(Long.toString(process)));
            String where = checkout.toRealPath().toString();
            assertThat(run(checkout, "serve"))
                    .isEqualTo(new Child.Result(
                            1,
                            "",
                            "socketz: process " + process + " runs verify in " + where
                                    + ", which a build would disturb: please wait, or use another checkout\n"));
            assertThat(run(checkout, "verify").err())
                    .isEqualTo("socketz: process " + process + " already runs verify in " + where
                            + ": please wait, or use another checkout\n");
        }
        assertBuilds(checkout, "for the first time");
    }

    /** Debian's packages start services, on the ports that the topology wants. */
    @Test
    void stopsTheServicesThatComeWithPackages() throws Exception {
        Path calls = directory.resolve("calls");
        for (String tool : List.of("bash", "env", "readlink", "awk", "tail")) {
            program("path/" + tool, "exec " + Checkout.tool(tool) + " \"$@\"");
        }
        program("path/id", "echo 0");
        // HAProxy's is the user's own.
        program(
                "path/systemctl",
                "case \"$*\" in 'disable '*) echo \"$@\" >>" + calls + " ;; *\\ haproxy) ;;"
                        + " *\\ etcd | *\\ docker* | *\\ containerd) [ -e " + directory
                        + "/path/etcd ] ;; *) exit 3 ;; esac");
        program(
                "path/apt-get",
                "[ $1 != install ] || { echo '#!/bin/sh' >" + directory + "/path/etcd; " + Checkout.tool("chmod")
                        + " +x " + directory + "/path/etcd; }");
        Child.Result result = Child.of(
                        List.of(checkout("checkout").resolve("socketz").toString(), "tools", "etcd"))
                .environment("PATH", directory.resolve("path").toString())
                .run();
        assertThat(result.status()).isZero();
        assertThat(result.err().lines())
                .containsExactly(
                        "socketz: installing etcd-server with apt-get ...",
                        "socketz: stopped the services that came with the packages:"
                                + " etcd docker.socket docker containerd");
        assertThat(Files.readString(calls).strip())
                .isEqualTo("disable --now --quiet etcd docker.socket docker containerd");
    }

    /** A source, and programs instead of Maven, the modules, which take half a minute, and Java. */
    private Path sourceThatBuildsQuickly(Path checkout) throws Exception {
        program(
                "mvn",
                "[ $1 = -v ] && echo 'Apache Maven 3.9.9' && exit; mkdir -p socketz-server/target;"
                        + " touch socketz-server/target/socketz-server.jar;"
                        + " case $* in *'-pl socketz-it -am'*) mkdir -p socketz-it/target;"
                        + " touch socketz-it/target/socketz-it.jar ;; esac");
        program("bin/javac", "");
        program("bin/java", "echo \"started ${JAVA_TOOL_OPTIONS-untold}\"");
        Files.writeString(directory.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        Path source = checkout.resolve("socketz-server/src/main/Server.java");
        Files.createDirectories(source.getParent());
        return Files.writeString(source, "class Server {}");
    }

    private void program(String name, String script) throws Exception {
        Path program = directory.resolve(name);
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private void assertBuilds(Path checkout, @Nullable String reason) throws Exception {
        assertBuilds(checkout, "serve", reason);
    }

    private void assertBuilds(Path checkout, String command, @Nullable String reason) throws Exception {
        Child.Result result = run(checkout, command);
        String line = "socketz: building " + reason + "; this takes half a minute, longer if Maven downloads; log: "
                + checkout.toRealPath() + "/target/build.log\n";
        assertThat(result).isEqualTo(new Child.Result(0, "started -ea\n", reason == null ? "" : line));
    }

    private Child.Result run(Path checkout, String command) throws Exception {
        return start(checkout, command)
                .environment("SOCKETZ_NO_BUILD", "")
                .environment("JAVA_HOME", directory.toString())
                .environment("JAVA_TOOL_OPTIONS", "-ea")
                .environment("PATH", directory + ":" + System.getenv("PATH"))
                .run();
    }

    // ---- The cluster --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"etcd", "gateway"})
    void servesWithoutEtcdAndNamesOnceTheOptionThatMayHelp(String state) throws Exception {
        String etcd = "http://127.0.0.1:" + FreePorts.take(1).get(0);
        Child.Builder command = ServerProcess.command("--state", state, "--etcd", etcd, "--etcd-user", "root")
                .environment("SOCKETZ_ETCD_PASSWORD", "correct horse");
        try (ServerProcess server = ServerProcess.start(command);
                PlainClient client = PlainClient.greeted(server.port())) {
            assertThat(server.awaitWarning("etcd"))
                    .startsWith("etcd does not answer: " + etcd + ": ")
                    .endsWith("; serving from memory until it does (--etcd)");
            assertThat(client.ask("WHO")).isEqualTo("client list: {'" + client.address() + "'}");
            Child.Result result = server.stop();
            assertThat(result.status()).isZero();
            assertThat(result.err().lines()).hasSize(1);
            assertThat(result.out() + result.err()).doesNotContain("correct horse");
        }
    }

    @Test
    void loadsNoClassOfEtcdForAStandAloneServer() throws Exception {
        Path log = directory.resolve("classes");
        Child.Builder command =
                ServerProcess.command().environment("SOCKETZ_JAVA_OPTS", "-Xlog:class+load:file=" + log);
        try (ServerProcess server = ServerProcess.start(command);
                PlainClient client = PlainClient.greeted(server.port())) {
            assertThat(client.ask("WHO")).startsWith("client list: ");
            assertThat(server.stop().status()).isZero();
        }
        assertThat(Files.readString(log))
                .contains(" io.socketz.server.SocketzServer ", " io.socketz.state.memory.MemoryRegistry ")
                .doesNotContain(" io.grpc.", " io.netty.", " io.vertx.", " io.etcd.", " com.google.")
                .doesNotContain(" io.socketz.state.jetcd.", " io.socketz.state.gateway.", " java.net.http.");
    }
}
