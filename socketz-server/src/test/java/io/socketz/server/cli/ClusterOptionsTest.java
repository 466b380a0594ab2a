package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

class ClusterOptionsTest {
    private static final String SECRET = "correct horse";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter err = new StringWriter();

    /** The error of {@code serve ARGUMENTS}, which is always found before anything starts. */
    private String complaint(String... arguments) {
        CommandLine line = Main.commandLine(environment);
        StringWriter out = new StringWriter();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("serve"));
        all.addAll(List.of(arguments));
        assertThat(line.execute(all.toArray(String[]::new))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("socketz serve: ").endsWith("; see 'socketz serve --help'\n");
        assertThat(err.toString().lines()).hasSize(1);
        return err.toString().replaceFirst("socketz serve: (.*); see 'socketz serve --help'\n", "$1");
    }

    /** Parses like {@code serve}, but starts no server. */
    @Command(name = "serve")
    private static final class Options implements Runnable {
        @ArgGroup(validate = false)
        private ClusterOptions options = new ClusterOptions();

        @Override
        public void run() {}
    }

    private Optional<Cluster> cluster(String... arguments) {
        Options options = new Options();
        CommandLine line = new CommandLine(options);
        line.setDefaultValueProvider(new EnvironmentDefaults(environment));
        line.parseArgs(arguments);
        return options.options.check(line, environment);
    }

