package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateThreadAlarmsTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final StateThread state = new StateThread("state under test");

    /** Owned by the state thread; read by the test once that has ended, or has run a later task. */
    private final List<String> ran = new ArrayList<>();

    @AfterEach
    void close() {
        state.close();
    }

    @Test
    void alarmsRunInOrderOfTheirTime() {
        onState(() -> {
            long now = System.nanoTime();
            state.executeAt(now - 10, () -> ran.add("third"));
            state.executeAt(now - HOUR, () -> ran.add("first"));
            state.executeAt(now - 20, () -> ran.add("second"));
        });
        onState(() -> {});
        assertThat(ran).containsExactly("first", "second", "third");
    }

    @Test
    void anAlarmRunsWithoutOtherTasksAndNotBeforeItsTime() {
        CompletableFuture<Long> early = new CompletableFuture<>();
        onState(() -> {
            long time = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
            state.executeAt(time, () -> early.complete(time - System.nanoTime()));
        });
        assertThat(Await.get(early)).isNotPositive();
    }

    @Test
    void anAlarmRunsOnTheStateThread() {
        CompletableFuture<Boolean> current = new CompletableFuture<>();
        onState(() -> state.executeAt(System.nanoTime(), () -> current.complete(state.isCurrent())));
        assertThat(Await.get(current)).isTrue();
    }

    @Test
    void anEarlierAlarmDoesNotWaitForALaterOne() {
        CompletableFuture<Boolean> earlier = new CompletableFuture<>();
        onState(() -> {
            state.executeAt(System.nanoTime() + HOUR, () -> ran.add("in an hour"));
            state.executeAt(System.nanoTime() + 1_000, () -> earlier.complete(true));
        });
        assertThat(Await.get(earlier)).isTrue();
        assertThat(ran).isEmpty();
    }

    @Test
    void aDueAlarmRunsBeforeWaitingTasks() {
        onState(() -> {
            state.execute(() -> ran.add("task"));
            state.execute(() -> ran.add("task"));
            state.executeAt(System.nanoTime() - 1, () -> ran.add("alarm"));
        });
        onState(() -> {});
        assertThat(ran).containsExactly("alarm", "task", "task");
    }

    @Test
    void anAlarmThatIsNotDueDelaysNoTask() {
        onState(() -> state.executeAt(System.nanoTime() + HOUR, () -> ran.add("in an hour")));
        onState(() -> ran.add("task"));
        assertThat(ran).containsExactly("task");
    }

    @Test
    void aFailedAlarmDoesNotStopTheNextOne() {
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        onState(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> failed.complete(e));
            long now = System.nanoTime();
            state.executeAt(now - 2, () -> {
                throw new IllegalStateException("as expected");
            });
            state.executeAt(now - 1, () -> ran.add("the next"));
        });
        assertThat(Await.get(failed)).hasMessage("as expected");
        onState(() -> {});
        assertThat(ran).containsExactly("the next");
    }

    @Test
    void afterCloseTasksRunButAlarmsDoNot() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        state.execute(() -> {
            thread.complete(Thread.currentThread());
            state.execute(() -> ran.add("task"));
            state.executeAt(System.nanoTime() - 1, () -> ran.add("due"));
            state.executeAt(System.nanoTime() + HOUR, () -> ran.add("in an hour"));
            state.close();
        });
        Await.end(Await.get(thread));
        assertThat(ran).containsExactly("task");
    }

    @Test
    void onlyTheStateThreadSetsAlarms() {
        assertThatThrownBy(() -> state.executeAt(System.nanoTime(), () -> ran.add("mine")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("not on state under test");
        onState(() -> {}); // the state thread exists now, but is not this thread
        assertThatThrownBy(() -> state.executeAt(System.nanoTime(), () -> ran.add("mine")))
                .isInstanceOf(IllegalStateException.class);
        onState(() -> {});
        assertThat(ran).isEmpty();
    }

    /** Runs {@code task} on the state thread; returns when it and all earlier tasks have run. */
    private void onState(Runnable task) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        state.execute(() -> {
            task.run();
            done.complete(true);
        });
        assertThat(Await.get(done)).isTrue();
    }
}
