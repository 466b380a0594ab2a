package io.socketz.state.etcd;

import static io.socketz.state.etcd.PublishedServer.SECOND;
import static io.socketz.state.etcd.PublishedServer.puts;
import static io.socketz.state.etcd.Samples.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When those who wait for a client are told. */
class AnnouncementsTest {
    private static final long PATIENCE = SECOND / 2;

    /** A member with client 1, which was announced. */
    private final PublishedServer server = PublishedServer.memberWith(1);

    // ---------------------------------------------------------------- known to all

    @Test
    void aClientIsAnnouncedWhenItsKeyIsCommittedTogetherWithTheMemberKey() {
        server.join(2);
        assertThat(server.announced).containsExactly(1L);
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        assertThat(server.announced).containsExactly(1L, 2L);
    }

    @Test
    void oneCommitAnnouncesAllItHolds() {
        server.join(2);
        server.join(3, 4);
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        assertThat(server.announced).containsExactly(1L, 2L);
        server.answer(puts(88, 3, 4), 13);
        assertThat(server.announced).contains(3L, 4L).hasSize(4);
    }

    @Test
    void theFirstClientsOfAServerAreAnnouncedWithItsMemberKey() {
        PublishedServer starting = new PublishedServer();
        starting.join(1);
        starting.onTime();
        starting.etcd.take("grant 300").answer(starting.now, 88L);
        starting.etcd.take("grant 6").answer(starting.now, 77L);
        assertThat(starting.announced).isEmpty();
        starting.answer(puts(88, 1), 10);
        assertThat(starting.announced).containsExactly(1L);
    }

    @Test
    void aCommitThatIsMadeAgainAnnouncesToo() {
        server.join(2);
        server.fail("put members/self on 77, put clients/self/2 on 88", Kind.UNAVAILABLE);
        assertThat(server.announced).as("another member of etcd may do it").doesNotContain(2L);
        server.onDeadline();
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        assertThat(server.announced).containsExactly(1L, 2L);
    }

    @Test
    void aKeyThatIsPutAgainIsNotAnnouncedAgain() {
        server.seen(Samples.deleteClient(Samples.client(SELF, 1), 12));
        server.answer(puts(88, 1), 13);
        assertThat(server.announced).containsExactly(1L);
    }

    // ---------------------------------------------------------------- not known to all

    @Test
    void nobodyWaitsForMoreThanHalfASecond() {
        server.join(2);
        server.now += PATIENCE - 1;
        server.onTime();
        assertThat(server.announced).doesNotContain(2L);
        assertThat(server.publication.deadline()).isEqualTo(server.now + 1);
        server.now += 1;
        server.onTime();
        assertThat(server.announced).containsExactly(1L, 2L);
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        assertThat(server.announced).as("once").containsExactly(1L, 2L);
    }

    @Test
    void onceSomebodyHasWaitedInVainNobodyWaitsUntilACommitSucceeds() {
        server.join(2);
        server.now += SECOND / 10;
        server.join(3);
        server.now += PATIENCE;
        server.onTime();
        assertThat(server.announced).containsExactly(1L, 2L, 3L);
        server.join(4);
        assertThat(server.announced).contains(4L);
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        server.join(5);
        assertThat(server.announced).doesNotContain(5L);
        server.answer(puts(88, 3, 4), 13);
        server.answer(puts(88, 5), 14);
        assertThat(server.announced).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aRefusedCommitTellsAllAtOnceAndSoDoJoinsAfterIt() {
        server.join(2);
        server.join(3);
        server.fail("put members/self on 77, put clients/self/2 on 88", Kind.REFUSED);
        assertThat(server.announced).containsExactly(1L, 2L, 3L);
        server.join(4);
        assertThat(server.announced).contains(4L);
        server.onDeadline();
        server.answer(puts(88, 3, 2, 4), 12);
        server.join(5);
        assertThat(server.announced).as("it is back").doesNotContain(5L);
    }

    @Test
    void whenCommitsHaveFailedForHalfASecondNobodyWaits() {
        server.beat();
        long first = server.now;
        while (server.now - first < PATIENCE) {
            server.fail("put members/self on 77", Kind.UNAVAILABLE);
            server.onDeadline();
        }
        server.fail("put members/self on 77", Kind.UNAVAILABLE);
        server.join(2);
        assertThat(server.announced).containsExactly(1L, 2L);
    }

    @Test
    void aCommitWithoutAnAnswerShowsThatEtcdIsAway() {
        server.beat();
        server.now += SECOND;
        server.join(2);
        server.now += PATIENCE - 1;
        server.onTime();
        assertThat(server.announced).doesNotContain(2L);
        server.now += SECOND / 2 + 1; // 2 s after the commit
        server.onTime();
        assertThat(server.announced).containsExactly(1L, 2L);
    }

    @Test
    void aClientThatLeavesIsNotWaitedFor() {
        server.join(2); // on its way
        server.join(3);
        server.leave(2, 3);
        assertThat(server.announced).containsExactly(1L, 2L, 3L);
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        assertThat(server.announced).as("once").hasSize(3);
        assertThat(server.publication.deadline()).as("nobody waits").isGreaterThan(server.now + PATIENCE);
    }

    @Test
    void aServerThatLeavesLetsNobodyWait() {
        server.join(2, 3);
        server.publication.leaveAll(() -> {});
        assertThat(server.announced).containsExactly(1L, 2L, 3L);
    }

    @Test
    void withoutAMemberLeaseClientsWaitForHalfASecondAndThenNobodyDoes() {
        PublishedServer starting = new PublishedServer();
        starting.join(1);
        starting.onTime();
        starting.now += PATIENCE;
        starting.onTime();
        assertThat(starting.announced).containsExactly(1L);
        starting.join(LongStream.rangeClosed(2, 10).toArray());
        assertThat(starting.announced).hasSize(10);
    }
}
