package io.socketz.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Change;
import io.socketz.state.Changes;
import io.socketz.state.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LostServersTest {
    private static final Member FIRST = member(1, "server01");
    private static final Member SECOND = member(2, "server02");

    private final LostServers lost = new LostServers();

    private static Member member(long id, String name) {
        return new Member(new UUID(0, id), name, "192.0.2.1:5151", Instant.EPOCH);
    }

    private void happens(Change... changes) {
        lost.onChanges(new Changes(1, List.of(changes)));
    }

    private List<String> found(Member... present) {
        return lost.find(List.of(present), System.nanoTime()).stream()
                .map(each -> each.member().name() + " " + each.clients())
                .toList();
    }

    @Test
    void showsWhoWasLostAndNotWhoLeft() {
        happens(new Change.ServerDown(FIRST, true, 34), new Change.ServerDown(SECOND, false, 7));
        assertThat(found()).containsExactly("server01 34");
        assertThat(lost.toJson(List.of(), System.nanoTime()).get(0).toString())
                .contains("\"name\":\"server01\",\"addr\":\"192.0.2.1:5151\"")
                .containsPattern("\"clients\":34,\"ago\":[0-9]+\\.[0-9]");
    }

    @Test
    void forgetsWhoComesBackAsItselfOrUnderItsName() {
        happens(new Change.ServerDown(FIRST, true, 0), new Change.ServerDown(SECOND, true, 0));
        happens(new Change.ServerUp(FIRST));
        assertThat(found()).containsExactly("server02 0");
        happens(new Change.ServerUp(member(3, "server02")));
        assertThat(found()).isEmpty();
    }

    @Test
    void leavesOutWhoIsThereThoughNobodySaidThatItCameBack() {
        happens(new Change.ServerDown(FIRST, true, 0), new Change.ServerDown(SECOND, true, 0));
        assertThat(found(FIRST)).containsExactly("server02 0");
        assertThat(found()).containsExactly("server01 0", "server02 0");
    }

    @Test
    void forgetsAfterTenMinutesAndKeepsTheLatestHundred() {
        for (int i = 0; i <= LostServers.MAX_SERVERS; i++) {
            happens(new Change.ServerDown(member(i, "server" + i), true, i));
        }
        assertThat(found()).hasSize(LostServers.MAX_SERVERS).startsWith("server1 1");
        long later = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        assertThat(lost.find(List.of(), later)).isEmpty();
    }
}
