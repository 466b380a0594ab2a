package io.socketz.client.repl;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;

/** A terminal with a line editor: JLine. */
final class Editor implements PromptConsole {
    /** The first is the fastest; where its library can not be loaded, as from a /tmp without programs, comes the next. */
    private static final String PROVIDERS = "jni,ffm,exec";

    private static final int COLOURS = 8;
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    /** Kept here: a logger that nobody holds forgets its level. */
    private static final Logger JLINE = Logger.getLogger("org.jline");

    private final Terminal terminal;
    private final LineEditor editor;

    private Editor(Terminal terminal, boolean coloured) {
        this.terminal = terminal;
        this.editor = new LineEditor(terminal, coloured);
    }

    /**
     * Opens the terminal of this process. Ctrl-C interrupts the thread that called this, from then on.
     *
     * @param coloured whether colours, and hints in grey, are wanted
     * @throws IOException if there is none that it can handle
     */
    static Editor open(boolean coloured) throws IOException {
        JLINE.setLevel(Level.OFF); // it has its say by exceptions
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .name("socketz")
                    .system(true)
                    .providers(PROVIDERS)
                    .dumb(false)
                    .graphemeCluster(false) // it would ask the terminal, and wait for what some never answer
                    .build();
            giveSize(terminal);
            Thread owner = Thread.currentThread();
            terminal.handle(Signal.INT, signal -> owner.interrupt());
            return new Editor(terminal, coloured);
        } catch (IllegalStateException | LinkageError e) {
            throw new IOException(e);
        }
    }

    /** One of 0 columns, as {@code script} and {@code docker exec -t} without a terminal make, has no room for a line. */
    private static void giveSize(Terminal terminal) {
        Size size = terminal.getSize();
        if (size.getColumns() <= 0 || size.getRows() <= 0) {
            terminal.setSize(Size.of(
                    size.getColumns() > 0 ? size.getColumns() : COLUMNS, size.getRows() > 0 ? size.getRows() : ROWS));
        }
    }

    boolean hasColours() {
        Integer colours = terminal.getNumericCapability(Capability.max_colors);
        return colours != null && colours >= COLOURS;
    }

    /** Keeps what is typed in {@code file}, and knows what is there. */
    void keepHistory(Path file) {
        editor.setVariable(LineReader.HISTORY_FILE, file);
        editor.setVariable(LineReader.HISTORY_FILE_SIZE, HistoryFile.MOST_LINES);
        editor.setVariable(LineReader.HISTORY_SIZE, HistoryFile.MOST_LINES);
    }

    @Override
    public Optional<String> readLine(Supplier<String> prompt) throws CancelledLineException {
        try {
            return Optional.of(editor.readLine(prompt));
        } catch (UserInterruptException e) {
            throw new CancelledLineException(e.getPartialLine().isEmpty());
        } catch (EndOfFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void onPromptChanged() {
        editor.onPromptChanged();
    }

    @Override
    public void print(String text) {
        editor.printAbove(text);
    }

    @Override
    public int columns() {
        return terminal.getSize().getColumns();
    }

    @Override
    public int rows() {
        return terminal.getSize().getRows();
    }

    @Override
    public boolean watch(Duration interval, Painter painter) throws InterruptedException, IOException {
        if (terminal.getStringCapability(Capability.cursor_home) == null) {
            return false;
        }
        try (LiveScreen screen = new LiveScreen(terminal)) {
            screen.run(interval, painter);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
