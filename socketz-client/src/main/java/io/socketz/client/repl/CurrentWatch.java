package io.socketz.client.repl;

import io.socketz.client.RosterWatch;
import io.socketz.client.SocketzClient;
import io.socketz.client.WatchQuery;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The watch that shows joins and leaves above the line that is being typed; one at most. Owned by the thread that reads
 * the lines.
 */
final class CurrentWatch {
    /** What was asked for, who shows it, and the watch itself. */
    private record Begun(WatchQuery query, PromptWatch shown, RosterWatch watch) {
        boolean isOver() {
            return watch.ended().isDone();
        }
    }

    private final Consumer<String> printer;

    /** Null if there is none. */
    private @Nullable Begun current;

    /** @param printer shows a line; may block */
    CurrentWatch(Consumer<String> printer) {
        this.printer = printer;
    }

    /** Begins to watch; the watch before ends. */
    void begin(SocketzClient client, WatchQuery query) {
        end();
        begin(client, query, new PromptWatch(printer));
    }

    private void begin(SocketzClient client, WatchQuery query, PromptWatch shown) {
        RosterWatch watch = client.watch(query, shown);
        current = new Begun(query, shown, watch);
        var unused = watch.ended().whenComplete((nothing, e) -> {
            if (e != null) {
                shown.onEnd(e);
            }
        });
    }

    /** Ends it. Returns whether there was one. */
    boolean end() {
        Begun last = current;
        current = null;
        if (last == null) {
            return false;
        }
        boolean watched = !last.isOver();
        last.watch.close();
        last.shown.close();
        return watched;
    }

    /**
     * Runs {@code task} while the client watches nothing, since it has one watch at a time. Then the watch resumes where it
     * was.
     */
    <E extends Exception> void pauseFor(SocketzClient client, Task<E> task) throws E {
        Begun paused = current;
        if (paused == null || paused.isOver()) {
            task.run();
            return;
        }
        current = null;
        paused.watch.close();
        try {
            task.run();
        } finally {
            OptionalLong told = paused.watch.revision();
            begin(client, told.isPresent() ? paused.query.since(told.getAsLong()) : paused.query, paused.shown);
        }
    }

    /** What runs in a pause. */
    interface Task<E extends Exception> {
        void run() throws E;
    }
}