    private static String variable(String option) {
        return "SOCKETZ_" + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private String file(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    // ---- Valid options -----------------------------------------------------------------------------------------

    @Test
    void thereIsNoClusterByDefault() {
        assertThat(cluster()).isEmpty();
        assertThat(cluster("--state", "memory")).isEmpty();
    }

    @Test
    void etcdIsOnThisMachineByDefault() {
        Cluster cluster = cluster("--state", "etcd").orElseThrow();
        assertThat(cluster.gateway()).isFalse();
        assertThat(cluster.advertised()).isNull();
        assertThat(cluster.etcd().endpoints()).containsExactly(URI.create("http://localhost:2379"));
        assertThat(cluster.etcd().user()).isNull();
        assertThat(cluster.etcd().password()).isNull();
        assertThat(cluster.settings().prefix()).isEqualTo("/socketz");
        assertThat(cluster.settings().leaseTtl()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void everyOptionIsReadFromTheCommandLine() throws Exception {
        Cluster cluster = cluster(
                        "--state=gateway",
                        "--etcd=http://etcd01:1,http://etcd_1,http://10.0.0.1,http://[::1],http://[::1]:2/",
                        "--etcd-prefix=/a/b",
                        "--etcd-user=root",
                        "--etcd-password-file=" + file("password", SECRET + "\r\nmore\n"),
                        "--lease-ttl=2m",
                        "--advertise=server01:5151")
                .orElseThrow();
        assertThat(cluster.gateway()).isTrue();
        assertThat(cluster.advertised()).isEqualTo("server01:5151");
        assertThat(cluster.etcd().endpoints())
                .extracting(URI::toString)
                .containsExactly(
                        "http://etcd01:1",
                        "http://etcd_1:2379",
                        "http://10.0.0.1:2379",
                        "http://[::1]:2379",
                        "http://[::1]:2");
        assertThat(cluster.etcd().user()).isEqualTo("root");
        assertThat(cluster.etcd().password()).isEqualTo(SECRET);
        assertThat(cluster.settings().prefix()).isEqualTo("/a/b");
        assertThat(cluster.settings().leaseTtl()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void everyOptionIsReadFromTheEnvironment() {
        environment.putAll(Map.of(
                "SOCKETZ_STATE", "etcd",
                "SOCKETZ_ETCD", "https://etcd01,https://etcd02",
                "SOCKETZ_ETCD_PREFIX", "/x",
                "SOCKETZ_ETCD_USER", "root",
                "SOCKETZ_ETCD_PASSWORD", SECRET,
                "SOCKETZ_LEASE_TTL", "7",
                "SOCKETZ_ADVERTISE", "[::1]:1"));
        Cluster cluster = cluster("--etcd-prefix", "/typed").orElseThrow();
        assertThat(cluster.gateway()).isFalse();
        assertThat(cluster.advertised()).isEqualTo("[::1]:1");
        assertThat(cluster.etcd().endpoints()).hasSize(2);
        assertThat(cluster.etcd().user()).isEqualTo("root");
        assertThat(cluster.etcd().password()).isEqualTo(SECRET);
        assertThat(cluster.settings().prefix()).isEqualTo("/typed");
        assertThat(cluster.settings().leaseTtl()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void thePasswordIsNotShown() {
        environment.put("SOCKETZ_ETCD_PASSWORD", SECRET);
        Cluster cluster = cluster("--state=etcd", "--etcd-user=root").orElseThrow();
        assertThat(cluster.etcd().password()).isEqualTo(SECRET);
        assertThat(cluster.toString()).contains("root").doesNotContain(SECRET);
    }

    @Test
    void onlyTheFirstLineOfAPasswordFileIsRead() throws Exception {
        environment.put("SOCKETZ_ETCD_PASSWORD", "");
        Path file = folder.resolve("password");
        byte[] bytes = new byte[100_000];
        bytes[0] = 'p';
        bytes[1] = '\n';
        bytes[2] = (byte) 0xff;
        Files.write(file, bytes);
        assertThat(cluster("--state=etcd", "--etcd-user=root", "--etcd-password-file=" + file)
                        .orElseThrow()
                        .etcd()
                        .password())
                .isEqualTo("p");
    }

    // ---- Values ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --state       | ETCD                   | 'ETCD' is not memory, etcd or gateway
                    --etcd        | localhost:2379         | 'localhost:2379' is not a URL like http://etcd01:2379
                    --etcd        | ftp://a                | 'ftp://a' is not a URL like http://etcd01:2379
                    --etcd        | http://                | 'http://' is not a URL like http://etcd01:2379
                    --etcd        | http://a/v3            | 'http://a/v3' is not a URL like http://etcd01:2379
                    --etcd        | http://a,              | '' is not a URL like http://etcd01:2379
                    --etcd        | http://a?b             | 'http://a?b' is not a URL like http://etcd01:2379: 'a?b:2379' is not host:port: no host name or IP address
                    --etcd        | http://a:0             | 'http://a:0' is not a URL like http://etcd01:2379: port 0
                    --etcd        | http://a:b             | 'http://a:b' is not a URL like http://etcd01:2379: 'a:b' is not host:port: port 0 to 65535
                    --etcd        | http://::1             | 'http://::1' is not a URL like http://etcd01:2379: '::1' is not host:port: an IPv6 address goes in brackets
                    --etcd        | https://etcd_1         | 'https://etcd_1' is not a URL like http://etcd01:2379: https does not take such a host name
                    --etcd        | http://a,https://b     | http and https do not go together
                    --etcd        | http://root:correct@a  | a user goes in --etcd-user, its password in SOCKETZ_ETCD_PASSWORD
                    --etcd-prefix | socketz                | a prefix is like /socketz, not 'socketz': printable ASCII, with a '/' at its beginning, none at its end, and never two together
                    --etcd-prefix | /                      | a prefix is like /socketz, not '/': printable ASCII, with a '/' at its beginning, none at its end, and never two together
                    --etcd-prefix | /a/                    | a prefix is like /socketz, not '/a/': printable ASCII, with a '/' at its beginning, none at its end, and never two together
                    --etcd-prefix | /a//b                  | a prefix is like /socketz, not '/a//b': printable ASCII, with a '/' at its beginning, none at its end, and never two together
                    --etcd-prefix | /a b                   | a prefix is like /socketz, not '/a b': printable ASCII, with a '/' at its beginning, none at its end, and never two together
                    --etcd-prefix | /ä                     | a prefix is like /socketz, not '/ä': printable ASCII, with a '/' at its beginning, none at its end, and never two together
                    --lease-ttl   | 1s                     | '1s' is not whole seconds from 2s to 300s
                    --lease-ttl   | 301s                   | '301s' is not whole seconds from 2s to 300s
                    --lease-ttl   | 2500ms                 | '2500ms' is not whole seconds from 2s to 300s
                    --lease-ttl   | soon                   | 'soon' is not a time like 500ms, 1.5s, 1m30s or 2h
                    --advertise   | 10.0.0.11              | '10.0.0.11' is not host:port: no port
                    --advertise   | server01:0             | 'server01:0' has port 0, which nobody can reach
                    --advertise   | 0.0.0.0:5151           | '0.0.0.0:5151' stands for all addresses of any machine
                    --advertise   | [::]:5151              | '[::]:5151' stands for all addresses of any machine
                    """)
    void anErrorNamesTheInvalidValueAndItsSource(String option, String value, String message) {
        String expected = "Invalid value for option '" + option + "': " + message;
        assertThat(complaint(option + "=" + value)).isEqualTo(expected);
        err.getBuffer().setLength(0);
        String variable = variable(option);
        environment.put(variable, value);
        assertThat(complaint()).isEqualTo(expected + " (from " + variable + ")");
    }

    // ---- Combinations ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "--etcd, http://a",
        "--etcd-prefix, /a",
        "--etcd-user, root",
        "--etcd-password-file, /a",
        "--etcd-ca, /a",
        "--etcd-cert, /a",
        "--etcd-key, /a",
        "--lease-ttl, 5s",
        "--advertise, server01:5151"
    })
    void optionsOfAClusterAreRefusedForAServerAlone(String option, String value) {
        String expected = option + " needs --state etcd or --state gateway";
        assertThat(complaint(option, value)).isEqualTo(expected);
        err.getBuffer().setLength(0);
        String variable = variable(option);
        environment.put(variable, value);
        assertThat(complaint("--state=memory")).isEqualTo(expected + " (from " + variable + ")");
    }

    @Test
    void aPasswordWithoutAUserIsRefused() {
        environment.put("SOCKETZ_ETCD_PASSWORD", SECRET);
        assertThat(complaint()).isEqualTo("SOCKETZ_ETCD_PASSWORD needs --state etcd or --state gateway");
        err.getBuffer().setLength(0);
        assertThat(complaint("--state=etcd")).isEqualTo("SOCKETZ_ETCD_PASSWORD needs --etcd-user");
        err.getBuffer().setLength(0);
        assertThat(complaint("--state=etcd", "--etcd-user=root", "--etcd-password-file=/a"))
                .isEqualTo("--etcd-password-file and SOCKETZ_ETCD_PASSWORD are two passwords: give one");
        environment.clear();
        err.getBuffer().setLength(0);
        assertThat(complaint("--state=etcd", "--etcd-password-file=/a"))
                .isEqualTo("--etcd-password-file needs --etcd-user");
    }

    @Test
    void aUserNeedsAPassword() {
        environment.put("SOCKETZ_ETCD_USER", "root");
        assertThat(complaint("--state=etcd"))
                .isEqualTo("--etcd-user needs a password, in SOCKETZ_ETCD_PASSWORD or --etcd-password-file"
                        + " (from SOCKETZ_ETCD_USER)");
    }

    @Test
    void aUserNeedsAName() {
        environment.put("SOCKETZ_ETCD_PASSWORD", SECRET);
        assertThat(complaint("--state=etcd", "--etcd-user=")).isEqualTo("--etcd-user is empty");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --etcd-ca=/a                                       | --etcd-ca needs https URLs in --etcd
                    --etcd-cert=/a                                     | --etcd-cert needs https URLs in --etcd
                    --etcd=http://a --etcd-cert=/a --etcd-key=/a       | --etcd-cert needs https URLs in --etcd
                    --etcd=https://a --etcd-cert=/a                    | --etcd-cert needs --etcd-key
                    --etcd=https://a --etcd-key=/a                     | --etcd-key needs --etcd-cert
                    --etcd=https://a --etcd-ca=/none                   | --etcd-ca: /none: no such file
                    --etcd=https://a --etcd-cert=/none --etcd-key=/a   | --etcd-cert: /none: no such file
                    """)
    void anErrorSaysWhatTlsNeeds(String options, String message) {
        environment.put("SOCKETZ_STATE", "etcd");
        assertThat(complaint(options.split(" "))).isEqualTo(message);
    }

    // ---- Files -------------------------------------------------------------------------------------------------

    @Test
    void anErrorSaysWhatIsWrongWithACertificateFile() throws Exception {
        String file = file("pem", "nothing of use");
        assertThat(complaint("--state=etcd", "--etcd=https://a", "--etcd-ca=" + file))
                .startsWith("--etcd-ca: " + file + ": no certificate in it");
        err.getBuffer().setLength(0);
        environment.put("SOCKETZ_ETCD_CA", file);
        assertThat(complaint("--state=etcd", "--etcd=https://a"))
                .startsWith("--etcd-ca: " + file + ": no certificate in it")
                .endsWith(" (from SOCKETZ_ETCD_CA)");
    }

    @Test
    void anErrorSaysWhatIsWrongWithAPasswordFile() throws Exception {
        environment.put("SOCKETZ_STATE", "etcd");
        environment.put("SOCKETZ_ETCD_USER", "root");
        Map<String, String> wrong = Map.of(
                folder.resolve("none").toString(), "no such file",
                folder.toString(), "Is a directory",
                file("empty", ""), "its first line is empty",
                file("blank", "\nsecond line\n"), "its first line is empty",
                file("long", "x".repeat(5000)), "its first line is longer than 4096 bytes");
        wrong.forEach((file, why) -> {
            err.getBuffer().setLength(0);
            assertThat(complaint("--etcd-password-file", file)).isEqualTo("--etcd-password-file: " + file + ": " + why);
        });
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', (byte) 0xff, '\n'});
        err.getBuffer().setLength(0);
        assertThat(complaint("--etcd-password-file", binary.toString()))
                .isEqualTo("--etcd-password-file: " + binary + ": its first line is not UTF-8");
    }

    // ---- Warnings ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "rw-r--r--, read, 0644",
        "rw--w--w-, change, 0622",
        "rwxrwxrwx, read and change, 0777",
        "r--r-----, , ",
        "rw-------, , "
    })
    void aPasswordFileThatEveryUserCanAccessCausesAWarning(
            String permissions, @Nullable String access, @Nullable String mode) throws Exception {
        String secret = file("password", SECRET);
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(secret)); // as Kubernetes mounts it
        Files.setPosixFilePermissions(Path.of(secret), PosixFilePermissions.fromString(permissions));
        Options options = new Options();
        new CommandLine(options).parseArgs("--etcd-password-file=" + link);
        assertThat(options.options.exposedSecrets())
                .isEqualTo(
                        access == null
                                ? List.of()
                                : List.of("--etcd-password-file: every user of this machine may " + access + " " + link
                                        + " (mode " + mode + "): chmod 600 " + link));
    }

    @Test
    void aKeyFileThatEveryUserCanAccessCausesAWarning() throws Exception {
        String key = file("key.pem", "");
        Files.setPosixFilePermissions(Path.of(key), PosixFilePermissions.fromString("rw-r--r--"));
        Options options = new Options();
        new CommandLine(options).parseArgs("--etcd-key=" + key);
        assertThat(options.options.exposedSecrets()).singleElement().asString().startsWith("--etcd-key: every user ");
    }
}
