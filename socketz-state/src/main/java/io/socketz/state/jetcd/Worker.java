package io.socketz.state.jetcd;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * One thread, which starts with the first task and does not keep the process alive. It can schedule tasks, since jetcd's
 * retries would otherwise start a timer of the whole process, which never ends.
 */
final class Worker extends ScheduledThreadPoolExecutor {
    Worker() {
        super(
                1,
                task -> {
                    Thread thread = new Thread(task, "etcd");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy()); // ignores what gRPC still reports after the end
    }

    /** Reports what a task threw: otherwise it would stay in a future that nobody reads. */
    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
        super.afterExecute(task, thrown);
        if (task instanceof Future<?> future && future.isDone() && !future.isCancelled()) {
            try {
                future.get();
            } catch (ExecutionException e) {
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
