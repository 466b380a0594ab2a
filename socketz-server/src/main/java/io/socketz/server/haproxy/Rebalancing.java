package io.socketz.server.haproxy;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a server lets clients go because it has more than its share, and how many. Each server decides for itself,
 * by the roster that all of them have. Owned by the first loop; the weight may be read by any thread.
 *
 * <pre>{@code
 *            uneven, and nothing has changed for a while
 *   WATCHING -------------------------------------------> NOTICE --HAProxy has heard the weights--> GIVING
 *    ^  ^                                                   |                                         |
 *    |  +--a server came or went; the roster is not well----+-----------------------------------------+
 *    +-----no excess is left, or those that went do not arrive elsewhere------------------------------+
 * }</pre>
 *
 * <p>In all phases, while the spread is uneven, the weight sends new clients to the servers that lack some. So those that
 * are let go do not come back, and do not go to the next server that has too many: all servers that have too many let
 * clients go at the same time, and none of those that get them ever has too many.
 */
final class Rebalancing {
    /** What this server does. */
    enum Phase {
        WATCHING,
        NOTICE,
        GIVING
    }

    /** Why GIVING ended. */
    enum End {
        /** No excess is left, or nobody else can go. */
        DONE("no more have to move"),
        /** The others may be about to have other shares. */
        SERVERS_CHANGED("a server came or went"),
        /** etcd is away, this server drains, or HAProxy does not ask any more. */
        NOT_NOW("the roster is not up to date, or HAProxy does not ask the agent port"),
        /** HAProxy does not reach those servers, or these clients do not reconnect. */
        NOT_ARRIVED("too few have arrived at servers with fewer clients");

        private final String text;

        End(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** In a second, this part of the mean: HAProxy hears a new weight after two, and none may get far more than its share. */
    private static final double PACE = 0.05;

    private static final int LEAST_PACE = 3;
    private static final int MOST_PACE = 200;

    /** So many may be on their way to another server, and as many as have arrived there. */
    private static final int FIRST = 20;

    /** How long those who are on their way may take. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final UUID self;
    private final long quietNanos;
    private final long noticeNanos;

    private Phase phase = Phase.WATCHING;

    /** Why GIVING ended last. */
    private End end = End.DONE;

    /** What has not changed much since {@link #since}; null before the first look, and after one without a roster. */
    private @Nullable Spread settled;

    /** When the phase began, or, in WATCHING, the quiet. */
    private long since;

    /** The spread when GIVING began. */
    private Spread begun = new Spread(Map.of());

    /** How many are to go in all, and how many of them by now. */
    private int planned;

    private int allowed;

    /** The most that have arrived elsewhere, and when that was seen. */
    private int arrived;

    private long arrivedAt;

    /** Whether clients have not arrived: then nothing begins before {@link #againAt}, unless servers change. */
    private boolean failed;

    private long againAt;

    /** Whether new clients are sent to those who lack some. */
    private boolean steering;

    /** Written by the first loop. */
    private volatile int weight = 100;

    /**
     * Watches.
     *
     * @param quietNanos how long servers and their clients must have stayed about the same
     * @param noticeNanos how long it takes until HAProxy has heard the weights of all servers
     */
    Rebalancing(UUID self, long quietNanos, long noticeNanos) {
        this.self = self;
        this.quietNanos = quietNanos;
        this.noticeNanos = noticeNanos;
    }

    /**
     * Looks at the cluster, about once a second.
     *
     * @param spread null while this server should neither let clients go nor steer new ones
     * @param told how many were told to go since GIVING began; meaningless otherwise
     */
    void onLook(long now, @Nullable Spread spread, int told) {
        if (spread == null) {
            leave(End.NOT_NOW);
            settled = null;
            steering = false;
            weight = 100;
            return;
        }
        steer(spread);
        if (settled == null || !spread.hasSameServers(settled)) {
            leave(End.SERVERS_CHANGED);
            failed = false;
            settle(now, spread);
        }
        switch (phase) {
            case WATCHING -> watch(now, spread);
            case NOTICE -> onNotice(now, spread);
            case GIVING -> give(now, spread, told);
        }
    }

    private void steer(Spread spread) {
        steering = steering ? !spread.isEven() : spread.isUneven();
        weight = steering ? spread.weight(self) : 100;
    }

    private void settle(long now, Spread spread) {
        settled = spread;
        since = now;
    }

    private void watch(long now, Spread spread) {
        if (settled != null && !spread.isLike(settled)) {
            settle(now, spread);
        }
        boolean mayBegin = !failed || now - againAt >= 0;
        if (mayBegin && now - since >= quietNanos && isDue(spread)) {
            phase = Phase.NOTICE;
            since = now;
        }
    }

    private boolean isDue(Spread spread) {
        return spread.isUneven() && spread.excess(self) > 0;
    }

    private void onNotice(long now, Spread spread) {
        if (!isDue(spread)) {
            phase = Phase.WATCHING;
            settle(now, spread);
        } else if (now - since >= noticeNanos) {
            phase = Phase.GIVING;
            since = now;
            begun = spread;
            planned = spread.excess(self);
            allowed = 0;
            arrived = 0;
            arrivedAt = now;
            give(now, spread, 0);
        }
    }

    private void give(long now, Spread spread, int told) {
        int more = spread.arrivedSince(begun);
        if (more > arrived || told < allowed) {
            arrived = Math.max(arrived, more);
            arrivedAt = now;
        }
        boolean haveGone = told >= planned && 2 * arrived >= told;
        if (haveGone || spread.excess(self) == 0) {
            onDone(now);
            settle(now, spread);
        } else if (now - arrivedAt >= PATIENCE_NANOS) {
            leave(End.NOT_ARRIVED);
            failed = true;
            againAt = now + LateMoves.REST_NANOS;
            settle(now, spread);
        } else {
            int pace = (int) Math.max(LEAST_PACE, Math.min(MOST_PACE, Math.ceil(PACE * begun.mean())));
            // What is beyond the mean now, in case others have left by themselves.
            int left = told + spread.excess(self);
            allowed = Math.min(Math.min(planned, left), Math.min(told + pace, FIRST + 2 * arrived));
        }
    }

    /** Nobody else can go, or need go. */
    void onDone(long now) {
        leave(End.DONE);
        since = now;
    }

    private void leave(End why) {
        if (phase == Phase.GIVING) {
            end = why;
        }
        phase = Phase.WATCHING;
    }

    Phase phase() {
        return phase;
    }

    /** Why GIVING ended last. */
    End end() {
        return end;
    }

    /** How many are to go, once GIVING has begun. */
    int planned() {
        return planned;
    }

    /** How many of them may be told to go by now. */
    int allowed() {
        return allowed;
    }

    /** The share of new clients that this server should get, 1 to 100. From any thread. */
    int weight() {
        return weight;
    }
}
