package io.socketz.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Wrong options, without a process for each: that the launcher passes them on is tested in its own tests. */
class WrongUseTest {
    private static final String HOME = "socketz.home";

    /** Nothing may be made there. */
    @TempDir
    Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** As the launcher does: {@code up} looks for it before anything else. */
    @BeforeEach
    void nameTheCheckout() {
        System.setProperty(HOME, "checkout");
    }

    @AfterEach
    void forgetTheCheckout() {
        System.clearProperty(HOME);
    }

    private int run(Map<String, String> environment, String... arguments) {
        CommandLine line = SocketzMain.commandLine(environment);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private void assertWrongUse(Map<String, String> environment, String command, String options, String message) {
        String[] arguments = options.isEmpty() ? new String[] {command} : (command + " " + options).split(" ");
        assertThat(run(environment, arguments)).isEqualTo(2);
        String name = "socketz " + command;
        assertThat(err).hasToString(name + ": " + message + "; see '" + name + " --help'\n");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    serve   | -p                              | Missing required parameter for option '--port' (PORT)
                    serve   | -p -1                           | Invalid value for option '--port': '-1' is not a number from 0 to 65535
                    serve   | -p 1 -p 2                       | option '--port' (PORT) should be specified only once
                    serve   | --proxy-from 10.0.0.1,localhost | Invalid value for option '--proxy-from': 'localhost' is not an address block: no IP address
                    serve   | --idle-timeout -1s              | Invalid value for option '--idle-timeout': '-1s' is not a time like 500ms, 1.5s, 1m30s or 2h
                    serve   | --state etcd --etcd-user root   | --etcd-user needs a password, in SOCKETZ_ETCD_PASSWORD or --etcd-password-file
                    connect | localhost:x -e WHY              | 'localhost:x' is not host:port: port 0 to 65535
                    connect | a,,b -e WHY                     | '' is not host:port: no host name or IP address
                    connect | a b -e WHY                      | 'b' is not expected
                    connect | --timeout soon -e WHY           | Invalid value for option '--timeout': 'soon' is not a time like 500ms, 1.5s, 1m30s or 2h
                    up      | --etcd=0                        | Invalid value for option '--etcd': '0' is not an odd number from 1 to 9
                    up      | --servers=0                     | Invalid value for option '--servers': '0' is not a number from 1 to 9
                    up      | --servers=10                    | Invalid value for option '--servers': '10' is not a number from 1 to 9
                    up      | --haproxy=0                     | Invalid value for option '--haproxy': '0' is not a number from 1 to 9
                    up      | --haproxy=10                    | Invalid value for option '--haproxy': '10' is not a number from 1 to 9
                    up      | --client-port=x                 | Invalid value for option '--client-port': 'x' is not a number from 0 to 65535
                    soak    | --duration=5x                   | Invalid value for option '--duration': '5x' is not a time like 500ms, 1.5s, 1m30s or 2h
                    soak    | --clients=2001                  | Invalid value for option '--clients': '2001' is not a number from 1 to 2000
                    soak    | --seed=x                        | Invalid value for option '--seed': 'x' is not a whole number
                    """)
    void anErrorSaysInOneLineWhichOptionIsWrong(String command, String options, String message) {
        assertWrongUse(Map.of("SOCKETZ_DATA", data.toString()), command, options, message);
        assertThat(data).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    SOCKETZ_PROXY_FROM   | haproxy01 | Invalid value for option '--proxy-from': 'haproxy01' is not an address block: no IP address
                    SOCKETZ_IDLE_TIMEOUT | soon      | Invalid value for option '--idle-timeout': 'soon' is not a time like 500ms, 1.5s, 1m30s or 2h
                    SOCKETZ_VERBOSE      | very      | Invalid value for option '--verbose': 'very' is not true or false
                    """)
    void anErrorNamesTheVariableThatIsWrong(String variable, String value, String message) {
        assertWrongUse(Map.of(variable, value), "serve", "", message + " (from " + variable + ")");
    }

    @Test
    void anOptionBeforeTheCommandIsUnknown() {
        assertThat(run(Map.of(), "--port=1", "serve")).isEqualTo(2);
        assertThat(err).hasToString("socketz: Unknown option: '--port=1'; see 'socketz --help'\n");
    }
}
