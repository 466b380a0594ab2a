package io.socketz.client.repl;

import io.socketz.protocol.request.CommandTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
import org.jline.utils.Signals;

/** A terminal with a line editor: JLine. */
final class Editor implements PromptConsole {
    /**
     * The first is the fastest. The next is used if its library cannot be loaded, for example from a /tmp mounted
     * noexec.
     */
    private static final String PROVIDERS = "jni,ffm,exec";

    private static final int COLOURS = 8;
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    /** Those that the editor takes while a line is read, and this program otherwise. */
    private static final List<Signal> SIGNALS = List.of(Signal.INT, Signal.WINCH, Signal.CONT);

    /** Held here: a logger that is garbage-collected loses its level. */
    private static final Logger JLINE = Logger.getLogger("org.jline");

    private final Terminal terminal;
    private final LineEditor editor;

    /** What the JVM did at a signal before. */
    private final Map<Signal, Object> before = new EnumMap<>(Signal.class);

    private Editor(Terminal terminal, boolean coloured) {
        this.terminal = terminal;
        this.editor = new LineEditor(terminal, coloured);
        for (Signal signal : SIGNALS) {
            before.put(signal, Signals.register(signal.name(), () -> terminal.raise(signal)));
        }
    }

    /**
     * Opens the terminal of this process. From then on, Ctrl-C interrupts the thread that called this.
     *
     * @param coloured whether to use colours, and hints in grey
     * @throws IOException if there is no terminal that JLine can handle
     */
    static Editor open(boolean coloured) throws IOException {
        JLINE.setLevel(Level.OFF); // it reports failures by exceptions
        // Otherwise, JLine takes a Ctrl-C for a signal and for a key: now and then it cancelled two lines.
        System.setProperty(TerminalBuilder.PROP_SOFTWARE_SIGNALS, "false");
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .name("socketz")
                    .system(true)
                    .providers(PROVIDERS)
                    .dumb(false)
                    // With those, whenever JLine begins or ends to read a line, it restores the JVM's own handler for
                    // a moment, and a Ctrl-C in that moment ends the program.
                    .nativeSignals(false)
                    .graphemeCluster(false) // it would query the terminal, and some never answer
                    .build();
            giveSize(terminal);
            Thread owner = Thread.currentThread();
            terminal.handle(Signal.INT, signal -> owner.interrupt());
            return new Editor(terminal, coloured);
        } catch (IllegalStateException | LinkageError e) {
            throw new IOException(e);
        }
    }

    /** {@code script} and {@code docker exec -t} make terminals of 0 columns, which have no room for a line. */
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

    @Override
    public void complete(Supplier<CommandTable> commands) {
        editor.complete(commands);
    }

    /** Loads history from {@code file}, and saves it there. */
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
    public boolean hasLiveScreen() {
        return terminal.getStringCapability(Capability.cursor_home) != null;
    }

    @Override
    public void watch(Duration interval, Painter painter) throws InterruptedException, IOException {
        try (LiveScreen screen = new LiveScreen(terminal)) {
            screen.run(interval, painter);
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
        before.forEach((signal, handler) -> Signals.unregister(signal.name(), handler));
    }
}
