package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.Write.Delete;
import io.socketz.state.etcd.transport.Write.Put;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model behaves as etcd 3.4.23 was seen to behave. */
class ModelEtcdTest {
    private static final long SECOND = 1_000_000_000L;

    private final ModelEtcd etcd = new ModelEtcd(2);

    @Test
    void anEmptyStoreIsAtRevisionOne() {
        assertThat(etcd.revision()).isEqualTo(1);
    }

    @Test
    void aWriteThatChangesNothingKeepsTheRevision() {
        assertThat(etcd.commit(0, List.of(new Delete("a"), new Delete("b")))).isEqualTo(1);
        assertThat(etcd.revoke(0, etcd.grant(0, 5))).isEqualTo(1);
    }

    @Test
    void aTransactionIsOneRevisionAndDeletingNothingIsNoEvent() {
        assertThat(etcd.commit(0, List.of(put("a", 0), put("b", 0), new Delete("c"))))
                .isEqualTo(2);
        assertThat(etcd.history(0).at(2)).extracting(ModelEtcd.Change::key).containsExactly("a", "b");
        assertThat(etcd.commit(0, List.of(put("a", 0)))).as("the same value").isEqualTo(3);
    }

    @Test
    void aPutOnAnUnknownLeaseFailsTheWholeTransaction() {
        assertThatThrownBy(() -> etcd.commit(0, List.of(put("a", 0), put("b", 7))))
                .isInstanceOf(ModelEtcd.Refusal.class);
        assertThat(etcd.revision()).isEqualTo(1);
        assertThat(etcd.keys()).isEmpty();
    }

    @Test
    void aLeaseExpiresWithItsKeysAtOneRevision() {
        long lease = etcd.grant(0, 1);
        etcd.commit(0, List.of(put("a", lease), put("b", lease), put("c", 0)));
        etcd.expire(2 * SECOND - 1);
        assertThat(etcd.keys()).as("at least 2 s").hasSize(3);
        assertThat(etcd.keepAlive(2 * SECOND - 1, lease)).isEqualTo(2);
        etcd.expire(4 * SECOND - 1);
        assertThat(etcd.keys()).hasSize(1).containsKey("c");
        assertThat(etcd.revision()).isEqualTo(3);
        assertThat(etcd.keepAlive(4 * SECOND, lease)).isZero();
    }

    @Test
    void aKeyHangsOnTheLeaseOfItsLastPut() {
        long first = etcd.grant(0, 5);
        long second = etcd.grant(0, 5);
        etcd.commit(0, List.of(put("a", first)));
        etcd.commit(0, List.of(put("a", second)));
        etcd.revoke(0, first);
        assertThat(etcd.keys()).containsKey("a");
        etcd.commit(0, List.of(put("a", 0)));
        etcd.revoke(0, second);
        assertThat(etcd.keys()).containsKey("a");
    }

    @Test
    void aNewLeaderExtendsAllLeasesAndWithoutOneNoneExpires() {
        long lease = etcd.grant(0, 5);
        etcd.commit(0, List.of(put("a", lease)));
        etcd.goDown();
        etcd.expire(60 * SECOND);
        etcd.elect(60 * SECOND);
        etcd.expire(65 * SECOND - 1);
        assertThat(etcd.keys()).containsKey("a");
        etcd.expire(65 * SECOND);
        assertThat(etcd.keys()).isEmpty();
    }

    @Test
    void aRangeReadsThePastButNothingCompactedOrFuture() {
        etcd.commit(0, List.of(put("a", 0), put("b", 0), put("d", 0)));
        etcd.commit(0, List.of(new Delete("a"), put("c", 0)));
        assertThat(etcd.range("a", "d", 0, 10).entries())
                .extracting(KeyValue::key)
                .containsExactly("b", "c");
        RangePage page = etcd.range("a", "d", 2, 1);
        assertThat(page.entries()).extracting(KeyValue::key).containsExactly("a");
        assertThat(page.more()).isTrue();
        assertThat(page.revision()).isEqualTo(3);
        assertThat(etcd.range("a", "d", 2, 2).more()).isFalse();
        assertThat(etcd.range("a", "d", 1, 2).entries()).isEmpty();
        etcd.compact(3);
        assertThatThrownBy(() -> etcd.range("a", "d", 2, 1)).hasMessageContaining("compacted");
        assertThatThrownBy(() -> etcd.range("a", "d", 4, 1)).hasMessageContaining("future");
        assertThat(etcd.range("a", "d", 3, 9).entries()).hasSize(2);
    }

    @Test
    void aLossOfDataLeavesAnEmptyStoreAtRevisionOne() {
        long lease = etcd.grant(0, 5);
        etcd.commit(7, List.of(put("a", lease)));
        etcd.loseData(8);
        assertThat(etcd.revision()).isEqualTo(1);
        assertThat(etcd.keys()).isEmpty();
        assertThat(etcd.keepAlive(8, lease)).isZero();
        assertThat(etcd.history(0).until(1, "a", "b")).isEqualTo(7);
        assertThat(etcd.history(0).until(2, "a", "b")).isEqualTo(8);
        assertThat(etcd.history(1).until(1, "a", "b")).isEqualTo(Long.MAX_VALUE);
    }

    private static Put put(String key, long lease) {
        return new Put(key, "x".getBytes(StandardCharsets.US_ASCII), lease);
    }
}
