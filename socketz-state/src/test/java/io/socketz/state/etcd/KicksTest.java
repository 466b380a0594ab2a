package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The keys by which servers ask each other to disconnect clients. */
class KicksTest {
    private static final UUID OTHER = UUID.fromString("00000000-0000-4000-8000-00000000000b");
    private static final long LEASE = 77;

    private final Kicks kicks = new Kicks(SELF, KEYS);

    private List<String> write(long lease) {
        List<Write> writes = new ArrayList<>();
        kicks.write(writes, lease);
        return writes.stream()
                .map(write -> (write instanceof Write.Put put ? "put on " + put.lease() + " " : "delete ")
                        + write.key().replaceFirst(".*/v1/", ""))
                .toList();
    }

    private static String key(UUID server, long number) {
        return "kicks/" + server + "/" + number;
    }

    @Test
    void whatIsAskedIsPutOnTheMemberLeaseAndDeletedWhenItIsDone() {
        kicks.ask(OTHER, 7, "spam");
        assertThat(write(0)).isEmpty();
        assertThat(write(LEASE)).containsExactly("put on 77 " + key(OTHER, 7));
        kicks.onCommitted();
        assertThat(write(LEASE)).isEmpty();
        kicks.end(OTHER, 7);
        assertThat(write(LEASE)).containsExactly("delete " + key(OTHER, 7));
        kicks.onCommitted();
        assertThat(write(LEASE)).isEmpty();
    }

    @Test
    void whatIsDoneBeforeItIsPutIsNeverPut() {
        kicks.ask(OTHER, 7, "");
        kicks.end(OTHER, 7);
        assertThat(write(LEASE)).isEmpty();
    }

    @Test
    void aNewMemberLeaseGetsTheKeysAnew() {
        kicks.ask(OTHER, 7, "");
        write(LEASE);
        kicks.onCommitted();
        assertThat(write(78)).containsExactly("put on 78 " + key(OTHER, 7));
    }

    @Test
    void whatMayHaveFailedIsWrittenAgain() {
        kicks.ask(OTHER, 7, "");
        kicks.onUnknown(3);
        write(LEASE);
        kicks.onCommitFailed();
        assertThat(write(LEASE)).containsExactly("put on 77 " + key(OTHER, 7), "delete " + key(SELF, 3));
    }

    @Test
    void whatIsNotWantedAnyMoreWhileItIsOnItsWayIsDeletedAfterwards() {
        kicks.ask(OTHER, 7, "");
        write(LEASE);
        kicks.end(OTHER, 7);
        kicks.onCommitFailed();
        assertThat(write(LEASE)).containsExactly("delete " + key(OTHER, 7));
    }

    @Test
    void aKeyIsDeletedWhenItsClientLeavesOrIfThereIsNoSuchClient() {
        kicks.onHeard(3);
        assertThat(write(0)).isEmpty();
        kicks.onLeft(3);
        kicks.onLeft(4);
        kicks.onUnknown(5);
        assertThat(write(0)).containsExactly("delete " + key(SELF, 3), "delete " + key(SELF, 5));
    }

    @Test
    void aKeyThatIsGoneIsNotDeleted() {
        kicks.onUnknown(5);
        kicks.onHeard(6);
        kicks.onDeleted(5);
        kicks.onDeleted(6);
        kicks.onLeft(6);
        assertThat(write(0)).isEmpty();
    }

    @Test
    void aCommitHasOnlyAFewOfMany() {
        for (int number = 1; number <= 100; number++) {
            kicks.ask(OTHER, number, "");
        }
        assertThat(write(LEASE)).hasSize(Kicks.MAX_WRITES);
        assertThat(write(LEASE)).hasSize(Kicks.MAX_WRITES);
    }
}
