package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The leases that client keys hang on. They live long and are renewed rarely, since they only collect garbage: who is to
 * be seen is up to the member key. None has more than {@value #MAX_KEYS} keys, since etcd stalls while it deletes those
 * of an expired one.
 */
final class ClientLeases {
    /** One of them. */
    static final class Lease {
        private final long id;
        private final Set<OwnClient> clients = new HashSet<>();
        private long renewAt;

        /** Whether a key was ever written with it. */
        private boolean used;

        private Lease(long id, long renewAt) {
            this.id = id;
            this.renewAt = renewAt;
        }

        long id() {
            return id;
        }

        boolean hasRoom() {
            return clients.size() < MAX_KEYS;
        }

        /** A key is going to hang on it, or does so already. */
        void take(OwnClient own) {
            own.lease = this;
            clients.add(own);
        }

        /** A key of it has been written. */
        void onWritten() {
            used = true;
        }

        /** A key of it is not there any more. */
        void giveBack(OwnClient own) {
            own.lease = null;
            clients.remove(own);
        }

        /** None of its keys is there any more: those they are of. */
        List<OwnClient> giveBackAll() {
            List<OwnClient> all = new ArrayList<>(clients);
            all.forEach(this::giveBack);
            all.sort(Comparator.comparingLong(own -> own.number));
            return all;
        }
    }

    /** Is told how it goes. */
    interface Owner {
        /** There is a new lease. */
        void onGranted(long now);

        /** A lease is gone, and its keys with it. */
        void onLost(long now, Lease lease);

        void onFailure(long now, EtcdFailure failure);
    }

    static final int MAX_KEYS = 1_000;
    static final long TTL_SECONDS = 300;
    private static final long RENEW_AFTER = TimeUnit.SECONDS.toNanos(TTL_SECONDS / 3);

    private final EtcdTransport transport;
    private final Owner owner;
    private final Backoff backoff;
    private final Exchange exchange = new Exchange();

    /** In order of renewal, since all live for the same time. */
    private final Deque<Lease> leases = new ArrayDeque<>();

    /** The one with room that was found last; null if none was. */
    private @Nullable Lease filling;

    /** Someone wants a lease with room, and there is none. */
    private boolean wanted;

    private boolean ended;

    ClientLeases(EtcdTransport transport, Random random, Owner owner) {
        this.transport = transport;
        this.owner = owner;
        this.backoff = new Backoff(random);
    }

    /** A lease for one more key; null if there is none yet, and then it has been asked for. */
    @Nullable
    Lease withRoom(long now) {
        if (filling == null || !filling.hasRoom()) {
            filling = leases.stream().filter(Lease::hasRoom).findFirst().orElse(null);
        }
        if (filling != null) {
            return filling;
        }
        wanted = true;
        onTime(now);
        return null;
    }

    Collection<Lease> all() {
        return leases;
    }

    long deadline() {
        if (exchange.isBusy() || ended) {
            return exchange.deadline();
        }
        if (wanted) {
            return backoff.until();
        }
        return leases.isEmpty() ? Long.MAX_VALUE : Math.max(leases.getFirst().renewAt, backoff.until());
    }

    void onTime(long now) {
        exchange.onTime(now);
        if (exchange.isBusy() || ended || !backoff.isOver(now)) {
            return;
        }
        if (wanted) {
            grant(now);
        } else if (!leases.isEmpty() && now >= leases.getFirst().renewAt) {
            Lease lease = leases.getFirst();
            if (lease.clients.isEmpty()) {
                forget(lease); // it ends by itself
            } else {
                renew(now, lease);
            }
        }
    }

    private boolean forget(Lease lease) {
        if (filling == lease) {
            filling = null;
        }
        return leases.remove(lease);
    }

    private void grant(long sentAt) {
        exchange.<Long>start(sentAt, answer -> transport.grantLease(TTL_SECONDS, answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Long id) {
                backoff.onSuccess();
                wanted = false;
                leases.add(new Lease(id, sentAt + RENEW_AFTER));
                owner.onGranted(now);
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                onFailed(now, failure);
            }
        });
    }

    private void renew(long sentAt, Lease lease) {
        exchange.<Long>start(sentAt, answer -> transport.keepAlive(lease.id, answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Long seconds) {
                backoff.onSuccess();
                if (seconds > 0) {
                    lease.renewAt = sentAt + RENEW_AFTER;
                    if (leases.remove(lease)) {
                        leases.addLast(lease);
                    }
                } else {
                    lose(now, lease);
                }
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                if (failure.kind() == Kind.LEASE_NOT_FOUND) {
                    lose(now, lease);
                } else {
                    onFailed(now, failure);
                }
            }
        });
    }

    private void onFailed(long now, EtcdFailure failure) {
        backoff.onFailure(now, failure.kind());
        owner.onFailure(now, failure);
    }

    /** There is no such lease: etcd said so, here or to a put. */
    void lose(long now, Lease lease) {
        if (forget(lease)) {
            if (!lease.used) { // lost as soon as it was granted: not again and again, as fast as it goes
                backoff.onFailure(now, Kind.LEASE_NOT_FOUND);
            }
            owner.onLost(now, lease);
        }
    }

    /** Neither asks for leases nor renews them any more. */
    void end() {
        exchange.forget();
        ended = true;
    }
}
