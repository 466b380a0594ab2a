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
 *   NO LEASE --------grant------------> asked --granted--> HELD --+ renewed every third of its time,
 *        ^                                                  |  ^--+ or, where that failed, after the backoff
 *        +----etcd says: no such lease----------------------+
 * }</pre>
 *
 * Only etcd knows whether a lease still lives: its clock stands still while it has no leader, ours does not. So it is
 * not given up before etcd says so, however late.
 */
final class MemberLease {
    /** Is told how it goes. */
    interface Owner {
        /** There is a new lease; what hung on another one does so no more. */
        void onGranted(long now);

        /** The lease is gone, and the member key with it. */
        void onLost(long now);

        void onFailure(long now, EtcdFailure failure);
    }

    private final EtcdTransport transport;
    private final long ttl;
    private final Owner owner;
    private final Backoff backoff;
    private final Exchange exchange = new Exchange();

    /** 0 for none. */
    private long id;

    private long renewAt = Long.MAX_VALUE;

    /** When the request was sent that was the last to be answered well. */
    private long renewedAt;

    private boolean ended;

    MemberLease(EtcdTransport transport, Duration ttl, Random random, Owner owner) {
        this.transport = transport;
        this.ttl = ttl.toNanos();
        this.owner = owner;
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
                sentAt, answer -> transport.grantLease(TimeUnit.NANOSECONDS.toSeconds(ttl), answer), new Answer<>() {
                    @Override
                    public void onAnswer(long now, Long lease) {
                        id = lease;
                        onRenewed(sentAt);
                        owner.onGranted(now);
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
        renewAt = sentAt + ttl / 3;
    }

    private void onFailed(long now, EtcdFailure failure) {
        backoff.onFailure(now, failure.kind());
        owner.onFailure(now, failure);
    }

    /**
     * There is no such lease: etcd said so, here or to a put.
     *
     * @param used whether the member key was ever written with it
     */
    void lose(long now, boolean used) {
        if (!used) { // lost as soon as it was granted: not again and again, as fast as it goes
            backoff.onFailure(now, Kind.LEASE_NOT_FOUND);
        }
        exchange.forget();
        id = 0;
        owner.onLost(now);
    }

    /** Neither asks for a lease nor renews it any more. */
    void end() {
        exchange.forget();
        ended = true;
    }
}
