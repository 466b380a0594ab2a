package io.socketz.client.bench;

import io.socketz.client.console.NoConnectionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Puts load on a server, and measures. */
final class Bench {
    /** How often progress is shown. */
    private static final Duration TICK = Duration.ofMillis(250);

    private static final Duration CEILING_WARM_UP = Duration.ofMillis(200);
    private static final Duration CEILING = Duration.ofMillis(500);

    /** The best round is the ceiling: other programs on this machine can only lower it. */
    private static final int CEILING_ROUNDS = 3;

    /** The longest reply to imitate. */
    private static final int MAX_ECHO_BYTES = 1 << 20;

    private final AtomicBoolean stop;
    private final long patience;

    /** @param stop ends all measurements early when set; also set if memory runs out */
    Bench(AtomicBoolean stop) {
        this(stop, LoadLoop.PATIENCE_NANOS);
    }

    /** @param patience {@link LoadLoop#PATIENCE_NANOS}, or a test's own */
    Bench(AtomicBoolean stop, long patience) {
        this.stop = stop;
        this.patience = patience;
    }

    /**
     * Measures on connections that {@code dialer} makes.
     *
     * @throws NoConnectionException if it cannot connect
     * @throws IOException if this machine lacks a resource
     */
    Result measure(Load load, Dialer dialer, Progress progress) throws IOException, InterruptedException {
        try (dialer) {
            List<DialedChannel> channels = dialer.dial(load.connections());
            Window window = Window.of(load, System.nanoTime());
            Budget budget = new Budget(load.count());
            List<Tally> tallies = new ArrayList<>();
            List<LoadLoop> loops = new ArrayList<>();
            for (int t = 0; t < load.threads(); t++) {
                Tally tally = new Tally(window.start());
                List<Lane> lanes = new ArrayList<>();
                for (int i = t; i < channels.size(); i += load.threads()) {
                    ReplyCounter replies = new ReplyCounter(load.lines(), load.greeting(), tally.errors);
                    lanes.add(new Lane(channels.get(i), i, replies));
                }
                tallies.add(tally);
                loops.add(new LoadLoop(load, window, budget, lanes, tally, stop, patience));
            }
            run(loops, progress, window, tallies);
            return Result.of(tallies, window.start());
        } catch (OutOfMemoryError e) {
            stop.set(true);
            throw tooMany(load.threads(), e);
        }
    }

    /** Buffers and thread stacks take the memory here; or the system allows no more threads. */
    static IOException tooMany(int threads, OutOfMemoryError e) {
        return new IOException("not enough memory or threads for --threads " + threads + ": " + e.getMessage(), e);
    }

    private static void run(List<LoadLoop> loops, Progress progress, Window window, List<Tally> tallies)
            throws IOException, InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (LoadLoop loop : loops) {
            Thread thread = new Thread(loop, "socketz-bench-" + threads.size());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            for (thread.join(TICK.toMillis()); thread.isAlive(); thread.join(TICK.toMillis())) {
                progress.show(window, tallies, System.nanoTime());
            }
        }
        progress.clear();
        for (LoadLoop loop : loops) {
            loop.check();
        }
    }

    /**
     * The most that this program could measure on this machine: requests a second with an echo in this process, whose
     * replies are as long as those of {@code result}.
     *
     * @throws NoConnectionException if it cannot make that many connections to itself
     * @throws IOException if this machine lacks a resource
     */
    double ceiling(Load load, Result result) throws IOException, InterruptedException {
        Load most = load.unbounded(CEILING_WARM_UP.toNanos(), CEILING.toNanos());
        byte[] request = load.request().bytes();
        int requestLines = Newlines.count(request, 0, request.length);
        try (Echo echo = new Echo(load.threads(), requestLines, reply(load.lines(), result.bytesPerReply()))) {
            double best = 0;
            for (int round = 0; round < CEILING_ROUNDS && !stop.get(); round++) {
                best = Math.max(
                        best,
                        measure(most, new Dialer(echo.addresses(), stop), Progress.none())
                                .rate());
            }
            return best;
        }
    }

    private static byte[] reply(int lines, double length) {
        int last = (int) Math.min(MAX_ECHO_BYTES, Math.max(1, Math.round(length) - lines + 1));
        return ("\n".repeat(lines - 1) + "x".repeat(last - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
