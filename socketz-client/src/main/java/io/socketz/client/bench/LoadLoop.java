package io.socketz.client.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A thread's share of the load: one selector, its lanes, and buffers that all of them share.
 *
 * <pre>{@code
 *   WARM_UP --its time is over--> MEASURE --all was due--> DRAIN --all is answered, or GRACE_NANOS--> ENDED
 *   MEASURE without an end of its own --silence for too long--> DRAIN
 *   any --told to stop, or no lane left--> DRAIN or ENDED
 * }</pre>
 */
final class LoadLoop implements Runnable {
    private enum Phase {
        WARM_UP,
        MEASURE,
        DRAIN,
        ENDED
    }

    /** How long to wait for answers after the last request was due. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long a server may be silent when the measurement ends after a number of requests and has no time limit. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A selector waits for whole milliseconds and wakes up late: shorter waits spin. */
    private static final long LEAST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int READ_BYTES = 1 << 18;

    private final Load load;
    private final Window window;
    private final Budget budget;
    private final List<Lane> lanes;
    private final AtomicBoolean stop;
    private final Tally tally;
    private final Repeated requests;
    private final int requestLength;
    private final long patience;

    // From here on, all is owned by the thread that runs it; the failure is read when that has ended.

    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] bytes = new byte[READ_BYTES];

    /** Lanes with something to send. */
    private final List<Lane> changed = new ArrayList<>();

    private Phase phase = Phase.WARM_UP;
    private Pace pace;
    private int living;
    private long drainUntil;

    /** When the last bytes came, or the measurement began. */
    private long heardAt;

    private @Nullable IOException failure;

    /**
     * A loop that has not begun. The thread that runs it owns everything except {@code budget}, {@code stop} and the
     * live figures of {@code tally}.
     *
     * @param patience {@link #PATIENCE_NANOS}, or a test's own
     */
    LoadLoop(
            Load load, Window window, Budget budget, List<Lane> lanes, Tally tally, AtomicBoolean stop, long patience) {
        this.load = load;
        this.window = window;
        this.budget = budget;
        this.lanes = lanes;
        this.stop = stop;
        this.tally = tally;
        this.patience = patience;
        this.living = lanes.size();
        byte[] request = load.request().bytes();
        this.requestLength = request.length;
        this.requests = new Repeated(request, load.depth());
        this.pace = pace(window.begin(), window.start(), Load.NO_LIMIT, new Budget(Load.NO_LIMIT));
    }

    private Pace pace(long begin, long end, long count, Budget budget) {
        return load.hasRate()
                ? new PaceOfSchedule(lanes, new Schedule(begin, load.rate()), load.connections(), count, end)
                : new PaceOfAnswers(lanes, budget, load.depth(), end);
    }

    @Override
    public void run() {
        try (Selector selector = Selector.open()) {
            for (Lane lane : lanes) {
                lane.registered(lane.channel().socket().register(selector, SelectionKey.OP_READ, lane));
            }
            for (long now = System.nanoTime(); enter(now) != Phase.ENDED; now = System.nanoTime()) {
                pace.advance(now, changed::add);
                send(now);
                select(selector, now);
                tally.publish();
            }
            finish(System.nanoTime());
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new IOException(e.toString(), e);
        }
    }

    /**
     * Reports a failure after the thread has ended.
     *
     * @throws IOException if the selector failed, memory ran out, or there is a defect
     */
    void check() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private Phase enter(long now) {
        if (phase == Phase.WARM_UP && (stop.get() || living == 0)) {
            phase = Phase.ENDED;
        }
        if (phase == Phase.WARM_UP && now >= window.start()) {
            phase = Phase.MEASURE;
            if (!load.countsArrivals()) {
                lanes.forEach(Lane::begin);
            }
            tally.errors.begin();
            pace = pace(window.start(), window.end(), load.count(), budget);
            heardAt = now;
        }
        if (phase == Phase.MEASURE && load.endsByAnswers() && now - heardAt >= patience) {
            tally.givenUp = true;
            pace.stop(now);
        }
        if (phase == Phase.MEASURE && (stop.get() || living == 0)) {
            pace.stop(now);
        }
        if (phase == Phase.MEASURE && pace.isOver(now)) {
            phase = Phase.DRAIN;
            drainUntil = now + GRACE_NANOS;
            tally.until = pace.until(now);
        }
        if (phase != Phase.WARM_UP && (living == 0 || (phase == Phase.DRAIN && isDrained(now)))) {
            phase = Phase.ENDED;
        }
        return phase;
    }

    private boolean isDrained(long now) {
        return now >= drainUntil
                || lanes.stream().allMatch(lane -> lane.isLost() || (lane.isIdle() && lane.unanswered() == 0));
    }

    private void send(long now) {
        for (Lane lane : changed) {
            send(lane, now);
        }
        changed.clear();
    }

    private void send(Lane lane, long now) {
        if (lane.isLost()) {
            return;
        }
        try {
            lane.send(load.depth(), requests, requestLength, now);
        } catch (IOException e) {
            lose(lane, String.valueOf(e.getMessage()));
        }
    }

    private void select(Selector selector, long now) throws IOException {
        long sleep = Math.min(LONGEST_SLEEP_NANOS, deadline() - now);
        if (sleep < LEAST_SLEEP_NANOS) {
            selector.selectNow(this::onReady);
        } else {
            selector.select(this::onReady, TimeUnit.NANOSECONDS.toMillis(sleep) - 1);
        }
    }

    private long deadline() {
        return switch (phase) {
            case WARM_UP -> Math.min(window.start(), pace.next());
            case MEASURE -> pace.next();
            case DRAIN, ENDED -> drainUntil;
        };
    }

    private void onReady(SelectionKey key) {
        Lane lane = (Lane) key.attachment();
        try {
            if (key.isWritable()) {
                lane.write(requests);
            }
            if (key.isReadable()) {
                read(lane);
            }
        } catch (IOException e) {
            lose(lane, String.valueOf(e.getMessage()));
        }
    }

    private void read(Lane lane) throws IOException {
        int length;
        do {
            length = lane.channel().stream().read(in.clear());
            if (length < 0) {
                lose(lane, "closed by the server");
                return;
            }
            in.flip().get(bytes, 0, length);
            heardAt = System.nanoTime();
            onReplies(lane, lane.replies().count(bytes, 0, length), length, heardAt);
            // TLS may hold more, of which the selector knows nothing.
        } while (length > 0 && lane.channel().secure() != null && !lane.isLost());
    }

    private void onReplies(Lane lane, int replies, int length, long now) {
        long before = lane.answered();
        tally.surplus += lane.onReplies(replies);
        if (phase == Phase.MEASURE || (phase == Phase.DRAIN && !load.countsArrivals())) {
            tally.bytes += length;
            tally.replies += replies;
            if (lane.answered() > before) {
                pace.record(lane, before, lane.answered(), now, tally);
                tally.until = Math.max(tally.until, now);
            }
        }
        pace.onReplies(lane, now);
        send(lane, now);
    }

    private void lose(Lane lane, String why) {
        if (lane.isLost()) {
            return;
        }
        lane.lose();
        living--;
        tally.lost(why);
    }

    private void finish(long now) {
        for (Lane lane : lanes) {
            if (lane.isLost()) {
                tally.loseRequests(lane.unanswered());
                continue;
            }
            if (lane.uncounted() > 0) {
                tally.recordUnanswered(now - lane.sentAt(), lane.uncounted());
            }
            if (lane.unanswered() > 0) {
                pace.recordUnanswered(lane, now, tally);
            }
            if (lane.unanswered() > 0 && !load.countsArrivals()) {
                tally.until = Math.max(tally.until, now);
            }
        }
    }
}
