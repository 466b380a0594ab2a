package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code serve --config}: where options come from, and what is refused. */
class SettingsFileTest {
    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("socketz.properties");
    }

    private void write(String text) throws Exception {
        Files.writeString(file, text);
    }

    /** Reads {@code serve ARGUMENTS} up to where it would serve. */
    private CommandSpec loaded(String... arguments) {
        List<String> all = new ArrayList<>(List.of("serve"));
        all.addAll(List.of(arguments));
        CommandSpec serve = Main.commandLine(environment)
                .parseArgs(all.toArray(String[]::new))
                .subcommand()
                .commandSpec();
        CommandSpec mixin = Objects.requireNonNull(serve.mixins().get("settingsOptions"));
        SettingsOptions options = (SettingsOptions) mixin.userObject();
        options.load(serve, environment);
        return serve;
    }

    private Object valueOf(String option, String... arguments) {
        return loaded(arguments).findOption(option).getValue();
    }

    /** The error of {@code serve --config FILE ARGUMENTS}, in which {@code FILE} stands for the file. */
    private String complaint(String... arguments) {
        List<String> all = new ArrayList<>(List.of("serve", "--config=" + file));
        all.addAll(List.of(arguments));
        return complaintOf(all.toArray(String[]::new)).replace(file.toString(), "FILE");
    }

    private String complaintOf(String... arguments) {
        CommandLine line = Main.commandLine(environment);
        StringWriter err = new StringWriter();
        line.setErr(new PrintWriter(err));
        assertThat(line.execute(arguments)).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        return err.toString().replaceFirst("socketz serve: (.*); see 'socketz serve --help'\n", "$1");
    }

    // ---- Where options come from -------------------------------------------------------------------------------

    @Test
    void anOptionComesFromTheCommandLineTheEnvironmentTheFileOrTheDefault() throws Exception {
        write("port = 1\nname = file\nloops = 3\n");
        environment.put("SOCKETZ_PORT", "2");
        environment.put("SOCKETZ_NAME", "environment");
        CommandSpec serve = loaded("--config", file.toString(), "--port=4");
        assertThat(serve.findOption("--port").<Integer>getValue()).isEqualTo(4);
        assertThat(serve.findOption("--name").<String>getValue()).isEqualTo("environment");
        assertThat(serve.findOption("--loops").<Integer>getValue()).isEqualTo(3);
        assertThat(serve.findOption("--host").<String>getValue()).isEqualTo("0.0.0.0");
    }

    @Test
    void theFileItselfMayComeFromTheEnvironment() throws Exception {
        write("port = 7");
        environment.put("SOCKETZ_CONFIG", file.toString());
        assertThat(valueOf("--port")).isEqualTo(7);
        Path other = Files.writeString(folder.resolve("other"), "port = 8");
        assertThat(valueOf("--port", "--config=" + other)).isEqualTo(8);
    }

    @Test
    void anEmptyVariableLeavesTheFile() throws Exception {
        write("port = 7");
        environment.put("SOCKETZ_PORT", "");
        assertThat(valueOf("--port", "--config=" + file)).isEqualTo(7);
    }

    /** The options of a group are set as soon as one of them is met, which may be before {@code --config}. */
    @Test
    void theOrderOnTheCommandLineDoesNotMatter() throws Exception {
        write("state = etcd\netcd = http://a:1,http://b:2\nlease-ttl = 7\n");
        for (String[] arguments : List.of(
                new String[] {"--etcd-prefix=/x", "--config=" + file},
                new String[] {"--config=" + file, "--etcd-prefix=/x"})) {
            CommandSpec serve = loaded(arguments);
            assertThat(serve.findOption("--state").<Object>getValue()).hasToString("ETCD");
            assertThat(serve.findOption("--etcd").<EtcdUrls>getValue().urls()).hasSize(2);
            assertThat(serve.findOption("--etcd-prefix").<String>getValue()).isEqualTo("/x");
            assertThat(serve.findOption("--lease-ttl").<Duration>getValue()).hasSeconds(7);
        }
    }

    @Test
    void everyOptionMayStandInTheFile() throws Exception {
        CommandSpec serve = loaded();
        for (OptionSpec option : serve.options()) {
            if (!List.of("--config", "--check", "--help", "--version").contains(option.longestName())) {
                write(option.longestName().substring("--".length()) + " = some text");
                SettingsDefaults defaults = new SettingsDefaults(environment, SettingsFile.read(file, serve));
                assertThat(defaults.defaultValue(option))
                        .as(option.longestName())
                        .isEqualTo("some text");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false", "TRUE, true"})
    void aFlagIsTrueOrFalse(String text, boolean value) throws Exception {
        write("verbose = " + text);
        assertThat(valueOf("--verbose", "--config=" + file)).isEqualTo(value);
    }

    /** Otherwise picocli turns it off. */
    @Test
    void everyFlagStaysOnWhenItIsAlsoOnElsewhere() throws Exception {
        List<OptionSpec> flags = loaded().options().stream()
                .filter(option -> option.arity().max() == 0)
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .toList();
        assertThat(flags).extracting(OptionSpec::longestName).contains("--verbose", "--check");
        for (OptionSpec flag : flags) {
            String name = flag.longestName();
            environment.put(EnvironmentDefaults.variable(flag), "true");
            assertThat(valueOf(name, name)).as(name + " (fallbackValue)").isEqualTo(true);
            assertThat(valueOf(name)).as(name).isEqualTo(true);
            environment.clear();
        }
        write("verbose = true");
        assertThat(valueOf("--verbose", "-v", "--config=" + file)).isEqualTo(true);
    }

    @Test
    void aFileMayHaveAByteOrderMarkCrlfAndAnyLetter() throws Exception {
        write("\ufeffname = J\u00f3zef \u5f20\r\nport = 7\r\n");
        CommandSpec serve = loaded("--config=" + file);
        assertThat(serve.findOption("--name").<String>getValue()).isEqualTo("J\u00f3zef \u5f20");
        assertThat(serve.findOption("--port").<Integer>getValue()).isEqualTo(7);
    }

    @Test
    void helpDoesNotReadTheFile() {
        CommandLine line = Main.commandLine(environment);
        line.setOut(new PrintWriter(new StringWriter()));
        assertThat(line.execute("serve", "--config=" + file, "--help")).isZero();
    }

    // ---- What is refused ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    prot = 1                   | not an option of 'socketz serve': prot in line 1 (did you mean port?)
                    --port = 1                 | not an option of 'socketz serve': --port in line 1 (did you mean port?)
                    SOCKETZ_MAX_LINE=1         | not an option of 'socketz serve': SOCKETZ_MAX_LINE in line 1 (did you mean max-line?)
                    servers.port = 1           | not an option of 'socketz serve': servers.port in line 1
                    p = 1                      | not an option of 'socketz serve': p in line 1
                    check = true               | not an option of 'socketz serve': check in line 1 (it belongs on the command line)
                    config = other             | not an option of 'socketz serve': config in line 1 (it belongs on the command line)
                    help                       | not an option of 'socketz serve': help in line 1 (it belongs on the command line)
                    "prot\\nx = 1\nhots = 2"   | not an option of 'socketz serve': hots in line 2 (did you mean host?), prot?x in line 1
                    "port = 1\nport = 2"       | port stands twice, in line 1 and in line 2
                    name = \\u12               | line 1: \\u without four hexadecimal digits
                    """)
    void anUnknownKeyIsRefusedInOneLine(String text, String message) throws Exception {
        write(text.replace("\\n", "\n").replace("prot\nx", "prot\\nx"));
        assertThat(complaint()).isEqualTo("--config: FILE: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    port = many                      | Invalid value for option '--port': 'many' is not a number from 0 to 65535 (from port in line 1 of FILE)
                    port = 1 # one                   | Invalid value for option '--port': '1 # one' is not a number from 0 to 65535 (from port in line 1 of FILE)
                    port                             | Invalid value for option '--port': '' is not a number from 0 to 65535 (from port in line 1 of FILE)
                    verbose = very                   | Invalid value for option '--verbose': 'very' is not true or false (from verbose in line 1 of FILE)
                    proxy-from = 10.0.0.1,x          | Invalid value for option '--proxy-from': 'x' is not an address block: no IP address (from proxy-from in line 1 of FILE)
                    etcd = http://etcd01             | --etcd needs --state etcd or --state gateway (from etcd in line 1 of FILE)
                    lease-ttl = 1s                   | Invalid value for option '--lease-ttl': '1s' is not whole seconds from 2s to 300s (from lease-ttl in line 1 of FILE)
                    admin-host = localhost           | --admin-host needs --admin-port (from admin-host in line 1 of FILE)
                    """)
    void aWrongValueIsRefusedAsThatOfAFlagWithItsPlace(String text, String message) throws Exception {
        write(text);
        assertThat(complaint()).isEqualTo(message);
    }

    @Test
    void aWrongValueThatIsOverriddenDoesNotMatter() throws Exception {
        write("port = many");
        assertThat(valueOf("--port", "--config=" + file, "--port=1")).isEqualTo(1);
    }

    @Test
    void aWrongVariableIsNotTakenForASettingOfTheFile() throws Exception {
        write("loops = 1\nport = 1");
        environment.put("SOCKETZ_PORT", "many");
        assertThat(complaint()).endsWith("'many' is not a number from 0 to 65535 (from SOCKETZ_PORT)");
    }

    @Test
    void aFileThatCannotBeReadIsRefusedInOneLine() throws Exception {
        assertThat(complaint()).isEqualTo("--config: FILE: no such file");
        Files.write(file, "name = J\u00f3zef".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(complaint()).isEqualTo("--config: FILE: is not UTF-8");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThat(complaint()).isEqualTo("--config: FILE: is longer than 1048576 bytes");
        assertThat(complaintOf("serve", "--config", folder.toString())).startsWith("--config: " + folder + ": ");
        environment.put("SOCKETZ_CONFIG", "/no/such");
        assertThat(complaintOf("serve")).isEqualTo("--config: /no/such: no such file (from SOCKETZ_CONFIG)");
    }

    @Test
    void standardInputIsNoSettingsFile() {
        assertThat(complaintOf("serve", "--config", "-"))
                .isEqualTo("--config: standard input is not read; a file of that name is ./-");
    }
}
