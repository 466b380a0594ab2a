package io.socketz.client.repl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A terminal that can do no more than print: it edits lines itself, and what is printed comes behind what is typed. */
final class PlainConsole implements PromptConsole {
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    private final PrintStream out = System.out;

    /** Of the line that is typed; null if none is. Guarded by this. */
    private @Nullable Supplier<String> prompt;

    @Override
    public Optional<String> readLine(Supplier<String> prompt) throws IOException {
        synchronized (this) {
            this.prompt = prompt;
            show(prompt);
        }
        try {
            return Optional.ofNullable(in.readLine());
        } finally {
            synchronized (this) {
                this.prompt = null;
            }
        }
    }

    private void show(Supplier<String> prompt) {
        out.print(prompt.get());
        out.flush();
    }

    @Override
    public void onPromptChanged() {
        // What was printed is printed; the next one will be right.
    }

    @Override
    public synchronized void print(String text) {
        Supplier<String> interrupted = prompt;
        if (interrupted != null) {
            out.println();
        }
        out.println(text);
        if (interrupted != null) {
            show(interrupted);
        }
        out.flush();
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public int rows() {
        return ROWS;
    }

    @Override
    public boolean watch(Duration interval, Painter painter) {
        return false;
    }

    @Override
    public void close() {
        // Standard input and output are not ours to close.
    }
}
