package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The leases that client keys hang on. They live long and are renewed rarely, since they only collect garbage: whether
 * others show a client is up to the member key. None has more than {@value ClientLease#MAX_KEYS} keys, since etcd stalls
 * while it deletes the keys of an expired lease.
 */
final class ClientLeases {
    /** Hears of lost leases and of failures. */
    interface ClientLeaseListener {
        /** A lease is gone, and its keys with it. */
        void onLost(ClientLease lease);

        /** A lease was not granted or not renewed; that will be retried. */
        void onFailure(long now, EtcdFailure failure);
    }

    static final long TTL_SECONDS = 300;
    private static final long RENEW_AFTER_NANOS = TimeUnit.SECONDS.toNanos(TTL_SECONDS / 3);

    private final EtcdTransport transport;
    private final ClientLeaseListener listener;
    private final Backoff backoff;
    private final Exchange exchange = new Exchange();

    /** In order of renewal, since all live for the same time. */
    private final Deque<ClientLease> leases = new ArrayDeque<>();

    /** The last lease with room that was found; null if there was none. */
    private @Nullable ClientLease filling;

    /** A lease with room is needed, and there is none. */
    private boolean wanted;

    private boolean ended;

    ClientLeases(EtcdTransport transport, Random random, ClientLeaseListener listener) {
        this.transport = transport;
        this.listener = listener;
        this.backoff = new Backoff(random);
    }

    /** A lease for one more key; null if there is none yet: then this has asked for one. */
    @Nullable
    ClientLease withRoom(long now) {
        if (filling == null || !filling.hasRoom()) {
            filling = leases.stream().filter(ClientLease::hasRoom).findFirst().orElse(null);
        }
        if (filling != null) {
            return filling;
        }
        wanted = true;
        onTime(now);
        return null;
    }

    Collection<ClientLease> all() {
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
            ClientLease lease = leases.getFirst();
            if (lease.isEmpty()) {
                forget(lease); // it expires
            } else {
                renew(now, lease);
            }
        }
    }

    private boolean forget(ClientLease lease) {
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
                leases.add(new ClientLease(id, sentAt + RENEW_AFTER_NANOS));
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                onFailed(now, failure);
            }
        });
    }

    private void renew(long sentAt, ClientLease lease) {
        exchange.<Long>start(sentAt, answer -> transport.keepAlive(lease.id(), answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Long seconds) {
                backoff.onSuccess();
                if (seconds > 0) {
                    lease.renewAt = sentAt + RENEW_AFTER_NANOS;
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
        listener.onFailure(now, failure);
    }

    /** etcd knows no such lease: it said so here, or in answer to a put. */
    void lose(long now, ClientLease lease) {
        if (forget(lease)) {
            if (!lease.isUsed()) { // lost as soon as it was granted: do not ask for the next one in a tight loop
                backoff.onFailure(now, Kind.LEASE_NOT_FOUND);
            }
            listener.onLost(lease);
        }
    }

    /** Neither asks for leases nor renews them any more. */
    void end() {
        exchange.forget();
        ended = true;
    }
}
