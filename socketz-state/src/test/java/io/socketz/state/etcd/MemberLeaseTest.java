package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberLeaseTest {
    private static final long SECOND = 1_000_000_000;
    private static final long START = -3 * SECOND;

    private final ScriptedEtcd etcd = new ScriptedEtcd();
    private final List<String> told = new ArrayList<>();
    private final MemberLease lease =
            new MemberLease(etcd, Duration.ofSeconds(6), new Random(1), new MemberLease.MemberLeaseListener() {
                @Override
                public void onGranted(long now) {
                    told.add("granted");
                }

                @Override
                public void onLost(long now) {
                    told.add("lost");
                }

                @Override
                public void onFailure(long now, EtcdFailure failure) {
                    told.add("failed: " + failure.kind());
                }
            });

    @Test
    void isRequestedAtOnce() {
        assertThat(lease.deadline()).isLessThanOrEqualTo(START);
        lease.onTime(START);
        lease.onTime(START + 1);
        assertThat(etcd.open()).containsExactly("grant 6");
        assertThat(lease.id()).isZero();
        etcd.take("grant 6").answer(START + 5, 77L);
        assertThat(lease.id()).isEqualTo(77);
        assertThat(told).containsExactly("granted");
        assertThat(etcd.open()).isEmpty();
    }

    /** Counted from the request: etcd may have granted the lease at that moment. */
    @Test
    void isRenewedAfterEachThirdOfItsTime() {
        granted();
        for (long due = START + 2 * SECOND; due < START + 20 * SECOND; due += 2 * SECOND) {
            assertThat(lease.deadline()).isEqualTo(due);
            lease.onTime(due - 1);
            assertThat(etcd.open()).isEmpty();
            lease.onTime(due);
            etcd.take("renew 77").answer(due + SECOND / 2, 6L);
        }
        assertThat(told).isEmpty();
        assertThat(lease.sinceRenewed(START + 20 * SECOND)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aFailedGrantIsRetriedAfterTheBackoff() {
        lease.onTime(START);
        etcd.take("grant 6").fail(START, Kind.UNAVAILABLE);
        assertThat(told).containsExactly("failed: UNAVAILABLE");
        long again = lease.deadline();
        assertThat(again).isBetween(START + SECOND / 20, START + SECOND / 10);
        lease.onTime(again - 1);
        assertThat(etcd.open()).isEmpty();
        lease.onTime(again);
        assertThat(etcd.open()).containsExactly("grant 6");
    }

    @Test
    void aGrantWithoutAnAnswerFailsAfterTwoSeconds() {
        lease.onTime(START);
        ScriptedEtcd.Asked<Long> asked = etcd.take("grant 6");
        assertThat(lease.deadline()).isEqualTo(START + 2 * SECOND);
        lease.onTime(START + 2 * SECOND);
        assertThat(asked.isCancelled()).isTrue();
        assertThat(told).containsExactly("failed: TIMEOUT");
        asked.answer(START + 2 * SECOND, 77L);
        assertThat(lease.id()).as("a late answer").isZero();
    }

    /** Only etcd knows: its clock stands still while it has no leader. */
    @Test
    void isNotGivenUpBeforeEtcdSaysSo() {
        granted();
        long now = START;
        for (int i = 0; i < 100; i++) {
            now = lease.deadline();
            lease.onTime(now);
            etcd.take("renew 77").fail(now, Kind.UNAVAILABLE);
            assertThat(lease.id()).isEqualTo(77);
        }
        assertThat(told).hasSize(100).containsOnly("failed: UNAVAILABLE");
        assertThat(now - START).isGreaterThan(30 * SECOND);
        assertThat(lease.sinceRenewed(now)).isEqualTo(Duration.ofNanos(now - START));
        now = lease.deadline();
        lease.onTime(now);
        etcd.take("renew 77").answer(now, 6L);
        assertThat(lease.deadline()).isEqualTo(now + 2 * SECOND);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void isLostWhenRenewedForZeroSeconds(long seconds) {
        granted();
        lease.onTime(START + 2 * SECOND);
        etcd.take("renew 77").answer(START + 3 * SECOND, seconds);
        assertThat(told).containsExactly("lost");
        assertThatAnotherIsRequestedAt(START + 3 * SECOND);
    }

    @Test
    void isLostWhenEtcdKnowsNoSuchLease() {
        granted();
        lease.onTime(START + 2 * SECOND);
        etcd.take("renew 77").fail(START + 3 * SECOND, Kind.LEASE_NOT_FOUND);
        assertThat(told).containsExactly("lost");
        assertThatAnotherIsRequestedAt(START + 3 * SECOND);
    }

    @Test
    void isLostWhenAPutFindsOutAndTheRenewalsAnswerIsIgnored() {
        granted();
        lease.onTime(START + 2 * SECOND);
        ScriptedEtcd.Asked<Long> renewal = etcd.take("renew 77");
        lease.lose(START + 3 * SECOND, true);
        renewal.answer(START + 3 * SECOND, 6L);
        assertThat(told).containsExactly("lost");
        assertThatAnotherIsRequestedAt(START + 3 * SECOND);
    }

    @Test
    void isNotRequestedAgainAtOnceIfItWasLostUnused() {
        granted();
        lease.lose(START + 3 * SECOND, false);
        lease.onTime(START + 3 * SECOND);
        assertThat(etcd.open()).isEmpty();
        assertThatAnotherIsRequestedAt(lease.deadline());
    }

    @Test
    void onceEndedItRequestsNothing() {
        granted();
        lease.onTime(START + 2 * SECOND);
        ScriptedEtcd.Asked<Long> renewal = etcd.take("renew 77");
        lease.end();
        renewal.answer(START + 2 * SECOND, 0L);
        lease.onTime(START + 100 * SECOND);
        assertThat(etcd.open()).isEmpty();
        assertThat(told).isEmpty();
        assertThat(lease.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(lease.id()).as("to be revoked").isEqualTo(77);
    }

    private void granted() {
        lease.onTime(START);
        etcd.take("grant 6").answer(START + SECOND / 2, 77L);
        told.clear();
    }

    private void assertThatAnotherIsRequestedAt(long now) {
        assertThat(lease.id()).isZero();
        assertThat(lease.deadline()).isLessThanOrEqualTo(now);
        lease.onTime(now);
        etcd.take("grant 6").answer(now, 78L);
        assertThat(lease.id()).isEqualTo(78);
        assertThat(told).containsExactly("lost", "granted");
    }
}
