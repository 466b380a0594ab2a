package io.socketz.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.console.EtcdAbsence;
import io.socketz.it.MemberStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code ps} prints, for people and for programs. */
class StatusTest {
    private static final List<MemberStatus> MEMBERS = List.of(
            new MemberStatus("etcd01", "etcd", 0, 2379, "killed", Optional.empty(), -1),
            new MemberStatus(
                    "server01", "server", 4194304, 65535, "degraded", EtcdAbsence.of(Duration.ofMillis(17_900)), 25000),
            new MemberStatus("haproxy01", "haproxy", 7, 4141, "healthy", Optional.empty(), 0));

    @Test
    void peopleGetATable() {
        assertThat(StatusTable.of(MEMBERS))
                .containsExactly(
                        "NAME           PID   PORT  HEALTH                       CLIENTS",
                        "etcd01           -   2379  killed                             -",
                        "server01   4194304  65535  degraded: no etcd for 17 s     25000",
                        "haproxy01        7   4141  healthy                            0");
    }

    @Test
    void programsGetOneLineWithoutWhatIsNotKnown() {
        assertThat(StatusJson.of(MEMBERS))
                .isEqualTo("{\"members\":["
                        + "{\"name\":\"etcd01\",\"kind\":\"etcd\",\"port\":2379,\"health\":\"killed\"},"
                        + "{\"name\":\"server01\",\"kind\":\"server\",\"pid\":4194304,\"port\":65535,"
                        + "\"health\":\"degraded\",\"noEtcdSeconds\":17,\"clients\":25000},"
                        + "{\"name\":\"haproxy01\",\"kind\":\"haproxy\",\"pid\":7,\"port\":4141,"
                        + "\"health\":\"healthy\",\"clients\":0}]}");
    }
}
