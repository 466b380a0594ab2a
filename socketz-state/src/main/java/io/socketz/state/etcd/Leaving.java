package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/** The last steps of a server that leaves, once all its keys are deleted: it revokes its leases, one after the other. */
final class Leaving {
    /** Hears of what goes wrong. */
    @FunctionalInterface
    interface RevokeListener {
        /** A lease was not revoked; that must be retried. */
        void onFailure(long now, EtcdFailure failure);
    }

    private final Deque<Long> leases;
    private final Exchange exchange;
    private final EtcdTransport transport;
    private final RevokeListener listener;
    private final Runnable onLeft;
    private boolean left;

    /**
     * Revokes nothing yet.
     *
     * @param exchange shared with commits: one request at a time
     * @param onLeft run once, when nothing is left to do
     */
    Leaving(
            Collection<Long> leases,
            Exchange exchange,
            EtcdTransport transport,
            RevokeListener listener,
            Runnable onLeft) {
        this.leases = new ArrayDeque<>(leases);
        this.exchange = exchange;
        this.transport = transport;
        this.listener = listener;
        this.onLeft = onLeft;
    }

    /** Takes the next step; no request may be on its way. */
    void step(long now) {
        Long lease = leases.peek();
        if (lease != null) {
            revoke(now, lease);
        } else if (!left) {
            left = true;
            onLeft.run();
        }
    }

    private void revoke(long sentAt, long lease) {
        exchange.<Long>start(sentAt, answer -> transport.revokeLease(lease, answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Long revision) {
                leases.remove();
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                if (failure.kind() == Kind.LEASE_NOT_FOUND) {
                    leases.remove();
                } else {
                    listener.onFailure(now, failure);
                }
            }
        });
    }
}
