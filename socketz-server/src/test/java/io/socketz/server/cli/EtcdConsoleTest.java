package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.log.Console;
import io.socketz.server.log.LogFormat;
import io.socketz.server.log.LogLevel;
import io.socketz.server.log.LogSettings;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EtcdConsoleTest {
    private static final LogSettings PLAIN = new LogSettings(LogFormat.PLAIN, LogLevel.INFO, "");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private void tell(Consumer<EtcdRegistryListener> event) {
        PrintStream events = new PrintStream(out, false, StandardCharsets.UTF_8);
        PrintStream warnings = new PrintStream(err, false, StandardCharsets.UTF_8);
        try (Console console = new Console(events, warnings, PLAIN, Clock.systemUTC(), () -> {})) {
            event.accept(new EtcdConsole(console));
        }
    }

    private List<String> events() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> warnings() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theNumberOfServersAndClientsIsShownOnceEtcdAnswers() {
        tell(etcd -> etcd.onConnected(3, 120, 1842));
        tell(etcd -> etcd.onConnected(1, 1, 2));
        tell(etcd -> etcd.onConnected(1, 0, 2));
        assertThat(events())
                .containsExactly(
                        "etcd: 3 servers, 120 clients at revision 1842",
                        "etcd: 1 server, 1 client at revision 2",
                        "etcd: 1 server, 0 clients at revision 2");
        assertThat(warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    UNAVAILABLE        | etcd does not answer: why; serving from memory until it does (--etcd)
                    TIMEOUT            | etcd does not answer: why; serving from memory until it does (--etcd)
                    BAD_CREDENTIALS    | etcd refuses the user: why; serving from memory and trying again (--etcd-user)
                    UNTRUSTED          | etcd's certificate is not trusted: why; serving from memory and trying again (--etcd-ca)
                    CLIENT_CERTIFICATE | etcd refuses this server's certificate: why; serving from memory and trying again (--etcd-cert)
                    NOT_ETCD           | what answers is not etcd: why; serving from memory and trying again (--etcd)
                    REFUSED            | etcd refuses: why; serving from memory and trying again (--etcd)
                    """)
    void aFailureIsShownWithTheOptionThatMayFixIt(EtcdFailure.Kind kind, String line) {
        tell(etcd -> etcd.onDisconnected(new EtcdFailure(kind, "why")));
        assertThat(warnings()).containsExactly(line);
        assertThat(events()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    BAD_CREDENTIALS | etcd does not let the user write: why; until this server can write, other servers do not see who joins or leaves here (--etcd-user)
                    REFUSED         | etcd refuses writes: why; until this server can write, other servers do not see who joins or leaves here (--etcd)
                    """)
    void refusedWritesAreShownWithTheirConsequence(EtcdFailure.Kind kind, String line) {
        tell(etcd -> etcd.onWritesRefused(new EtcdFailure(kind, "why")));
        assertThat(warnings()).containsExactly(line);
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureIsShownInOneLine(EtcdFailure.Kind kind) {
        tell(etcd -> etcd.onDisconnected(new EtcdFailure(kind, "http://a:2379: one\ntwo")));
        assertThat(warnings()).singleElement().asString().matches(".+: http://a:2379: one\\?two; .+ \\(--etcd\\S*\\)");
    }

    @Test
    void changesThatOthersMadeInEtcdCauseWarnings() {
        tell(etcd -> etcd.onLapsed(Duration.ofMillis(7349)));
        tell(etcd -> etcd.onDataLost(3, 1842));
        tell(etcd -> etcd.onSkipped("/socketz/v1/members/\u0000\u00ff\n" + "x".repeat(300), "no UUID"));
        assertThat(warnings())
                .containsExactly(
                        "this server was off the roster for a while: its lease, last renewed 7.3 s ago, was gone"
                                + " (--lease-ttl)",
                        "etcd has lost its data, or another etcd answers: revision 3 after 1842; this server writes its"
                                + " clients again (--etcd)",
                        "skipped in etcd: /socketz/v1/members/???" + "x".repeat(177) + "...: no UUID (--etcd-prefix)");
        assertThat(events()).isEmpty();
    }
}
