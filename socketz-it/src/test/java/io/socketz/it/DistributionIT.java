package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution, unpacked, where nothing is but a JVM. */
class DistributionIT {
    private static final String ADVICE = "please install a JRE, or set JAVA_HOME to one";

    @TempDir
    static Path directory;

    private static Path home;
    private static Path javaAlone;

    @BeforeAll
    static void unpack() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("eine Ablage für Socketz"));
        extract(Child.of(List.of("tar", "-xzf", made("socketz-*.tar.gz").toString(), "-C", folder.toString())));
        home = onlyFileIn(folder, "socketz-*");
        javaAlone = Files.createDirectory(directory.resolve("java-alone"));
        Files.createSymbolicLink(javaAlone.resolve("java"), Path.of(System.getProperty("java.home"), "bin/java"));
    }

    private static void extract(Child.Builder command) throws Exception {
        assertThat(command.run()).isEqualTo(new Child.Result(0, "", ""));
    }

    private static Path made(String pattern) throws IOException {
        return onlyFileIn(Checkout.home().resolve("socketz-it/target"), pattern);
    }

    private static Path onlyFileIn(Path folder, String pattern) throws IOException {
        try (var files = Files.newDirectoryStream(folder, pattern)) {
            assertThat(files).as("%s in %s", pattern, folder).hasSize(1);
        }
        try (var files = Files.newDirectoryStream(folder, pattern)) {
            return files.iterator().next();
        }
    }

    /** With these variables of the environment and no other. */
    private static Child.Builder run(Path program, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "-i"));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return Child.of(command);
    }

    private static Child.Builder socketz(String... arguments) {
        return run(home.resolve("bin/socketz"), Map.of("PATH", javaAlone.toString()), arguments);
    }

    @Test
    void needsNothingButAJvm() throws Exception {
        Child.Result version = socketz("--version").run();
        assertThat(version.out()).startsWith("socketz ").contains(", Java " + Runtime.version());
        assertThat(version.err()).isEmpty();
        try (ServerProcess server = ServerProcess.start(socketz("serve", "-p", "0", "-H", "127.0.0.1"))) {
            assertThat(socketz("connect", "127.0.0.1:" + server.port(), "-e", "WHY")
                            .run())
                    .isEqualTo(new Child.Result(0, "42\n", ""));
            Child.Result end = server.stop();
            assertThat(end.err()).isEmpty();
            assertThat(end.status()).isZero();
        }
    }

    @Test
    void namesItselfAsItIsInstalled() throws Exception {
        assertThat(socketz("connect", "-e", "WHY", "--help").run().status()).isZero();
        assertThat(socketz("--help").run().out())
                .contains("  up ", "source <(socketz completion)")
                .doesNotContain("verify");
    }

    @Test
    void isFoundThroughSymbolicLinks() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), home.resolve("bin/socketz"));
        Path second = Files.createSymbolicLink(
                directory.resolve("second link"), Path.of(link.getFileName().toString()));
        assertThat(run(second, Map.of("JAVA_HOME", System.getProperty("java.home")), "--version")
                        .run()
                        .status())
                .isZero();
    }

    @Test
    void saysInOneLineThatJavaIsMissingOrTooOld() throws Exception {
        Path program = home.resolve("bin/socketz");
        Map<String, String> nothing =
                Map.of("PATH", directory.resolve("nowhere").toString());
        assumeThat(Path.of("/usr/libexec/java_home"))
                .as("which always finds one")
                .doesNotExist();
        assertThat(run(program, nothing, "serve").run())
                .isEqualTo(new Child.Result(2, "", "socketz: needs Java 17 or later: " + ADVICE + "\n"));
        Path old = directory.resolve("old");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        assertThat(run(program, Map.of("PATH", old.resolve("bin").toString()), "serve")
                        .run())
                .isEqualTo(new Child.Result(
                        2,
                        "",
                        "socketz: needs Java 17 or later: " + ADVICE + " (Java 11 in " + old.toRealPath()
                                + " is too old)\n"));
    }

    @Test
    void saysInOneLineWhereItCannotBe() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("a:b/bin"));
        Files.createDirectory(folder.resolveSibling("lib"));
        Files.copy(home.resolve("lib/jvm.sh"), folder.resolve("../lib/jvm.sh"));
        Path copy = Files.copy(home.resolve("bin/socketz"), folder.resolve("socketz"));
        Child.Result colon =
                run(copy, Map.of("PATH", javaAlone.toString()), "serve").run();
        assertThat(colon.status()).isEqualTo(2);
        assertThat(colon.err())
                .startsWith("socketz: Java cannot work in a folder with ':' in its path: ")
                .hasLineCount(1);
        Path alone = Files.copy(home.resolve("bin/socketz"), directory.resolve("socketz"));
        Child.Result copied =
                run(alone, Map.of("PATH", javaAlone.toString()), "serve").run();
        assertThat(copied.status()).isEqualTo(2);
        assertThat(copied.err()).contains("please link to bin/socketz").hasLineCount(1);
    }

    @Test
    void hasEachJarOfTheCheckoutOnce() throws Exception {
        List<String> names = RuntimeJars.withoutVersions(home.resolve("lib"));
        assertThat(names).doesNotHaveDuplicates();
        assertThat(names)
                .filteredOn(name -> name.startsWith("socketz-"))
                .containsExactlyInAnyOrder(
                        "socketz-client", "socketz-it", "socketz-protocol", "socketz-server", "socketz-state");
        assertThat(names)
                .filteredOn(name -> !name.startsWith("socketz-"))
                .containsExactlyInAnyOrderElementsOf(RuntimeJars.rows());
    }

    @Test
    void bashTakesTheCompletion() throws Exception {
        Child.Result completed = Child.of(List.of(
                        "bash",
                        "-c",
                        ". \"$1\" && COMP_WORDS=(socketz con) COMP_CWORD=1 && _complete_socketz && echo \"${COMPREPLY[*]}\"",
                        "bash",
                        home.resolve("completion/bash/socketz").toString()))
                .run();
        assertThat(completed).isEqualTo(new Child.Result(0, "connect\n", ""));
    }

    @Test
    void theDebianPackageRunsWhereItIsUnpacked() throws Exception {
        assumeThat(Programs.find("dpkg-deb")).as("only Debian has it").isPresent();
        Path root = Files.createDirectory(directory.resolve("root"));
        extract(Child.of(List.of("dpkg-deb", "-x", made("socketz_*.deb").toString(), root.toString())));
        assertThat(Files.readSymbolicLink(root.resolve("usr/bin/socketz")))
                .isEqualTo(Path.of("/usr/share/socketz/bin/socketz"));
        assertThat(root.resolve("usr/share/man/man1/socketz.1.gz")).isRegularFile();
        assertThat(root.resolve("usr/share/bash-completion/completions/socketz"))
                .isRegularFile();
        assertThat(root.resolve("usr/share/zsh/vendor-completions/_socketz")).isRegularFile();
        assertThat(root.resolve("lib/systemd/system/socketz.service"))
                .content()
                .contains("ExecStart=/usr/bin/socketz serve\n");
        assertThat(run(root.resolve("usr/share/socketz/bin/socketz"), Map.of("PATH", javaAlone.toString()), "--version")
                        .run()
                        .status())
                .isZero();
    }
}
