package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.SocketzServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs in README.md and docs/embedding.md run as shown, and docs/serve.md has the flags of the help. */
class ReadmeIT {
    private static final Pattern EXAMPLE =
            Pattern.compile("```java\n((?:(?!```).)*?public class (\\w+) .*?)```", Pattern.DOTALL);
    private static final Pattern SESSION =
            Pattern.compile("\\$ printf '(.*?)' \\| java [^\n]*\n(.*?)```", Pattern.DOTALL);

    /** What the mirror shows every few seconds, even if nothing happens. */
    private static final Pattern NOW = Pattern.compile("\\d clients: event \\d+ now .*");

    @Test
    void theExampleOfTheProtocolLibraryRunsAsShown(@TempDir Path folder) throws Exception {
        Matcher session = SESSION.matcher(examples());
        assertThat(session.find()).isTrue();
        Path input = Files.writeString(folder.resolve("input"), session.group(1).replace("\\n", "\n"));

        Child.Result result = Child.of(java(folder, "Answers", "socketz-protocol"))
                .input(input)
                .run();
        assertThat(result.out()).isEqualTo(session.group(2));
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
    }

    @Test
    void theExampleOfTheClientLibraryRunsAsShown(@TempDir Path folder) throws Exception {
        try (SocketzServer server =
                SocketzServer.builder().host("127.0.0.1").port(0).start()) {
            List<String> command = new ArrayList<>(java(folder, "Roster", "socketz-client", "socketz-protocol"));
            command.add("127.0.0.1:" + server.address().getPort());
            Child.Result result = Child.of(command).run();
            assertThat(result.err()).isEmpty();
            assertThat(result.out())
                    .matches("1 connected, says " + server.member().name() + "\n127\\.0\\.0\\.1:\\d+\n");
            assertThat(result.status()).isZero();
            Matcher shown = Pattern.compile("\\$ java [^\n]* Roster.java [^\n]*\n(\\d) connected, says \\w{8}\n")
                    .matcher(examples());
            assertThat(shown.find()).isTrue();
        }
    }

    @Test
    void theMirrorRunsAsShown(@TempDir Path folder) throws Exception {
        String client = " id=[0-9a-f-]{36}/2 addr=\\S+:\\d+ ";
        List<Pattern> expected = Stream.of(
                        "1 clients at revision \\d+",
                        "2 clients: event \\d+ join" + client + "server=\\w{8} since=\\S+",
                        "1 clients: event \\d+ leave" + client + ".* reason=CLIENT_QUIT")
                .map(Pattern::compile)
                .toList();
        Matcher session = Pattern.compile("\\$ java [^\n]* Mirror.java [^\n]*\n((?:[^`\n]+\n)+)")
                .matcher(examples());
        assertThat(session.find()).isTrue();
        assertMatch(session.group(1).lines().toList(), expected);

        try (SocketzServer server =
                        SocketzServer.builder().host("127.0.0.1").port(0).start();
                Child mirror = Child.of(java(folder, "Mirror", "socketz-client", "socketz-protocol"))
                        .append("127.0.0.1:" + server.address().getPort())
                        .start()) {
            mirror.out().await(" at revision ");
            try (PlainClient guest = PlainClient.greeted(server.address().getPort())) {
                mirror.out().await(" join ");
                guest.send("QUIT\n");
                mirror.out().await(" leave ");
            }
            assertMatch(
                    mirror.out().lines().stream()
                            .filter(line -> !NOW.matcher(line).matches())
                            .toList(),
                    expected);
            assertThat(mirror.err().text()).isEmpty();
            assertThat(mirror.isAlive()).isTrue();
        }
    }

    private static void assertMatch(List<String> lines, List<Pattern> expected) {
        assertThat(lines).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(lines.get(i)).matches(expected.get(i));
        }
    }

    /** Without an etcd, too: a server in a cluster starts whether etcd answers or not. */
    @Test
    void theExampleOfAServerInAClusterRuns(@TempDir Path folder) throws Exception {
        List<String> command = new ArrayList<>(java(folder, "Clustered"));
        command.set(command.indexOf("-cp") + 1, System.getProperty("java.class.path"));
        command.add("http://127.0.0.1:1");
        Child.Result result = Child.of(command).run();
        assertThat(result.out()).matches("listening on \\S+:\\d+\n");
        assertThat(result.status()).isZero();
    }

    @Test
    void withoutTheLibrariesThatTalkToEtcdAServerInAClusterSaysWhatIsMissing(@TempDir Path folder) throws Exception {
        List<String> command =
                new ArrayList<>(java(folder, "Clustered", "socketz-server", "socketz-state", "socketz-protocol"));
        command.add("http://127.0.0.1:1");
        Child.Result result = Child.of(command).run();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("IllegalStateException: a cluster needs the libraries that talk to etcd, jetcd-core and");
    }

    /** Runs the example that is {@code className}, with the classes of {@code modules}. */
    private static List<String> java(Path folder, String className, String... modules) throws Exception {
        Matcher example = EXAMPLE.matcher(examples());
        while (example.find()) {
            if (example.group(2).equals(className)) {
                Path source = Files.writeString(folder.resolve(className + ".java"), example.group(1));
                String classPath = Stream.of(modules)
                        .map(module -> Checkout.home()
                                .resolve(module + "/target/classes")
                                .toString())
                        .collect(Collectors.joining(File.pathSeparator));
                return List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        source.toString());
            }
        }
        throw new AssertionError("no example " + className);
    }

    /** README.md has the mirror, docs/embedding.md the other examples. */
    private static String examples() throws Exception {
        return page("README.md") + page("docs/embedding.md");
    }

    private static String page(String path) throws Exception {
        return Files.readString(Checkout.home().resolve(path));
    }

    @Test
    void theTableOfFlagsMatchesTheHelp() throws Exception {
        String help = Child.of(Checkout.socketz("serve", "--help")).run().out();
        List<String> documented =
                flags(Pattern.compile("^\\| (?:`-\\w`, )?`(--[a-z-]+)`", Pattern.MULTILINE), page("docs/serve.md"));
        List<String> offered = flags(Pattern.compile("^ +(?:-\\w, )?(--[a-z-]+)", Pattern.MULTILINE), help);
        offered.removeAll(List.of("--help", "--version"));
        assertThat(documented).containsExactlyElementsOf(offered);
    }

    private static List<String> flags(Pattern pattern, String text) {
        List<String> flags = new ArrayList<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            flags.add(matcher.group(1));
        }
        return flags;
    }
}
