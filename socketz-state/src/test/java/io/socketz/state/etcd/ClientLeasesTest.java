package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientLeasesTest {
    private static final long SECOND = 1_000_000_000;
    private static final long START = -3 * SECOND;

    private final ScriptedEtcd etcd = new ScriptedEtcd();
    private final List<String> told = new ArrayList<>();

    /** Those whose keys hang on leases. */
    private final Deque<OwnClient> clients = new ArrayDeque<>();

    private final ClientLeases leases = new ClientLeases(etcd, new Random(1), new ClientLeases.ClientLeaseListener() {
        @Override
        public void onLost(ClientLease lease) {
            told.add("lost " + lease.id());
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            told.add("failed: " + failure.kind());
        }
    });

    @Test
    void noLeaseIsRequestedBeforeItIsNeeded() {
        leases.onTime(START);
        assertThat(etcd.open()).isEmpty();
        assertThat(leases.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(leases.all()).isEmpty();
    }

    @Test
    void aNeededLeaseIsRequestedOnce() {
        assertThat(leases.withRoom(START)).isNull();
        assertThat(leases.withRoom(START + 1)).isNull();
        assertThat(etcd.open()).containsExactly("grant 300");
        etcd.take("grant 300").answer(START + 2, 11L);
        assertThat(room(START + 3).id()).isEqualTo(11);
        assertThat(etcd.open()).isEmpty();
    }

    @Test
    void noLeaseHasMoreThan1000Keys() {
        ClientLease first = grant(START, 11);
        for (int i = 0; i < 1_000; i++) {
            assertThat(room(START)).isSameAs(first);
            take(first);
        }
        assertThat(first.hasRoom()).isFalse();
        ClientLease second = grant(START, 12);
        assertThat(second).isNotSameAs(first);
        giveBack(first);
        take(second);
        for (int i = 1; i < 1_000; i++) {
            take(room(START));
        }
        assertThat(room(START)).as("room that was given back").isSameAs(first);
        assertThat(leases.all()).containsExactly(first, second);
    }

    @Test
    void eachLeaseIsRenewedEvery100Seconds() {
        take(grant(START, 11));
        take(grantAnother(START + 30 * SECOND, 12));
        assertThat(leases.deadline()).isEqualTo(START + 100 * SECOND);
        leases.onTime(START + 100 * SECOND - 1);
        assertThat(etcd.open()).isEmpty();
        leases.onTime(START + 100 * SECOND);
        etcd.take("renew 11").answer(START + 101 * SECOND, 300L);
        assertThat(leases.deadline()).isEqualTo(START + 130 * SECOND);
        leases.onTime(START + 130 * SECOND);
        etcd.take("renew 12").answer(START + 131 * SECOND, 300L);
        assertThat(leases.deadline()).isEqualTo(START + 200 * SECOND);
        assertThat(told).isEmpty();
    }

    @Test
    void aLeaseWithoutKeysExpiresInsteadOfBeingRenewed() {
        ClientLease empty = grant(START, 11);
        take(empty);
        giveBack(empty);
        leases.onTime(START + 100 * SECOND - 1);
        assertThat(leases.all()).containsExactly(empty);
        leases.onTime(START + 100 * SECOND);
        assertThat(leases.all()).isEmpty();
        assertThat(etcd.open()).isEmpty();
        assertThat(told).as("nothing hung on it").isEmpty();
        assertThat(leases.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aLeaseUnknownToEtcdIsLost() {
        ClientLease first = grant(START, 11);
        take(first);
        leases.onTime(START + 100 * SECOND);
        etcd.take("renew 11").answer(START + 100 * SECOND, 0L);
        assertThat(told).containsExactly("lost 11");
        assertThat(leases.all()).isEmpty();
        leases.lose(START + 100 * SECOND, first);
        assertThat(told).as("only once").hasSize(1);

        ClientLease second = grant(START + 100 * SECOND, 12);
        take(second);
        leases.onTime(START + 200 * SECOND);
        etcd.take("renew 12").fail(START + 200 * SECOND, Kind.LEASE_NOT_FOUND);
        assertThat(told).containsExactly("lost 11", "lost 12");
    }

    @Test
    void aLeaseFoundLostByAPutDuringItsRenewalIsLostOnce() {
        ClientLease lease = grant(START, 11);
        take(lease);
        leases.onTime(START + 100 * SECOND);
        leases.lose(START + 100 * SECOND, lease);
        etcd.take("renew 11").answer(START + 101 * SECOND, 0L);
        assertThat(told).containsExactly("lost 11");
    }

    @Test
    void aFailedRenewalIsRetriedAfterTheBackoff() {
        take(grant(START, 11));
        leases.onTime(START + 100 * SECOND);
        etcd.take("renew 11").fail(START + 100 * SECOND, Kind.UNAVAILABLE);
        assertThat(told).containsExactly("failed: UNAVAILABLE");
        long again = leases.deadline();
        assertThat(again).isBetween(START + 100 * SECOND + SECOND / 20, START + 100 * SECOND + SECOND / 10);
        leases.onTime(again - 1);
        assertThat(etcd.open()).isEmpty();
        leases.onTime(again);
        etcd.take("renew 11").answer(again, 300L);
        assertThat(leases.all()).hasSize(1);
    }

    @Test
    void aFailedGrantIsRetriedAfterTheBackoff() {
        assertThat(leases.withRoom(START)).isNull();
        etcd.take("grant 300").fail(START, Kind.REFUSED);
        assertThat(leases.withRoom(START)).isNull();
        assertThat(etcd.open()).isEmpty();
        leases.onTime(leases.deadline());
        etcd.take("grant 300").answer(leases.deadline(), 11L);
        assertThat(told).containsExactly("failed: REFUSED");
    }

    @Test
    void aLeaseCanBeRequestedWhileAnotherIsRenewed() {
        ClientLease first = grant(START, 11);
        fill(first);
        leases.onTime(START + 100 * SECOND);
        assertThat(leases.withRoom(START + 100 * SECOND)).isNull();
        assertThat(etcd.open()).as("one request at a time").containsExactly("renew 11");
        etcd.take("renew 11").answer(START + 101 * SECOND, 300L);
        assertThat(leases.deadline()).isLessThanOrEqualTo(START + 101 * SECOND);
        leases.onTime(START + 101 * SECOND);
        assertThat(etcd.open()).containsExactly("grant 300");
    }

    @Test
    void afterTheEndNothingIsRequested() {
        take(grant(START, 11));
        leases.end();
        leases.onTime(START + 1_000 * SECOND);
        assertThat(leases.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(etcd.open()).isEmpty();
        assertThat(leases.all()).as("to be revoked").hasSize(1);
    }

    private ClientLease grant(long now, long id) {
        assertThat(leases.withRoom(now)).isNull();
        etcd.take("grant 300").answer(now, id);
        return room(now);
    }

    /** A lease in addition to those that have room. */
    private ClientLease grantAnother(long now, long id) {
        ClientLease last = room(now);
        int taken = 0;
        while (last.hasRoom()) {
            take(last);
            taken++;
        }
        ClientLease lease = grant(now, id);
        for (int i = 0; i < taken; i++) {
            giveBack(last);
        }
        return lease;
    }

    @Test
    void aLeaseLostUnusedIsNotReplacedAtOnce() {
        ClientLease lease = grant(START, 11);
        new OwnClient(1, null).hangOn(lease);
        leases.lose(START, lease);
        assertThat(leases.withRoom(START)).isNull();
        assertThat(etcd.open()).isEmpty();
        assertThat(leases.deadline()).isGreaterThan(START);
        leases.onTime(leases.deadline());
        assertThat(etcd.open()).containsExactly("grant 300");
    }

    @Test
    void aKeyHangsOnOneLeaseAndTakesItsRoomOnce() {
        ClientLease lease = grant(START, 11);
        ClientLease other = grantAnother(START, 12);
        OwnClient own = new OwnClient(1, null);
        own.hangOn(lease);
        own.hangOn(other);
        own.hangOn(lease);
        assertThat(own.lease()).isSameAs(lease);
        own.takeOffLease();
        own.takeOffLease();
        assertThat(lease.isEmpty()).isTrue();
        assertThat(other.isEmpty()).isTrue();
    }

    private void take(ClientLease lease) {
        OwnClient own = new OwnClient(clients.size() + 1, null);
        clients.add(own);
        own.hangOn(lease);
        own.onWritten(1);
    }

    private void giveBack(ClientLease lease) {
        clients.stream()
                .filter(own -> own.lease() == lease)
                .findFirst()
                .orElseThrow()
                .takeOffLease();
    }

    private void fill(ClientLease lease) {
        while (lease.hasRoom()) {
            take(lease);
        }
    }

    private ClientLease room(long now) {
        @Nullable ClientLease lease = leases.withRoom(now);
        if (lease == null) {
            throw new AssertionError("no lease with room");
        }
        return lease;
    }
}
