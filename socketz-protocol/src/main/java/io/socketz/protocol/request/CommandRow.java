package io.socketz.protocol.request;

import io.socketz.protocol.reply.ReplyType;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of the command table: all there is to know about a command, except how a server answers it. Rows are compared by
 * identity: two rows with the same content are not equal. Immutable.
 */
public final class CommandRow {
    /** {@code VERB}, {@code VERB WORD} or {@code VERB [text]}. */
    private static final Pattern SYNTAX = Pattern.compile("([A-Z]+)(?: ([A-Z]+))?(?: \\[([a-z]+)])?");

    private final String syntax;
    private final String words;
    private final Word verb;

    /** Empty if the verb stands alone. */
    private final Word option;

    private final boolean takesText;
    private final String help;
    private final List<ReplyType> replies;
    private final boolean inUsageLine;
    private final Access access;

    /** The command without text, made once: reading its line allocates nothing. */
    private final Command bare;

    private CommandRow(String syntax, String help, List<ReplyType> replies, boolean inUsageLine, Access access) {
        Matcher matcher = SYNTAX.matcher(syntax);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not the syntax of a command: " + syntax);
        }
        String second = matcher.group(2) == null ? "" : matcher.group(2);
        this.syntax = syntax;
        this.words = second.isEmpty() ? matcher.group(1) : matcher.group(1) + " " + second;
        this.verb = new Word(matcher.group(1));
        this.option = new Word(second);
        this.takesText = matcher.group(3) != null;
        this.help = help;
        this.replies = replies;
        this.inUsageLine = inUsageLine;
        this.access = access;
        this.bare = new Command(this, "");
    }

    /**
     * A command that anyone may use and that the usage line does not name.
     *
     * @param syntax how the command is written: a verb, an optional second word, and, if a text may follow, a name for that
     *     text in brackets: {@code WHY}, {@code WHO FRESH}, {@code PING [text]}. A word has 1 to 8 capital letters of
     *     US-ASCII, a name small ones
     * @param help what the command does, in a few words, without {@code |} and line ends
     * @param replies the types of its replies, in order; none if the command ends the connection
     * @throws IllegalArgumentException if the syntax does not have this form
     */
    public static CommandRow of(String syntax, String help, ReplyType... replies) {
        return new CommandRow(syntax, help, List.of(replies), false, Access.ANYONE);
    }

    /** The same row, named in the usage line. */
    public CommandRow inUsageLine() {
        return new CommandRow(syntax, help, replies, true, access);
    }

    /** The same row, only for clients that have {@code access}. */
    public CommandRow forAccess(Access access) {
        return new CommandRow(syntax, help, replies, inUsageLine, access);
    }

    /** How the command is written: {@code PING [text]}. */
    public String syntax() {
        return syntax;
    }

    /** The words without arguments: {@code WHO FRESH}. */
    public String words() {
        return words;
    }

    /** What the command does, in a few words. */
    public String help() {
        return help;
    }

    /** The types of its replies, in order; empty if the command ends the connection. */
    public List<ReplyType> replies() {
        return replies;
    }

    /** The number of lines of all its replies together; 0 if it has none. */
    public int replyLines() {
        return replies.stream().mapToInt(ReplyType::lines).sum();
    }

    /** Whether the command ends the connection. */
    public boolean endsConnection() {
        return replies.isEmpty();
    }

    /** Who may use the command. */
    public Access access() {
        return access;
    }

    /** The command without text. */
    public Command command() {
        return bare;
    }

    /**
     * The command with {@code text} after its words.
     *
     * @throws IllegalArgumentException if the command takes no text, or not this one: see {@link Command#text}
     */
    public Command command(String text) {
        return text.isEmpty() ? bare : new Command(this, text);
    }

    boolean takes(String text) {
        return text.isEmpty() || (takesText && CommandText.isText(text));
    }

    boolean isInUsageLine() {
        return inUsageLine;
    }

    Word verb() {
        return verb;
    }

    /** Whether this row reads every line that begins with its verb. */
    boolean takesAnyLine() {
        return takesText && option.isEmpty();
    }

    /** The request whose verb is followed by {@code buffer[from, to)}; null if the second word is not this row's. */
    @Nullable
    Request read(byte[] buffer, int from, int to) {
        int start = Word.begin(buffer, from, to);
        if (option.isEmpty()) {
            return takesText || start == to ? takeText(buffer, start, to) : null;
        }
        int end = Word.end(buffer, start, to);
        return option.is(Word.pack(buffer, start, end), end - start) ? takeText(buffer, end, to) : null;
    }

    private Request takeText(byte[] buffer, int from, int to) {
        int start = Word.begin(buffer, from, to);
        if (start == to) {
            return bare;
        }
        String text = takesText ? CommandText.read(buffer, start, to) : null;
        return text == null ? Request.Invalid.INSTANCE : new Command(this, text);
    }

    @Override
    public String toString() {
        return syntax;
    }
}
