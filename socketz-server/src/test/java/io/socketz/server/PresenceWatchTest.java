package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.ServerListener;
import io.socketz.state.Change;
import io.socketz.state.Changes;
import io.socketz.state.Client;
import io.socketz.state.Roster;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What waits for a listener, and what becomes of it; the test is the thread that calls the listener. */
class PresenceWatchTest {
    private static final UUID SERVER = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final List<PresenceWatch> resyncs = new ArrayList<>();
    private final PresenceWatch watch = new PresenceWatch(
            new PresenceListener() {
                @Override
                public void onState(Roster roster) {
                    told.add("state " + roster.revision());
                }

                @Override
                public void onJoined(long revision, Client client) {
                    told.add("joined " + revision);
                }
            },
            tasks::add,
            resyncs::add,
            ServerListener.NONE);

    private static Roster state(long revision) {
        return Roster.of(revision, List.of());
    }

    private static Changes join(long revision) {
        return new Changes(revision, List.of(new Change.Joined(new Client(SERVER, revision, "127.0.0.1:1", null, 0))));
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void whatGathersIsToldInOneTask() {
        watch.onState(state(7));
        watch.onChanges(join(8));
        watch.onChanges(join(9));
        assertThat(tasks).hasSize(1);
        runTasks();
        assertThat(told).containsExactly("state 7", "joined 8", "joined 9");
    }

    @Test
    void aStateReplacesTheChangesBeforeIt() {
        watch.onState(state(7));
        watch.onChanges(join(8));
        watch.onState(state(9));
        watch.onChanges(join(10));
        runTasks();
        assertThat(told).containsExactly("state 9", "joined 10");
    }

    @Test
    void whenTooMuchWaitsItIsDroppedAndTheStateIsAskedForOnceTheListenerIsFree() {
        watch.onState(state(0));
        runTasks();
        for (int i = 1; i <= PresenceWatch.MAX_WAITING_CHANGES; i++) {
            watch.onChanges(join(i));
        }
        watch.onChanges(join(PresenceWatch.MAX_WAITING_CHANGES + 1));
        watch.onChanges(join(PresenceWatch.MAX_WAITING_CHANGES + 2));
        assertThat(resyncs).isEmpty();
        runTasks();
        assertThat(told).containsExactly("state 0");
        assertThat(resyncs).containsExactly(watch);
        watch.onState(state(20_000));
        watch.onChanges(join(20_001));
        runTasks();
        assertThat(told).containsExactly("state 0", "state 20000", "joined 20001");
        assertThat(resyncs).hasSize(1);
    }

    @Test
    void asManyAsMayWaitAreAllTold() {
        for (int i = 1; i <= PresenceWatch.MAX_WAITING_CHANGES; i++) {
            watch.onChanges(join(i));
        }
        runTasks();
        assertThat(told).hasSize(PresenceWatch.MAX_WAITING_CHANGES);
        assertThat(resyncs).isEmpty();
    }

    @Test
    void nothingIsToldOnceItIsClosed() {
        watch.onState(state(1));
        watch.close();
        runTasks();
        assertThat(told).isEmpty();
    }

    @Test
    void itEndsWithTheThreadThatCallsTheListener() {
        PresenceWatch late = new PresenceWatch(
                roster -> told.add("state"),
                task -> {
                    throw new RejectedExecutionException("ended");
                },
                resyncs::add,
                ServerListener.NONE);
        late.onState(state(1));
        assertThat(late.isClosed()).isTrue();
    }
}
