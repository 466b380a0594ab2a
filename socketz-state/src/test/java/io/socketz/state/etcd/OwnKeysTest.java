package io.socketz.state.etcd;

import static io.socketz.state.etcd.PublishedServer.clientKey;
import static io.socketz.state.etcd.PublishedServer.leaves;
import static io.socketz.state.etcd.PublishedServer.memberKey;
import static io.socketz.state.etcd.PublishedServer.puts;
import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.client;
import static io.socketz.state.etcd.Samples.deleteClient;
import static io.socketz.state.etcd.Samples.deleteMember;
import static io.socketz.state.etcd.Samples.entry;
import static io.socketz.state.etcd.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.KeyValue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How a server repairs its own keys when it sees that they are wrong. */
class OwnKeysTest {
    // ---------------------------------------------------------------- seen on the watch

    @Test
    void ownWritesNeedNoRepair() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.seen(put(memberKey(77, 10)));
        server.seen(put(clientKey(1, 88, 11)));
        server.leave(1);
        server.answer(leaves(1), 12);
        server.seen(deleteClient(client(SELF, 1), 12));
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void ownWritesNeedNoRepairEvenBeforeTheyAreAnswered() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.seen(put(clientKey(2, 88, 12)));
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        server.leave(2);
        server.seen(deleteClient(client(SELF, 2), 13));
        server.answer(leaves(2), 13);
        server.beat();
        server.seen(put(memberKey(77, 14)));
        server.answer("put members/self on 77", 14);
        assertThat(server.etcd.open()).isEmpty();
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aKeyDeletedByHandIsWrittenAgain() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.seen(deleteClient(client(SELF, 2), 12));
        server.answer("put members/self on 77, put clients/self/2 on 88", 13);
        server.seen(deleteMember(SELF, 14));
        server.answer("put members/self on 77", 15);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aKeyAlteredByHandIsWrittenAgain() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.seen(put(new KeyValue(KEYS.client(SELF, 1), Samples.bytes("{}"), 88, 12)));
        server.answer("put members/self on 77, put clients/self/1 on 88", 13);
        server.seen(put(new KeyValue(KEYS.member(SELF), Samples.bytes("{}"), 77, 14)));
        server.answer("put members/self on 77", 15);
    }

    /** On no lease, it would stay forever; on another one, it might expire. */
    @Test
    void aKeyPutOnAnotherLeaseByHandIsWrittenAgain() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.seen(put(clientKey(1, 0, 12)));
        server.answer("put members/self on 77, put clients/self/1 on 88", 13);
        server.seen(put(memberKey(0, 14)));
        server.answer("put members/self on 77", 15);
    }

    @Test
    void aGhostIsDeleted() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.seen(put(clientKey(7, 88, 12)));
        server.answer("delete clients/self/7", 13);
        server.seen(deleteClient(client(SELF, 7), 13));
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aLatePutFromBeforeTheOwnDeleteIsNoGhost() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.leave(1);
        server.answer(leaves(1), 12);
        server.seen(put(clientKey(1, 88, 11)));
        assertThat(server.etcd.open()).isEmpty();
        server.seen(deleteClient(client(SELF, 1), 12));
        server.seen(put(clientKey(1, 88, 13)));
        assertThat(server.etcd.open()).as("a put from after it is one").containsExactly("delete clients/self/1");
    }

    @Test
    void aDeleteFromBeforeTheOwnPutNeedsNoRepair() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.seen(deleteClient(client(SELF, 1), 12));
        server.answer("put members/self on 77, put clients/self/1 on 88", 14);
        server.seen(put(new KeyValue(KEYS.client(SELF, 1), Samples.bytes("{}"), 88, 13)));
        server.seen(deleteMember(SELF, 9));
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aKeyTouchedAfterAPutThatIsOnItsWayIsWrittenAgain() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.seen(deleteClient(client(SELF, 2), 13)); // after the put at 12
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        server.answer("put members/self on 77, put clients/self/2 on 88", 14);

        server.join(3);
        server.seen(deleteClient(client(SELF, 3), 15)); // before the put at 16
        server.answer("put members/self on 77, put clients/self/3 on 88", 16);

        server.beat();
        server.seen(deleteMember(SELF, 18));
        server.answer("put members/self on 77", 17);
        server.answer("put members/self on 77", 19);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void anAbandonedPutThatArrivesAfterTheDeleteIsDeleted() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.fail("put members/self on 77, put clients/self/2 on 88", Kind.UNAVAILABLE);
        server.leave(2);
        server.onDeadline();
        ScriptedEtcd.Asked<Long> delete = server.etcd.take(leaves(2));
        server.seen(put(clientKey(2, 88, 13)));
        delete.answer(server.now, 12L);
        server.answer(leaves(2), 14);
        assertThat(server.etcd.open()).isEmpty();
    }

    /** Otherwise its room on its lease would be lost. */
    @Test
    void aKeyWaitingToBeDeletedIsNoGhost() {
        PublishedServer server = PublishedServer.member();
        server.join(LongStream.rangeClosed(1, 1_000).toArray());
        server.answer("grant 300", 88);
        for (long revision = 11; !server.publication.isWritten(); revision++) {
            server.etcd.takeAny("put").answer(server.now, revision);
        }
        server.leave(500); // on its way
        server.leave(501);
        server.seen(put(clientKey(501, 88, 18)));
        server.answer(leaves(500), 19);
        server.answer(leaves(501), 20);
        server.join(1_001);
        server.answer("put members/self on 77, put clients/self/1001 on 88", 21);
        server.join(1_002);
        server.answer("put members/self on 77, put clients/self/1002 on 88", 22);
    }

    /** A key made by hand may have the number of the next client. */
    @Test
    void aClientThatJoinsWhereAGhostIsBeingDeletedIsWritten() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.seen(put(clientKey(2, 0, 12)));
        server.join(2);
        server.answer("delete clients/self/2", 13);
        server.answer("put members/self on 77, put clients/self/2 on 88", 14);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aClientThatJoinsWhereAGhostCouldNotBeDeletedIsWritten() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.seen(put(clientKey(2, 0, 12)));
        server.join(2);
        server.fail("delete clients/self/2", Kind.UNAVAILABLE);
        server.onDeadline();
        server.answer("put members/self on 77, put clients/self/2 on 88", 13);
        assertThat(server.etcd.open()).isEmpty();
    }

    // ---------------------------------------------------------------- found by reading everything

    @Test
    void nothingIsWrittenIfEverythingIsRight() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.read(20, clientKey(1, 88, 11), clientKey(2, 88, 11), memberKey(77, 10));
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void missingAndAlteredKeysAreWrittenAndExtraKeysDeleted() {
        PublishedServer server = PublishedServer.memberWith(4);
        server.read(
                20,
                clientKey(1, 88, 11),
                clientKey(2, 0, 12),
                entry(KEYS.client(SELF, 3), "{}", 13),
                clientKey(9, 88, 14),
                memberKey(77, 10));
        assertThat(server.etcd.open())
                .containsExactly(
                        "put members/self on 77, delete clients/self/9, put clients/self/2 on 88, put clients/self/3 on 88, "
                                + "put clients/self/4 on 88");
    }

    @Test
    void aMissingMemberKeyIsWritten() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.read(20, clientKey(1, 88, 11));
        server.answer("put members/self on 77", 21);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aKeyWrittenAfterTheReadIsNotMissing() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.leave(2);
        server.answer(leaves(2), 12);
        server.join(3);
        server.answer("put members/self on 77, put clients/self/3 on 88", 13);
        server.publication.onReadStart();
        server.publication.onRead(new Keys.ClientKey(SELF, 2), clientKey(2, 88, 11));
        server.publication.onReadEnd(9);
        server.onTime();
        assertThat(server.etcd.open()).isEmpty();
        server.read(11, memberKey(77, 10), clientKey(1, 88, 11), clientKey(2, 88, 11));
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aKeyWaitingToBeWrittenIsNotMissing() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2); // on its way
        server.join(3);
        server.read(20, memberKey(77, 10), clientKey(1, 88, 11));
        server.answer("put members/self on 77, put clients/self/2 on 88", 21);
        server.answer("put members/self on 77, put clients/self/3 on 88", 22);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aNewReadForgetsWhatTheLastOneFound() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.publication.onReadStart();
        server.publication.onRead(new Keys.ClientKey(SELF, 9), clientKey(9, 88, 12));
        server.read(20, memberKey(77, 10), clientKey(1, 88, 11));
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aServerWhoseMemberKeyWasDeletedIsNoMemberUntilItIsWrittenAgain() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.seen(deleteMember(SELF, 12));
        assertThat(server.publication.isMember()).isFalse();
        server.answer("put members/self on 77", 13);
        assertThat(server.publication.isMember()).isTrue();
    }

    @Test
    void changesArePendingUntilEtcdHasThemAndAllBefore() {
        PublishedServer server = PublishedServer.memberWith(2);
        long before = server.publication.changes();
        assertThat(server.publication.isPending(before)).isFalse();
        server.join(3); // on its way
        server.join(4);
        server.leave(1);
        long after = server.publication.changes();
        assertThat(after).isEqualTo(before + 3);
        server.join(5);
        assertThat(server.publication.isPending(before)).isFalse();
        assertThat(server.publication.isPending(after)).isTrue();
        server.answer(puts(88, 3), 12);
        assertThat(server.publication.isPending(before + 1)).isFalse();
        assertThat(server.publication.isPending(before + 2)).isTrue();
        server.etcd.takeAny("put").fail(server.now, Kind.UNAVAILABLE);
        assertThat(server.publication.isPending(before + 2)).isTrue();
        server.onDeadline();
        server.join(6);
        server.etcd.takeAny("put").answer(server.now, 13L);
        assertThat(server.publication.isPending(after)).isFalse();
        assertThat(server.publication.isPending(server.publication.changes())).isTrue();
    }

    /** Others do not show it, so this server's part is not what it should be. */
    @Test
    void aKeyThatWasDeletedByHandIsPending() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.seen(deleteClient(client(SELF, 1), 12));
        assertThat(server.publication.isPending(0)).isTrue();
        server.answer(puts(88, 1), 13);
        assertThat(server.publication.isPending(server.publication.changes())).isFalse();
    }

    // ---------------------------------------------------------------- etcd has lost its data

    @Test
    void afterALossOfDataEverythingIsWrittenAgainAtLowerRevisions() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.publication.onDataLost(3);
        assertThat(server.publication.lastCommitted()).isEqualTo(3);
        server.read(3);
        server.fail(puts(88, 1, 2), Kind.LEASE_NOT_FOUND);
        server.answer("put members/self on 77", 4);
        server.answer("grant 300", 89);
        server.answer(puts(89, 1, 2), 5);
        assertThat(server.publication.isWritten()).isTrue();
        assertThat(server.told).containsExactly("revision 4", "revision 5");
    }

    @Test
    void afterALossOfDataAGhostBelowAnOldDeleteRevisionIsDeleted() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.leave(2);
        server.answer(leaves(2), 12);
        server.publication.onDataLost(5);
        server.read(5, memberKey(77, 1), clientKey(1, 88, 2), clientKey(2, 88, 2));
        server.answer("delete clients/self/2", 6);
    }

    /** Otherwise they would be, again and again, until etcd passes the revision at which they were touched before the loss. */
    @Test
    void keysTouchedBeforeALossOfDataAreNotWrittenAgainBeforeTheRead() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.seen(deleteMember(SELF, 1_000_000));
        server.seen(deleteClient(client(SELF, 2), 1_000_000));
        server.answer("put members/self on 77, put clients/self/2 on 88", 2);
        assertThat(server.etcd.open()).isEmpty();
        assertThat(server.told).containsExactly("back to 2");
        server.publication.onDataLost(4);
        server.read(4, memberKey(77, 2), clientKey(2, 88, 2));
        server.answer("put members/self on 77, put clients/self/1 on 88", 5);
        assertThat(server.etcd.open()).isEmpty();
    }

    /** So that the next read of everything detects the loss, too. */
    @Test
    void aLowerRevisionDoesNotCountBeforeTheLossIsDealtWith() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.answer("put members/self on 77, put clients/self/2 on 88", 5);
        assertThat(server.told).containsExactly("back to 5");
        assertThat(server.knownRevision()).isEqualTo(11);
        server.publication.onDataLost(6);
        assertThat(server.knownRevision()).isEqualTo(6);
    }
}
