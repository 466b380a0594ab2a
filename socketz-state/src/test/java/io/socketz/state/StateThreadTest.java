package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateThreadTest {
    private final StateThread state = new StateThread("state under test");

    @AfterEach
    void close() {
        state.close();
    }

    @Test
    void everyTaskRunsOnOneDaemonThreadWithItsName() {
        Thread thread = thread();
        assertThat(thread).isNotSameAs(Thread.currentThread()).isSameAs(thread());
        assertThat(thread.getName()).isEqualTo("state under test");
        assertThat(thread.isDaemon()).isTrue();
    }

    @Test
    void tasksRunInTheOrderInWhichTheyCame() {
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            state.execute(() -> ran.add(number));
        }
        thread(); // after all of them
        assertThat(ran).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void tasksAddedByATaskRunAfterThoseThatWait() {
        List<String> ran = new ArrayList<>();
        CountDownLatch given = new CountDownLatch(1);
        state.execute(() -> {
            Await.latch(given);
            state.execute(() -> ran.add("third"));
            ran.add("first");
        });
        state.execute(() -> ran.add("second"));
        given.countDown();
        thread();
        thread();
        assertThat(ran).containsExactly("first", "second", "third");
    }

    /** The tasks of many threads change, without a lock, what only the state thread owns. */
    @Test
    void tasksOfManyThreadsRunOneAtATimeAndInOrderForEachThread() {
        int[] last = new int[8];
        int[] outOfOrder = {0};
        CountDownLatch ready = new CountDownLatch(last.length);
        List<CompletableFuture<Boolean>> threads = IntStream.range(0, last.length)
                .mapToObj(thread -> Await.start(() -> {
                    ready.countDown();
                    Await.latch(ready);
                    for (int i = 1; i <= 1_000; i++) {
                        int number = i;
                        state.execute(() -> {
                            outOfOrder[0] += last[thread] == number - 1 ? 0 : 1;
                            last[thread] = number;
                        });
                    }
                    return true;
                }))
                .toList();
        threads.forEach(Await::get);
        thread();
        assertThat(last).containsOnly(1_000);
        assertThat(outOfOrder).containsOnly(0);
    }

    @Test
    void aFailedTaskDoesNotStopTheNextOne() {
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        state.execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> failed.complete(e));
            throw new IllegalStateException("as expected");
        });
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        state.execute(() -> ran.complete(true));
        assertThat(Await.get(ran)).isTrue();
        assertThat(Await.get(failed)).hasMessage("as expected");
    }

    @Test
    void closeRunsTheTasksAddedBeforeAndLeavesNoThread() {
        Thread thread = thread();
        CountDownLatch closing = new CountDownLatch(1);
        List<Integer> ran = new ArrayList<>();
        Thread closer = new Thread(state::close);
        state.execute(() -> {
            Await.latch(closing);
            // not before the other thread waits for the end
            while (closer.getState() != Thread.State.TIMED_WAITING && closer.isAlive()) {
                Thread.onSpinWait();
            }
        });
        for (int i = 0; i < 100; i++) {
            int number = i;
            state.execute(() -> ran.add(number));
        }
        closer.start();
        closing.countDown();
        Await.end(closer);
        assertThat(ran).hasSize(100);
        Await.end(thread);
    }

    @Test
    void aSecondCloseDoesNothing() {
        Thread thread = thread();
        state.close();
        state.close();
        Await.end(thread);
    }

    @Test
    void closeBeforeAnyTaskReturnsAtOnce() {
        state.close();
        assertThatThrownBy(() -> state.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void noTaskIsAcceptedAfterClose() {
        Thread thread = thread();
        state.close();
        List<String> ran = new ArrayList<>();
        assertThatThrownBy(() -> state.execute(() -> ran.add("late"))).isInstanceOf(RejectedExecutionException.class);
        Await.end(thread);
        assertThat(ran).isEmpty();
    }

    /** Such as the task that closes the connections to etcd. */
    @Test
    void anInterruptedCloseRunsTheTasksTooAndStaysInterrupted() {
        CountDownLatch closing = new CountDownLatch(1);
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        state.execute(() -> {
            Await.latch(closing);
            while (!isClosed()) {
                Thread.onSpinWait();
            }
        });
        state.execute(() -> ran.complete(true));
        assertThat(Await.get(closeInterrupted(state, closing)))
                .as("the closing thread is still interrupted")
                .isTrue();
        assertThat(ran).isCompletedWithValue(true);
    }

    private boolean isClosed() {
        try {
            state.execute(() -> {});
            return false;
        } catch (RejectedExecutionException e) {
            return true;
        }
    }

    @Test
    void aTaskThatHangsIsInterruptedAndThoseBehindItAreDropped() {
        for (boolean interrupt : new boolean[] {false, true}) {
            StateThread hanging = new StateThread("hanging", Duration.ofMillis(50));
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            CountDownLatch running = new CountDownLatch(1);
            hanging.execute(() -> {
                running.countDown();
                try {
                    new CountDownLatch(1).await();
                    interrupted.complete(false);
                } catch (InterruptedException e) {
                    interrupted.complete(true);
                }
            });
            List<String> ran = new ArrayList<>();
            hanging.execute(() -> ran.add("behind it"));
            Await.latch(running);
            if (interrupt) {
                assertThat(Await.get(closeInterrupted(hanging, running))).isTrue();
            } else {
                hanging.close();
            }
            assertThat(Await.get(interrupted)).isTrue();
            assertThat(ran).isEmpty();
        }
    }

    /** Closes it on another thread that is interrupted before; returns whether that still is, afterwards. */
    private static CompletableFuture<Boolean> closeInterrupted(StateThread closed, CountDownLatch closing) {
        return Await.start(() -> {
            Thread.currentThread().interrupt();
            closing.countDown();
            closed.close();
            return Thread.currentThread().isInterrupted();
        });
    }

    /** The thread that a task runs on, once all earlier tasks have run. */
    private Thread thread() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        state.execute(() -> thread.complete(Thread.currentThread()));
        return Await.get(thread);
    }
}
