package io.socketz.client.repl;

import io.socketz.protocol.request.CommandTable;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a person types and reads. Lines are read by one thread; the other methods may be called from any. */
interface PromptConsole extends Closeable {
    /** Ctrl-C was pressed while a line was being typed. */
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

    /** What a live screen shows at one moment. */
    interface Picture {
        /** All lines; what does not fit is cut off. */
        List<String> lines(int columns, int rows);
    }

    /** Makes the picture of a live screen anew. */
    interface Painter {
        Picture paint() throws InterruptedException;
    }

    /**
     * Reads a line up to Enter; empty at the end of input, Ctrl-D.
     *
     * @param prompt called whenever the prompt is shown
     */
    Optional<String> readLine(Supplier<String> prompt) throws CancelledLineException, IOException;

    /** From now on, Tab completes these commands, if it completes any. On the thread that reads the lines. */
    default void complete(Supplier<CommandTable> commands) {}

    /** Shows the prompt of the current line anew. */
    void onPromptChanged();

    /** Prints lines, above the one that is being typed. */
    void print(String text);

    int columns();

    int rows();

    /** Whether it can show a live screen. */
    boolean hasLiveScreen();

    /** Shows a live screen until a key leaves it. */
    void watch(Duration interval, Painter painter) throws InterruptedException, IOException;
}
