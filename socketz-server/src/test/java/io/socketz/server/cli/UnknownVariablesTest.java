package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class UnknownVariablesTest {
    private static List<String> warnings(Map<String, String> environment) {
        CommandLine line = Main.commandLine(Map.of());
        CommandSpec serve = line.parseArgs("serve").subcommand().commandSpec();
        return UnknownVariables.warnings(serve, environment);
    }

    @Test
    void aMistypedVariableIsNamedWithWhatWasPerhapsMeant() {
        assertThat(warnings(Map.of("SOCKETZ_PROT", "5151", "SOCKETZ_WHATEVER", "secret")))
                .containsExactly("not an option of 'socketz serve': SOCKETZ_PROT (did you mean SOCKETZ_PORT?),"
                        + " SOCKETZ_WHATEVER");
    }

    @Test
    void optionsAndOtherSettingsAreKnown() {
        Map<String, String> environment = new HashMap<>();
        for (String name : List.of(
                "SOCKETZ_PORT",
                "SOCKETZ_STATE",
                "SOCKETZ_LOG_FORMAT",
                "SOCKETZ_VERBOSE",
                "SOCKETZ_ETCD_PASSWORD",
                "SOCKETZ_JAVA_OPTS",
                "SOCKETZ_NO_BUILD",
                "SOCKETZ_HELP",
                "SOCKETZ_VERSION",
                "HOME")) {
            environment.put(name, "1");
        }
        assertThat(warnings(environment)).isEmpty();
    }

    @Test
    void whatKubernetesSetsForAServiceIsIgnoredWithOneLine() {
        Map<String, String> environment = Map.of(
                "SOCKETZ_PORT", "tcp://10.0.0.1:5151",
                "SOCKETZ_SERVICE_HOST", "10.0.0.1",
                "SOCKETZ_SERVICE_PORT", "5151",
                "SOCKETZ_SERVICE_PORT_CLIENTS", "5151",
                "SOCKETZ_PORT_5151_TCP", "tcp://10.0.0.1:5151",
                "SOCKETZ_PORT_5151_TCP_ADDR", "10.0.0.1",
                "SOCKETZ_ADMIN_PORT", "tcp://10.0.0.2:8080");
        assertThat(warnings(environment))
                .containsExactly("ignored, since Kubernetes sets them for a Service: SOCKETZ_ADMIN_PORT, SOCKETZ_PORT,"
                        + " SOCKETZ_PORT_5151_TCP, SOCKETZ_PORT_5151_TCP_ADDR, SOCKETZ_SERVICE_HOST,"
                        + " SOCKETZ_SERVICE_PORT, SOCKETZ_SERVICE_PORT_CLIENTS (enableServiceLinks: false)");
        CommandLine line = Main.commandLine(environment);
        CommandLine.ParseResult parsed = line.parseArgs("serve").subcommand();
        assertThat(parsed.commandSpec().findOption("--port").<Integer>getValue())
                .isEqualTo(5151);
        assertThat(parsed.commandSpec().findOption("--admin-port").<Integer>getValue())
                .isNull();
    }
}
