package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.client;
import static io.socketz.state.etcd.Samples.clientEntry;
import static io.socketz.state.etcd.Samples.delete;
import static io.socketz.state.etcd.Samples.deleteClient;
import static io.socketz.state.etcd.Samples.deleteMember;
import static io.socketz.state.etcd.Samples.entry;
import static io.socketz.state.etcd.Samples.memberEntry;
import static io.socketz.state.etcd.Samples.put;
import static io.socketz.state.etcd.Samples.putClient;
import static io.socketz.state.etcd.Samples.putMember;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.KeyValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyRouterTest {
    private final List<String> ownKeys = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final SkippedKeys skippedKeys = SkippedKeysRecorder.into(skipped);
    private final Replica replica = new Replica(Samples.member(Samples.SELF), skippedKeys, Samples.CLOCK);
    private final KeyRouter router = new KeyRouter(SELF, KEYS, new OwnKeysRecorder(), replica, skippedKeys);

    private final class OwnKeysRecorder implements KeyListener {
        @Override
        public void onChange(Keys.Parsed key, @Nullable KeyValue put, long revision) {
            ownKeys.add((put == null ? "delete " : "put ") + key + " @" + revision);
        }

        @Override
        public void onReadStart() {
            ownKeys.add("start");
        }

        @Override
        public void onRead(Keys.Parsed key, KeyValue entry) {
            ownKeys.add("read " + key);
        }

        @Override
        public void onReadEnd(long revision) {
            ownKeys.add("end @" + revision);
        }
    }

    /** Own clients come from this server's own table, whatever happens to its keys. */
    @Test
    void ownKeysGoToThePublicationAndDoNotChangeTheReplica() {
        replica.addOwn(client(SELF, 1));
        router.apply(List.of(
                putMember(SELF, 5),
                putClient(client(SELF, 1), 6),
                putClient(client(SELF, 9), 7),
                deleteClient(client(SELF, 1), 8),
                deleteMember(SELF, 9)));
        assertThat(replica.copy()).containsExactly(client(SELF, 1));
        assertThat(replica.version()).isEqualTo(1);
        assertThat(replica.revision()).isEqualTo(9);
        assertThat(replica.others()).isZero();
        assertThat(ownKeys)
                .containsExactly(
                        "put MemberKey[server=" + SELF + "] @5",
                        "put ClientKey[server=" + SELF + ", number=1] @6",
                        "put ClientKey[server=" + SELF + ", number=9] @7",
                        "delete ClientKey[server=" + SELF + ", number=1] @8",
                        "delete MemberKey[server=" + SELF + "] @9");
        assertThat(skipped).isEmpty();
    }

    @Test
    void keysOfOthersGoToTheReplicaOnly() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2), putClient(client(OTHER, 2), 3)));
        assertThat(ownKeys).isEmpty();
        assertThat(replica.copy()).containsExactly(client(OTHER, 1), client(OTHER, 2));
    }

    @Test
    void aReadIsSplitLikeChanges() {
        router.startReading();
        router.read(clientEntry(client(SELF, 9), 4));
        router.read(clientEntry(client(OTHER, 1), 3));
        router.read(memberEntry(OTHER, 2));
        router.read(entry("/socketz/v1/notes", "buy milk", 5));
        router.endReading(20);
        assertThat(ownKeys).containsExactly("start", "read ClientKey[server=" + SELF + ", number=9]", "end @20");
        assertThat(replica.copy()).containsExactly(client(OTHER, 1));
        assertThat(skipped).containsExactly("/socketz/v1/notes: no key of this service");
    }

    @Test
    void revisionsThatTheReplicaHasAreSkippedForOwnKeysToo() {
        router.apply(List.of(putMember(OTHER, 8)));
        router.apply(List.of(putMember(SELF, 8), deleteMember(SELF, 7)));
        assertThat(ownKeys).isEmpty();
        router.apply(List.of(putMember(SELF, 9)));
        assertThat(ownKeys).hasSize(1);
    }

    @Test
    void aForeignKeyIsReportedOnceWhenPutAndNotWhenDeleted() {
        router.apply(List.of(delete("/socketz/v1/x", 1)));
        assertThat(skipped).isEmpty();
        router.apply(List.of(put(entry("/socketz/v1/x", "", 2)), put(entry("/socketz/v1/x", "", 3))));
        assertThat(skipped).containsExactly("/socketz/v1/x: no key of this service");
        assertThat(replica.revision()).isEqualTo(3);
    }

    @Test
    void onlyTheFirst1000SkippedKeysAreReported() {
        for (int i = 1; i <= 1_500; i++) {
            router.apply(List.of(put(entry("/socketz/v1/x" + i, "", i))));
        }
        assertThat(skipped).hasSize(1_000).last().isEqualTo("/socketz/v1/x1000: no key of this service");
        assertThat(replica.revision()).isEqualTo(1_500);
    }
}
