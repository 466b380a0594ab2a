package io.socketz.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.it.load.Incident.Kind;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlameTest {
    private static final UUID SERVER01 = new UUID(0, 1);
    private static final UUID SERVER02 = new UUID(0, 2);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** So that clock readings change their sign within a test, as those of System.nanoTime may. */
    private static final long START = Long.MAX_VALUE - SECOND;

    private final Blame blame = new Blame(List.of("haproxy01"));

    @BeforeEach
    void twoServersRun() {
        blame.onStart("server01", SERVER01);
        blame.onStart("server02", SERVER02);
    }

    private boolean explains(int second, Kind kind, @Nullable UUID server) {
        Incident incident = new Incident(1, at(second), kind, server, Duration.ZERO, "");
        return blame.unexplained(List.of(incident)).isEmpty();
    }

    private static long at(int second) {
        return START + second * SECOND;
    }

    @Test
    void nothingIsExplainedWithoutHarm() {
        for (Kind kind : Kind.values()) {
            assertThat(explains(0, kind, SERVER01)).as("%s", kind).isFalse();
        }
    }

    @Test
    void aHarmedServerExplainsIncidentsOnItAndOfClientsWithoutAServer() {
        blame.onHarm("server01", at(1));
        assertThat(explains(0, Kind.RESET, SERVER01)).isFalse();
        assertThat(explains(2, Kind.RESET, SERVER01)).isTrue();
        assertThat(explains(2, Kind.TURNED_AWAY, null)).isTrue();
        assertThat(explains(2, Kind.RESET, SERVER02)).isFalse();
        assertThat(explains(2, Kind.REFUSED, null)).isFalse();
        assertThat(explains(2, Kind.WRONG, SERVER01)).isFalse();
    }

    @Test
    void pastHarmExplainsIncidentsWithinAClientsTimeLimitAndASecond() {
        blame.onHarm("server01", at(1));
        blame.onMended("server01", at(3));
        blame.onStart("server01", new UUID(0, 3));
        assertThat(explains(9, Kind.SILENCE, SERVER01)).isTrue();
        assertThat(explains(10, Kind.SILENCE, SERVER01)).isFalse();
    }

    @Test
    void aHarmedProxyExplainsAllButWrongAnswers() {
        blame.onHarm("haproxy01", at(1));
        for (Kind kind : Kind.values()) {
            assertThat(explains(2, kind, SERVER02)).as("%s", kind).isEqualTo(kind != Kind.WRONG);
        }
    }

    @Test
    void harmOfEtcdExplainsNothing() {
        blame.onHarm("etcd01", at(1));
        for (Kind kind : Kind.values()) {
            assertThat(explains(2, kind, SERVER01)).as("%s", kind).isFalse();
            assertThat(explains(2, kind, null)).as("%s", kind).isFalse();
        }
    }
}
