package io.socketz.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A process of a topology with its restarts: the name, the port and the log stay the same.
 *
 * <pre>{@code
 *            start               answers
 * STOPPED ----------> STARTING ----------> HEALTHY <---> UNHEALTHY
 *    ^                    |                   |               |
 *    |  stop, its end     +---------+---------+---------------+
 *    +--------- DRAINING <----------+---------> ENDED (by itself), KILLED
 * }</pre>
 *
 * <p>DEGRADED is a server's word for HEALTHY without etcd.
 *
 * <p>For any thread. {@code kill} does not wait for a running {@code stop}.
 */
abstract class Daemon {
    private static final int LAST_LINES = 30;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final Duration PAUSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);

    /** What its process does. */
    enum Health {
        STOPPED,
        STARTING,
        HEALTHY,
        DEGRADED,
        UNHEALTHY,
        PAUSED,
        DRAINING,
        KILLED,
        ENDED;

        /** For people. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String name;
    private final int port;
    private final Path log;

    /** From one start to the next, so that a thread that ends a run never ends the next one. */
    private static final class Run {
        private final Process process;

        private volatile boolean paused;

        /** Whether it was told to end, and how. */
        private volatile boolean stopped;

        private volatile boolean killed;

        /** Whether it has been healthy. */
        private volatile boolean answered;

        Run(Process process) {
            this.process = process;
        }

        boolean isAlive() {
            return process.isAlive();
        }
    }

    /** Null until it is started. Written under the lock of this, by {@link #start}. */
    private volatile @Nullable Run run;

    /** The length of the log when this run started, in bytes. */
    private volatile long bytesBefore;

    Daemon(String name, int port, Path log) {
        this.name = name;
        this.port = port;
        this.log = log;
    }

    final String name() {
        return name;
    }

    final int port() {
        return port;
    }

    final Path log() {
        return log;
    }

    /** The id of its process, or 0 if it does not run. */
    final long pid() {
        Run target = run;
        return target != null && target.isAlive() ? target.process.pid() : 0;
    }

    final boolean isRunning() {
        return pid() != 0;
    }

    /** Whether it was started and neither stopped nor paused. */
    final boolean isAwake() {
        Run target = run;
        return target != null && !target.stopped && !target.paused;
    }

    /** Whether it has ended by itself. */
    final boolean hasEnded() {
        Run target = run;
        return target != null && !target.stopped && !target.isAlive();
    }

    /** {@code etcd}, {@code server} or {@code haproxy}. */
    abstract String kind();

    /** What to run. */
    abstract ProcessBuilder command();

    /** Asks it whether it is healthy. */
    abstract boolean isHealthy();

    /** Asks it whether its start is over, for better or worse. */
    boolean isReady() {
        return isHealthy();
    }

    /** Asks it how it is; {@link Health#UNHEALTHY} if it does not answer. Takes up to 2 s, or twice that if it is slow. */
    Condition report() {
        return Condition.of(isHealthy() ? Health.HEALTHY : Health.UNHEALTHY);
    }

    /** Starts it, if it does not run. */
    final synchronized void start() {
        if (isRunning()) {
            return;
        }
        ProcessBuilder builder = command()
                .directory(log.resolveSibling(".").toFile()) // the current folder may be gone by now
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            bytesBefore = Files.exists(log) ? Files.size(log) : 0;
            run = new Run(Guard.start(builder));
        } catch (IOException e) {
            throw new TopologyException("cannot start " + name + ": " + e.getMessage());
        }
    }

    /** Kills it, as a power cut does (SIGKILL). */
    final void kill() {
        Run target = run;
        if (target != null && target.isAlive()) {
            target.stopped = true;
            target.killed = true;
            target.process.destroyForcibly();
            if (!Wait.forEnd(target.process, KILL_LIMIT)) {
                throw new TopologyException(name + " does not end\n" + lastLines());
            }
        }
    }

    /** Tells it to stop (SIGTERM), and does not wait. Only once: a second signal would end it at once. */
    final synchronized void terminate() {
        Run target = run;
        if (target != null && target.isAlive() && !target.stopped) {
            target.stopped = true;
            target.process.destroy();
        }
    }

    /**
     * Waits for its end.
     *
     * @return whether it ended in time
     */
    final boolean awaitEnd(Duration limit) {
        Run target = run;
        return target == null || Wait.forEnd(target.process, limit);
    }

    /** Stops it without closing its connections, as a broken network does (SIGSTOP). */
    final void pause() {
        Run target = run;
        if (target != null && target.isAlive()) {
            target.paused = true;
            signal(target.process.pid(), "STOP");
            awaitPause(target.process.pid());
        }
    }

    /** Lets it continue (SIGCONT). */
    final void resume() {
        Run target = run;
        if (target != null && target.isAlive()) {
            signal(target.process.pid(), "CONT");
            target.paused = false;
        }
    }

    private void signal(long pid, String signal) {
        try {
            // The shell's own kill: a small container has no such program.
            var unused = new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + pid)
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw Wait.interrupted();
        }
    }

    /** A signal takes effect some time after it was sent; until then the process still answers. */
    private static void awaitPause(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        var unused = Wait.until(() -> hasStopped(status), PAUSE_LIMIT);
    }

    private static boolean hasStopped(Path status) {
        try {
            return !Files.exists(status) // other than Linux: assume that it has
                    || Files.readAllLines(status).stream().anyMatch(line -> line.matches("State:\\s+T.*"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How it is now. Asks it, unless the state of its process says enough. */
    final Condition condition() {
        Run target = run;
        if (target == null) {
            return Condition.of(Health.STOPPED);
        }
        if (!target.isAlive()) {
            return Condition.of(target.killed ? Health.KILLED : target.stopped ? Health.STOPPED : Health.ENDED);
        }
        if (target.paused) {
            return Condition.of(Health.PAUSED);
        }
        if (target.stopped) {
            return Condition.of(Health.DRAINING);
        }
        Condition said = report();
        if (said.health() == Health.UNHEALTHY) {
            return Condition.of(target.answered ? Health.UNHEALTHY : Health.STARTING);
        }
        target.answered |= said.health() != Health.STARTING;
        return said;
    }

    /** Everything that a port of this machine answers to {@code request}; empty if it does not answer. */
    static String ask(int port, String request) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** The last lines of its log since its start, without the stacks of a Go panic. */
    final String lastLines() {
        if (!Files.exists(log)) {
            return "";
        }
        try (InputStream file = Files.newInputStream(log)) {
            file.skipNBytes(bytesBefore);
            List<String> lines = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .takeWhile(line -> !line.startsWith("goroutine "))
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()))
                    .stripTrailing();
        } catch (IOException e) {
            return log + ": " + e;
        }
    }
}
