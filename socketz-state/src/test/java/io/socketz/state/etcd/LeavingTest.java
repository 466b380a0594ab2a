package io.socketz.state.etcd;

import static io.socketz.state.etcd.PublishedServer.deletes;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How a server takes its keys out of etcd: the member key first, so its clients vanish at one revision. */
class LeavingTest {
    private final List<String> left = new ArrayList<>();

    @Test
    void theMemberKeyIsDeletedFirstThenTheClientsThenTheLeases() {
        PublishedServer server = PublishedServer.memberWith(2);
        leave(server);
        server.answer("put closed/self on 77, delete members/self, delete clients/self/1, delete clients/self/2", 12);
        server.answer("revoke 77", 13);
        assertThat(left).isEmpty();
        server.answer("revoke 88", 13);
        assertThat(left).containsExactly("left");
        assertThat(server.etcd.open()).isEmpty();
        assertThat(server.told).as("nothing has lapsed").containsExactly("revision 12");
    }

    @Test
    void theMemberKeyIsInTheFirstOfManyTransactions() {
        PublishedServer server = PublishedServer.member();
        server.join(LongStream.rangeClosed(1, 200).toArray());
        server.answer("grant 300", 88);
        server.etcd.takeAny("put").answer(server.now, 11L);
        server.etcd.takeAny("put").answer(server.now, 12L);
        leave(server);
        server.answer(
                "put closed/self on 77, delete members/self, "
                        + deletes(LongStream.rangeClosed(1, 126).toArray()),
                13);
        server.answer(deletes(LongStream.rangeClosed(127, 200).toArray()), 14);
        server.answer("revoke 77", 14);
        server.answer("revoke 88", 14);
        assertThat(left).containsExactly("left");
    }

    @Test
    void aClientThatWasNeverWrittenIsNotDeleted() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2); // on its way
        server.join(3);
        leave(server);
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        server.answer("put closed/self on 77, delete members/self, delete clients/self/1, delete clients/self/2", 13);
    }

    @Test
    void aMemberKeyThatIsOnItsWayIsDeletedToo() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.beat();
        leave(server);
        server.answer("put members/self on 77", 12);
        server.answer("put closed/self on 77, delete members/self, delete clients/self/1", 13);
        server.answer("revoke 77", 13);
        server.answer("revoke 88", 13);
        assertThat(left).containsExactly("left");
    }

    @Test
    void itSaysThatItLeavesEvenIfTheCommitOnItsWayStopsAtItsFence() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.beat();
        leave(server);
        server.etcd.takeTransaction("put members/self on 77").stopAtFence(server.now, 12);
        ScriptedEtcd.Transaction last =
                server.etcd.takeTransaction("put closed/self on 77, delete members/self, delete clients/self/1");
        assertThat(last.fence.revision()).isEqualTo(12);
    }

    /** An etcd that is full takes deletes, but no puts. */
    @Test
    void itLeavesWithoutAWordThatEtcdRefuses() {
        PublishedServer server = PublishedServer.memberWith(1);
        leave(server);
        server.fail("put closed/self on 77, delete members/self, delete clients/self/1", Kind.REFUSED);
        server.onDeadline();
        server.answer("delete members/self, delete clients/self/1", 12);
    }

    @Test
    void aMemberKeyThatMayHaveArrivedIsDeletedToo() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.beat();
        leave(server);
        server.fail("put members/self on 77", Kind.UNAVAILABLE);
        server.onDeadline();
        server.answer("put closed/self on 77, delete members/self, delete clients/self/1", 13);
    }

    @Test
    void aServerThatNeverWasAMemberLeavesAtOnce() {
        PublishedServer server = new PublishedServer();
        server.onTime();
        ScriptedEtcd.Asked<Long> late = server.etcd.take("grant 6");
        leave(server);
        assertThat(left).containsExactly("left");
        late.answer(server.now, 77L);
        server.onTime();
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void failedRequestsAreRetriedAfterTheBackoff() {
        PublishedServer server = PublishedServer.memberWith(1);
        leave(server);
        server.fail("put closed/self on 77, delete members/self, delete clients/self/1", Kind.UNAVAILABLE);
        assertThat(server.etcd.open()).isEmpty();
        server.onDeadline();
        server.answer("put closed/self on 77, delete members/self, delete clients/self/1", 12);
        server.fail("revoke 77", Kind.UNAVAILABLE);
        assertThat(server.etcd.open()).isEmpty();
        server.onDeadline();
        server.fail("revoke 77", Kind.LEASE_NOT_FOUND);
        server.answer("revoke 88", 13);
        assertThat(left).containsExactly("left");
        assertThat(server.told).contains("failed: UNAVAILABLE");
    }

    @Test
    void aLeavingServerNeitherBeatsNorRenewsNorRepairs() {
        PublishedServer server = PublishedServer.memberWith(1);
        leave(server);
        ScriptedEtcd.Asked<Long> delete =
                server.etcd.take("put closed/self on 77, delete members/self, delete clients/self/1");
        server.now += Patience.USUAL_NANOS - 1;
        server.seen(Samples.deleteMember(Samples.SELF, 12));
        server.seen(Samples.deleteClient(Samples.client(Samples.SELF, 1), 12));
        assertThat(server.etcd.open()).isEmpty();
        delete.answer(server.now, 12L);
        server.answer("revoke 77", 13);
    }

    private void leave(PublishedServer server) {
        server.publication.leaveAll(() -> left.add("left"));
        server.publication.onEventEnd(server.now);
    }
}
