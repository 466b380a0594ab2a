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

/** A terminal that can only print: it edits lines itself, and printed text appears after typed text. */
final class PlainConsole implements PromptConsole {
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    private final PrintStream out = System.out;

    /** Of the current line; null if none is being read. Guarded by this. */
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
        // A printed prompt cannot be changed; the next one will be right.
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
    public boolean hasLiveScreen() {
        return false;
    }

    @Override
    public void watch(Duration interval, Painter painter) {
        throw new IllegalStateException("no live screen");
    }

    @Override
    public void close() {
        // Standard input and output stay open.
    }
}
