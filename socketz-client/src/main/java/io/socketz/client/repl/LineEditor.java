package io.socketz.client.repl;

import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandTable;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * JLine's editor with two additions: a prompt that changes while a line is typed, and hints after it. JLine's own hints
 * know only one word at a time, and wrap.
 */
final class LineEditor extends LineReaderImpl {
    /** A narrower hint says nothing. */
    private static final int SHORTEST_HINT = 8;

    /** Styles that JLine colours by default: the common beginning of what it lists. */
    private static final List<String> STYLES = List.of(COMPLETION_STYLE_STARTING, COMPLETION_STYLE_LIST_STARTING);

    private final boolean coloured;
    private final Hints hints = new Hints(BuiltInCommands.TABLE);

    /** What Tab completes. Owned by the thread that reads the lines. */
    private Supplier<CommandTable> commands = () -> BuiltInCommands.TABLE;

    /** Of the current line. Guarded by JLine's lock. */
    private Supplier<String> currentPrompt = () -> "";

    /**
     * An editor.
     *
     * @param coloured if not, there are no hints either: without grey, a hint would look like typed text
     */
    LineEditor(Terminal terminal, boolean coloured) {
        super(terminal, "socketz", new HashMap<>());
        this.coloured = coloured;
        if (!coloured) {
            STYLES.forEach(style -> setVariable(style, "bold"));
        }
        setHistory(new OpenHistory(BuiltInCommands.TABLE));
        setParser(new DefaultParser()
                .quoteChars(new char[0])
                .escapeChars(new char[0])); // a quote is a character like others
        setCompleter((reader, line, candidates) -> new Hints(commands.get())
                .candidates(line.words(), line.wordIndex())
                .forEach(word -> candidates.add(new Candidate(word))));
        setOpt(Option.CASE_INSENSITIVE);
        setOpt(Option.DISABLE_EVENT_EXPANSION);
        setOpt(Option.HISTORY_IGNORE_DUPS);
        setOpt(Option.HISTORY_IGNORE_SPACE);
        setOpt(Option.HISTORY_REDUCE_BLANKS);
        unsetOpt(Option.AUTO_MENU); // Tab lists, as in a shell
        unsetOpt(Option.COMPLETE_MATCHER_TYPO); // it would list the typo itself, under headings: "original", "others"
        unsetOpt(Option.HISTORY_TIMESTAMPED);
        // Called under the lock, once the line has begun, so that no change of the prompt gets lost.
        getWidgets().put(CALLBACK_INIT, () -> {
            setPrompt(currentPrompt.get());
            return true;
        });
    }

    /** From now on, Tab completes these. */
    void complete(Supplier<CommandTable> commands) {
        this.commands = commands;
    }

    /** Reads a line. */
    String readLine(Supplier<String> prompt) {
        lock.lock();
        try {
            currentPrompt = prompt;
        } finally {
            lock.unlock();
        }
        return readLine(prompt.get());
    }

    /** Shows the current prompt. */
    void onPromptChanged() {
        lock.lock();
        try {
            if (reading) {
                setPrompt(currentPrompt.get());
                redisplay();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A resized window may need another prompt. It appears with the next key: the terminal is still redrawing. */
    @Override
    protected void handleSignal(Signal signal) {
        lock.lock();
        try {
            super.handleSignal(signal);
            setPrompt(currentPrompt.get());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public AttributedString getDisplayedBufferWithPrompts(List<AttributedString> secondaryPrompts) {
        boolean wanted = coloured && doAutosuggestion && buf.cursor() == buf.length();
        AttributedString line = super.getDisplayedBufferWithPrompts(secondaryPrompts);
        if (!wanted || post != null) {
            return line;
        }
        int room = size.getColumns() - line.columnLength() - 1;
        String hint = room < SHORTEST_HINT ? "" : hints.behind(buf.toString());
        if (hint.isEmpty()) {
            return line;
        }
        return new AttributedStringBuilder()
                .append(line)
                .styled(AttributedStyle.DEFAULT.faint(), hint.substring(0, Math.min(room, hint.length())))
                .toAttributedString();
    }
}
