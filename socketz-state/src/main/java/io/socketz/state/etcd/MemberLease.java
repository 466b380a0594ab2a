package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The short lease that this server's member key hangs on: as long as it lives, this server is a member.
 *
 * <pre>{@code
 *        +--------failed, backoff---------+
 *        v                                |
 *   NO LEASE --------grant------------> asked --granted--> HELD --+ renewed after each third of its time,
 *        ^                                                  |  ^--+ or, if that failed, after the backoff
 *        +----etcd says: no such lease----------------------+
 * }</pre>
 *
 * Only etcd knows whether a lease still lives: its clock stands still while it has no leader, ours does not. So the lease
 * is not given up before etcd says that it is gone, however late that is.
 */
final class MemberLease {
    /** Hears what becomes of the lease. */
    interface MemberLeaseListener {
        /** There is a new lease; keys on another one are gone. */
        void onGranted(long now);

        /** The lease is gone, and the member key with it. */
        void onLost(long now);

        /** The lease was not granted or not renewed; that will be retried. */
        void onFailure(long now, EtcdFailure failure);
    }

    /** Instead of a time. */
    static final long NO_LEASE = Long.MIN_VALUE;

    private final EtcdTransport transport;
    private final long ttlNanos;
    private final MemberLeaseListener listener;
    private final Backoff backoff;
    private final Exchange exchange = new Exchange();

    /** 0 for none. */
    private long id;

    private long renewAt = Long.MAX_VALUE;

    /** When the last request was sent that granted or renewed it. */
    private long renewedAt;

    private boolean ended;

    MemberLease(EtcdTransport transport, Duration ttl, Random random, MemberLeaseListener listener) {
        this.transport = transport;
        this.ttlNanos = ttl.toNanos();
        this.listener = listener;
        this.backoff = new Backoff(random);
    }

    /** Its id; 0 for none. */
    long id() {
        return id;
    }

    /** How long ago it was renewed. */
    Duration sinceRenewed(long now) {
        return Duration.ofNanos(now - renewedAt);
    }

    /** When it ends if it is renewed no more; {@link #NO_LEASE} if there is none. */
    long endsAt() {
        return id == 0 ? NO_LEASE : renewedAt + ttlNanos;
    }

    long deadline() {
        if (exchange.isBusy() || ended) {
            return exchange.deadline();
        }
        return Math.max(id == 0 ? Long.MIN_VALUE : renewAt, backoff.until());
    }

    /** Does what is due. */
    void onTime(long now) {
        exchange.onTime(now);
        if (exchange.isBusy() || ended || !backoff.isOver(now)) {
            return;
        }
        if (id == 0) {
            grant(now);
        } else if (now >= renewAt) {
            renew(now);
        }
    }

    private void grant(long sentAt) {
        exchange.<Long>start(
                sentAt,
                answer -> transport.grantLease(TimeUnit.NANOSECONDS.toSeconds(ttlNanos), answer),
                new Answer<>() {
                    @Override
                    public void onAnswer(long now, Long lease) {
                        id = lease;
                        onRenewed(sentAt);
                        listener.onGranted(now);
                    }

                    @Override
                    public void onFailure(long now, EtcdFailure failure) {
                        onFailed(now, failure);
                    }
                });
    }

    private void renew(long sentAt) {
        exchange.<Long>start(sentAt, answer -> transport.keepAlive(id, answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Long seconds) {
                if (seconds > 0) {
                    onRenewed(sentAt);
                } else {
                    lose(now, true);
                }
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                if (failure.kind() == Kind.LEASE_NOT_FOUND) {
                    lose(now, true);
                } else {
                    onFailed(now, failure);
                }
            }
        });
    }

    private void onRenewed(long sentAt) {
        backoff.onSuccess();
        renewedAt = sentAt;
        renewAt = sentAt + ttlNanos / 3;
    }

    private void onFailed(long now, EtcdFailure failure) {
        backoff.onFailure(now, failure.kind());
        listener.onFailure(now, failure);
    }

    /**
     * etcd knows no such lease: it said so here, or in answer to a put.
     *
     * @param used whether the member key was ever written with it
     */
    void lose(long now, boolean used) {
        if (!used) { // lost as soon as it was granted: do not ask for the next one in a tight loop
            backoff.onFailure(now, Kind.LEASE_NOT_FOUND);
        }
        exchange.forget();
        id = 0;
        listener.onLost(now);
    }

    /** Neither asks for a lease nor renews it any more. */
    void end() {
        exchange.forget();
        ended = true;
    }
}
