package io.socketz.state.etcd;

import static io.socketz.state.etcd.PublishedServer.leaves;
import static io.socketz.state.etcd.PublishedServer.puts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.Write;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What becomes of the keys of clients that take another name. */
class RenamesTest {
    @Test
    void renamesThatMeetInTheQueueArePutOnce() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2); // on its way
        for (int i = 0; i < 1_000; i++) {
            server.rename(1, "name" + i);
        }
        server.answer(puts(88, 2), 12);
        server.answer(puts(88, 1), 13);
        assertThat(server.etcd.lastWrites)
                .last(InstanceOfAssertFactories.type(Write.Put.class))
                .extracting(put -> new String(put.value(), UTF_8))
                .asString()
                .contains("\"name\":\"name999\"");
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aRenameBeforeTheFirstPutIsPartOfIt() {
        PublishedServer server = PublishedServer.member();
        server.join(1);
        server.rename(1, "alice");
        server.answer("grant 300", 88);
        server.answer(puts(88, 1), 11);
        server.seen(Samples.put(PublishedServer.clientKey(1, "alice", 88, 11)));
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aRenameDuringThePutIsPutAfterwards() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.rename(2, "alice");
        server.answer(puts(88, 2), 12);
        server.answer(puts(88, 2), 13);
        server.seen(Samples.put(PublishedServer.clientKey(2, 88, 12)));
        server.seen(Samples.put(PublishedServer.clientKey(2, "alice", 88, 13)));
        assertThat(server.etcd.open()).isEmpty();
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aRenameThatIsUndoneInTheQueueLeavesTheKeyAsItShouldBe() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2); // on its way
        server.rename(1, "alice");
        server.rename(1, null);
        server.answer(puts(88, 2), 12);
        server.answer(puts(88, 1), 13);
        server.seen(Samples.put(PublishedServer.clientKey(1, 88, 13)));
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aRenameAndALeaveThatMeetInTheQueueDeleteTheKey() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2); // on its way
        server.join(3);
        server.rename(1, "alice");
        server.rename(3, "bob");
        server.leave(1, 3);
        server.rename(1, "carol");
        server.answer(puts(88, 2), 12);
        server.answer(leaves(1), 13);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aRenamedClientOfALostLeaseIsPutWithItsName() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.rename(1, "alice");
        server.fail(puts(88, 1), Kind.LEASE_NOT_FOUND);
        server.rename(1, "bob");
        server.answer("put members/self on 77", 13); // so it is the other lease
        server.answer("grant 300", 89);
        server.answer(puts(89, 1), 14);
        server.seen(Samples.put(PublishedServer.clientKey(1, "bob", 89, 14)));
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void whoeverRenamesIsToldWhenEtcdHasThatNameOrALaterOne() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2); // on its way
        server.rename(2, "alice");
        server.rename(2, "bob");
        server.answer(puts(88, 2), 12);
        assertThat(server.announced).as("joined").contains(2L);
        assertThat(server.renamed).isEmpty();
        server.rename(2, "carol");
        server.rename(2, "carol");
        server.answer(puts(88, 2), 13);
        assertThat(server.renamed).containsExactlyInAnyOrder("alice", "bob");
        server.answer(puts(88, 2), 14);
        assertThat(server.renamed).containsExactlyInAnyOrder("alice", "bob", "carol", "carol");
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void whoeverRenamesIsToldAtOnceWhenTheClientLeaves() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2); // on its way
        server.rename(1, "alice");
        server.leave(1);
        assertThat(server.renamed).containsExactly("alice");
        server.rename(1, "bob");
        assertThat(server.renamed).containsExactly("alice", "bob");
    }

    @Test
    void aNameThatStaysTheSameIsNotWritten() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.rename(1, null);
        server.rename(2, "alice"); // not connected
        assertThat(server.renamed).containsExactly(null, "alice");
        assertThat(server.publication.isWritten()).isTrue();
    }
}
