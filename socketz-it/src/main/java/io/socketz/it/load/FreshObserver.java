package io.socketz.it.load;

import io.socketz.it.Topology;
import io.socketz.it.load.PresenceHistory.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks each server {@code WHO FRESH} all the time, directly and without joining its roster, and records what it answers; and
 * records which member keys etcd deletes. A thread for each server and each member of etcd.
 */
public final class FreshObserver implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int PAUSE_MILLIS = 60;

    private final Topology topology;
    private final PresenceHistory history;
    private final List<Thread> threads = new ArrayList<>();
    private final List<LapseWatch> lapses = new ArrayList<>();

    private volatile boolean closed;

    private FreshObserver(Topology topology, PresenceHistory history) {
        this.topology = topology;
        this.history = history;
    }

    /** Starts to ask the servers of {@code topology}, whether they run or not. */
    public static FreshObserver start(Topology topology, PresenceHistory history) {
        FreshObserver observer = new FreshObserver(topology, history);
        for (String server : topology.serverNames()) {
            Thread thread = new Thread(() -> observer.ask(server), "observer of " + server);
            thread.setDaemon(true);
            observer.threads.add(thread);
            thread.start();
        }
        for (URI etcd : topology.etcdEndpoints()) {
            observer.lapses.add(LapseWatch.start(etcd, history));
        }
        return observer;
    }

    private void ask(String server) {
        UUID id = null;
        try {
            while (!closed) {
                long begin = System.nanoTime();
                try (Conversation conversation = Conversation.unseen(topology.port(server), PATIENCE)) {
                    id = conversation.where();
                    while (!closed) {
                        begin = System.nanoTime();
                        history.add(conversation.whoFresh(id, begin));
                        Thread.sleep(PAUSE_MILLIS);
                    }
                } catch (IOException e) {
                    recordSilence(id, begin);
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private void recordSilence(@Nullable UUID server, long begin) {
        if (server != null) {
            history.add(new Answer(server, begin, System.nanoTime(), false, Set.of()));
        }
    }

    /** Ends, and returns when the last answer is recorded. */
    @Override
    public void close() {
        closed = true;
        lapses.forEach(LapseWatch::close);
        try {
            for (Thread thread : threads) {
                thread.join(PATIENCE.multipliedBy(3).toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they end by themselves
        }
    }
}
