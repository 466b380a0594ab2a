package io.socketz.it.cli;

import io.socketz.it.MemberStatus;
import io.socketz.it.Topology;
import io.socketz.it.TopologyException;
import io.socketz.server.cli.StopSignals;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a topology, as the one process that does.
 *
 * <pre>{@code
 * STARTING --all healthy--> READY --signal, down--> STOPPING --> its process ends
 *     +-----------signal, down, failure-----------------^
 * }</pre>
 *
 * <p>The main thread waits and stops; another starts the topology, then looks for events; {@link Control} asks from
 * further threads.
 */
final class Supervisor {
    private static final long EVENTS_MILLIS = 1_000;

    /** What it does now. */
    enum State {
        STARTING,
        READY,
        STOPPING
    }

    private final Topology topology;
    private final Project project;
    private final ProjectOptions options;
    private final StopSignals signals;
    private final PrintWriter out;
    private final PrintWriter err;

    /** Callers of {@link #end}, which get lines on how it proceeds. */
    private final List<Consumer<String>> watchers = new CopyOnWriteArrayList<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    /** Set by the starting thread, then by the main one. */
    private volatile State state = State.STARTING;

    /** Set by the starting thread. */
    private volatile @Nullable String failure;

    Supervisor(
            Topology topology,
            Project project,
            ProjectOptions options,
            StopSignals signals,
            PrintWriter out,
            PrintWriter err) {
        this.topology = topology;
        this.project = project;
        this.options = options;
        this.signals = signals;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the topology until a signal.
     *
     * @return the exit status
     */
    int run() throws IOException, InterruptedException {
        try (Control control = open()) {
            Thread starter = new Thread(this::start, "socketz-topology");
            starter.setDaemon(true);
            starter.start();
            signals.await();
            starter.interrupt();
            starter.join();
            state = State.STOPPING;
            topology.stop(this::tell);
            topology.close();
            String wrong = failure;
            if (wrong == null) {
                project.delete();
                tell("everything is stopped");
            } else {
                project.close();
                err.println("socketz up: " + wrong);
            }
            ended.countDown();
            control.awaitAnswers();
            return wrong == null ? 0 : 1;
        } finally {
            topology.close();
        }
    }

    private Control open() {
        try {
            return Control.open(options.socket(), topology, this);
        } catch (TopologyException e) {
            project.delete();
            throw e;
        }
    }

    State state() {
        return state;
    }

    /** Ends the topology, sends {@code watcher} lines on how that proceeds, and returns when nothing is left. */
    void end(Consumer<String> watcher) throws InterruptedException {
        watchers.add(watcher);
        signals.stop();
        ended.await();
    }

    private void tell(String line) {
        out.println(line);
        watchers.forEach(watcher -> watcher.accept(line));
    }

    private void start() {
        try {
            topology.start(out::println);
            Welcome.lines(topology, options).forEach(out::println);
            state = State.READY;
            follow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        } catch (TopologyException e) {
            failure = e.getMessage();
            signals.stop();
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                failure = e.toString();
                signals.stop();
            }
        }
    }

    private void follow() throws InterruptedException {
        Map<String, MemberStatus> before = new HashMap<>();
        while (!Thread.currentThread().isInterrupted()) {
            for (MemberStatus status : topology.status()) {
                MemberStatus old = before.put(status.name(), status);
                if (old != null && !old.health().equals(status.health())) {
                    out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " "
                            + status.name() + ": " + old.healthText() + " -> " + status.healthText());
                }
            }
            Thread.sleep(EVENTS_MILLIS);
        }
    }
}
