package io.socketz.state.etcd;

import java.util.Random;

/**
 * What happens to the requests, answers and watches of one registry on their way: decided by a seed, or nothing at all.
 */
final class Weather {
    private static final long MILLISECOND = 1_000_000L;

    /** What becomes of a request. */
    enum Fate {
        ARRIVES,
        /** It has no effect, and there is no answer. */
        LOST,
        /** It has its effect, but there is no answer. */
        ANSWER_LOST,
        /** It has its effect and is answered after some seconds; perhaps after later requests. */
        LATE,
        /** It fails and has no effect. */
        REFUSED,
        /** It is reported as failed, but has its effect. */
        FAILS_AND_HAPPENS
    }

    /** What becomes of a new watch. */
    enum WatchFate {
        BEGINS,
        NEVER_BEGINS,
        BEGINS_LATE,
        ENDS_AT_ONCE,
        FALLS_SILENT
    }

    private static final Fate[] FATES = Fate.values();
    private static final WatchFate[] WATCH_FATES = WatchFate.values();

    private final Random random;
    private final boolean still;

    /** How many of a thousand requests are harmed. Set by the scenario. */
    private int badPermille;

    /** Nothing gets through. Set by the scenario. */
    private boolean cut;

    /** Added to every delivery of a watch. Set by the scenario. */
    private long watchDelay;

    /** One request that fails or is cancelled ends all on the same connection. Set by the scenario. */
    private boolean connectionsBreak;

    /** The most entries of a page. Set by the scenario. */
    private int pageLimit = Integer.MAX_VALUE;

    /** Added to the answer of a range for each of its entries: the line is slow. Set by the test. */
    private long delayPerEntry;

    /** When the last harm was done; {@link Long#MIN_VALUE} for never. */
    private long badAt = Long.MIN_VALUE;

    private Weather(Random random, boolean still) {
        this.random = random;
        this.still = still;
    }

    /** Short delays, and no harm until it is requested. */
    static Weather of(Random random) {
        return new Weather(random, false);
    }

    /** No delay, and no harm. */
    static Weather still() {
        return new Weather(new Random(0), true);
    }

    void becomeBad(int badPermille, boolean connectionsBreak) {
        this.badPermille = badPermille;
        this.connectionsBreak = connectionsBreak;
    }

    void becomeGood() {
        badPermille = 0;
        connectionsBreak = false;
        cut = false;
        watchDelay = 0;
    }

    void cut() {
        cut = true;
    }

    void slowWatches(long delay) {
        watchDelay = delay;
    }

    void limitPages(int entries) {
        pageLimit = entries;
    }

    void slowLine(long delayPerEntry) {
        this.delayPerEntry = delayPerEntry;
    }

    /** How long so many entries take on the line. */
    long lineDelay(int entries) {
        return entries * delayPerEntry;
    }

    int pageLimit() {
        return pageLimit;
    }

    /** Something was done to this registry from outside. */
    void harm(long now) {
        badAt = now;
    }

    /** Something was done that takes only {@code recovery} to recover from, instead of {@code usual}. */
    void harmLittle(long now, long recovery, long usual) {
        badAt = Math.max(badAt, now + recovery - usual);
    }

    /** When the last harm was done. */
    long badAt(long now) {
        return cut || badPermille > 0 || watchDelay > 0 ? now : badAt;
    }

    boolean isCut() {
        return cut;
    }

    Fate fate(long now) {
        if (cut) {
            harm(now);
            return random.nextBoolean() ? Fate.LOST : Fate.REFUSED;
        }
        if (badPermille == 0 || random.nextInt(1_000) >= badPermille) {
            return Fate.ARRIVES;
        }
        harm(now);
        return FATES[1 + random.nextInt(FATES.length - 1)];
    }

    WatchFate watchFate(long now) {
        if (cut) {
            harm(now);
            return random.nextBoolean() ? WatchFate.NEVER_BEGINS : WatchFate.ENDS_AT_ONCE;
        }
        // watches are rare, and their failures are the interesting ones
        if (badPermille == 0 || random.nextInt(1_000) >= 5 * badPermille) {
            return WatchFate.BEGINS;
        }
        harm(now);
        return WATCH_FATES[1 + random.nextInt(WATCH_FATES.length - 1)];
    }

    /** Whether the connection breaks with a request that failed or was cancelled. */
    boolean breaksConnection() {
        return connectionsBreak && random.nextBoolean();
    }

    /** One way, in nanoseconds. */
    long delay() {
        if (still) {
            return 0;
        }
        long usual = 100_000L + random.nextInt(2_000_000);
        return random.nextInt(20) == 0 ? usual + random.nextInt(40) * MILLISECOND : usual;
    }

    /** Often longer than a registry waits. */
    long lateDelay() {
        return (500L + random.nextInt(8_000)) * MILLISECOND;
    }

    /** How long a change waits for others to share its delivery. */
    long watchDelay() {
        return delay() + (watchDelay == 0 ? 0 : random.nextInt((int) (watchDelay / MILLISECOND)) * MILLISECOND);
    }
}
