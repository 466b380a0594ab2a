package io.socketz.client.repl;

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
 * JLine's editor with two things more: a prompt that changes under the line that is typed, and hints behind it. JLine's
 * own hints know one word at a time, and wrap.
 */
final class LineEditor extends LineReaderImpl {
    /** A hint of fewer columns says nothing. */
    private static final int SHORTEST_HINT = 8;

    /** What JLine colours of itself: what is common to all that it lists. */
    private static final List<String> STYLES = List.of(COMPLETION_STYLE_STARTING, COMPLETION_STYLE_LIST_STARTING);

    private final boolean coloured;

    /** Of the line that is typed. Guarded by JLine's lock. */
    private Supplier<String> currentPrompt = () -> "";

    /**
     * An editor.
     *
     * @param coloured if not, there are no hints either: without grey, one would look as if it had been typed
     */
    LineEditor(Terminal terminal, boolean coloured) {
        super(terminal, "socketz", new HashMap<>());
        this.coloured = coloured;
        if (!coloured) {
            STYLES.forEach(style -> setVariable(style, "bold"));
        }
        setParser(new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0])); // a quote is one like others
        setCompleter((reader, line, candidates) ->
                Hints.candidates(line.words(), line.wordIndex()).forEach(word -> candidates.add(new Candidate(word))));
        setOpt(Option.CASE_INSENSITIVE);
        setOpt(Option.DISABLE_EVENT_EXPANSION);
        setOpt(Option.HISTORY_IGNORE_DUPS);
        setOpt(Option.HISTORY_IGNORE_SPACE);
        setOpt(Option.HISTORY_REDUCE_BLANKS);
        unsetOpt(Option.AUTO_MENU); // Tab lists, as in a shell
        unsetOpt(Option.COMPLETE_MATCHER_TYPO); // its list has the typo itself, and headings: "original", "others"
        unsetOpt(Option.HISTORY_TIMESTAMPED);
        // Called under the lock, when the line has begun: no change of the prompt gets lost before.
        getWidgets().put(CALLBACK_INIT, () -> {
            setPrompt(currentPrompt.get());
            return true;
        });
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

    /** Shows the prompt as it is now. */
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

    /** Another window, another prompt; it is shown with the next key, since the terminal is still busy with what it shows. */
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
        String hint = room < SHORTEST_HINT ? "" : Hints.behind(buf.toString());
        if (hint.isEmpty()) {
            return line;
        }
        return new AttributedStringBuilder()
                .append(line)
                .styled(AttributedStyle.DEFAULT.faint(), hint.substring(0, Math.min(room, hint.length())))
                .toAttributedString();
    }
}
