package io.socketz.client.repl;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a person types and reads. Lines are read by one thread; the rest may be called from any. */
interface PromptConsole extends Closeable {
    /** Ctrl-C was pressed while a line was typed. */
    final class CancelledLineException extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean empty;

        CancelledLineException(boolean empty) {
            super("Ctrl-C");
            this.empty = empty;
        }

        /** Whether nothing had been typed. */
        boolean isEmpty() {
            return empty;
        }
    }

    /** What a live screen shows at a moment. */
    interface Picture {
        /** As many lines as there are; what does not fit is cut off. */
        List<String> lines(int columns, int rows);
    }

    /** What a live screen is made of, again and again. */
    interface Painter {
        Picture paint() throws InterruptedException;
    }

    /**
     * What is typed up to Enter; empty at the end, Ctrl-D.
     *
     * @param prompt asked for whenever it is shown
     */
    Optional<String> readLine(Supplier<String> prompt) throws CancelledLineException, IOException;

    /** The prompt of the line that is typed is another one. */
    void onPromptChanged();

    /** Prints lines; above the one that is typed, if one is. */
    void print(String text);

    int columns();

    int rows();

    /**
     * Shows a live screen until it is left by a key.
     *
     * @return false if it can not be done here
     */
    boolean watch(Duration interval, Painter painter) throws InterruptedException, IOException;
}
