package io.socketz.server;

import io.socketz.server.command.QueryThread;
import io.socketz.server.event.ServerListener;
import io.socketz.state.ChangeListener;
import io.socketz.state.Changes;
import io.socketz.state.FreshRoster;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * What the program that embeds a server learns from its registry. None of its code runs on the state thread: futures
 * complete on another one, and a {@link PresenceWatch} has a thread of its own.
 */
final class PresenceFeed implements AutoCloseable {
    private final Registry registry;
    private final StateThread state;
    private final ServerListener listener;
    private final QueryThread thread = new QueryThread("socketz-presence");

    /** Those who watch; some may have ended. Changed by the state thread; read by the one that closes the feed, too. */
    private final Queue<PresenceWatch> watches = new ConcurrentLinkedQueue<>();

    /** Whether the registry tells this feed. Owned by the state thread. */
    private boolean listening;

    PresenceFeed(Registry registry, StateThread state, ServerListener listener) {
        this.registry = registry;
        this.state = state;
        this.listener = listener;
    }

    CompletableFuture<Roster> roster() {
        return elsewhere(registry.roster());
    }

    CompletableFuture<FreshRoster> freshRoster() {
        return elsewhere(registry.freshRoster());
    }

    /** What depends on it runs where {@link CompletableFuture} runs what is asynchronous, and not on the state thread. */
    private static <T> CompletableFuture<T> elsewhere(CompletableFuture<T> future) {
        return future.isDone() ? future.copy() : future.whenCompleteAsync((value, failure) -> {});
    }

    PresenceWatch watch(PresenceListener told) {
        PresenceWatch watch = new PresenceWatch(told, thread, this::resync, listener);
        try {
            state.execute(() -> add(watch));
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the server is closed", e);
        }
        return watch;
    }

    private void add(PresenceWatch watch) {
        if (!listening) {
            listening = true;
            registry.changes().listen(new Listener());
        }
        watches.removeIf(PresenceWatch::isClosed); // else they gather while nothing changes
        watches.add(watch);
        watch.onState(registry.changes().state());
    }

    private void resync(PresenceWatch watch) {
        try {
            state.execute(() -> watch.onState(registry.changes().state()));
        } catch (RejectedExecutionException e) {
            watch.close(); // the server has ended
        }
    }

    /** Tells nobody any more. Waits at most 10 s for a listener that was called. */
    @Override
    public void close() {
        watches.forEach(PresenceWatch::close);
        thread.close();
    }

    private final class Listener implements ChangeListener {
        @Override
        public void onChanges(Changes changes) {
            tell(watch -> watch.onChanges(changes));
        }

        @Override
        public void onReset() {
            if (!watches.isEmpty()) {
                Roster roster = registry.changes().state();
                tell(watch -> watch.onState(roster));
            }
        }

        private void tell(Consumer<PresenceWatch> what) {
            watches.removeIf(PresenceWatch::isClosed);
            watches.forEach(what);
        }
    }
}
