package io.socketz.protocol.request;

import io.socketz.protocol.reply.Reply;
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
    /** {@code VERB} or {@code VERB WORD}, and arguments. */
    private static final Pattern SYNTAX = Pattern.compile("([A-Z]+)(?: ([A-Z]+))?((?: [a-z\\[].*)?)");

    private final String syntax;
    private final String words;
    private final Word verb;

    /** Empty if the verb stands alone. */
    private final Word option;

    private final ArgumentSyntax arguments;
    private final String help;
    private final List<ReplyType> replies;
    private final Access access;
    private final boolean inUsageLine;
    private final boolean frozen;

    /** The flag with which the only reply is of another type; empty if there is none. */
    private final String flag;

    private final @Nullable ReplyType flagged;

    /** What a line without arguments asks for, made once: reading it allocates nothing. */
    private final Request bare;

    private CommandRow(
            String syntax,
            String help,
            List<ReplyType> replies,
            Access access,
            boolean inUsageLine,
            boolean frozen,
            String flag,
            @Nullable ReplyType flagged) {
        Matcher matcher = SYNTAX.matcher(syntax);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not the syntax of a command: " + syntax);
        }
        String second = matcher.group(2) == null ? "" : matcher.group(2);
        this.syntax = syntax;
        this.words = second.isEmpty() ? matcher.group(1) : matcher.group(1) + " " + second;
        this.verb = new Word(matcher.group(1));
        this.option = new Word(second);
        this.arguments = new ArgumentSyntax(syntax, matcher.group(3));
        this.help = help;
        this.replies = replies;
        this.access = access;
        this.inUsageLine = inUsageLine;
        this.frozen = frozen;
        this.flag = flag;
        this.flagged = flagged;
        this.bare = arguments.areOptional() ? new Command(this, "") : read("");
    }

    /**
     * A command that anyone may use and that the usage line does not name.
     *
     * @param syntax how the command is written: a verb, perhaps a second word, and its arguments. Those are names of words
     *     that must be there; then, in brackets, either a name for the rest of the line, or flags and keywords with the names
     *     of their values, which may come in any order: {@code WHY}, {@code WHO FRESH}, {@code PING [text]},
     *     {@code KICK id [reason]}, {@code WHO LONG [FRESH] [LIMIT n]}. A word has capital letters of US-ASCII, the first
     *     two of a row 1 to 8 of them; a name has small ones. Some names tell what the value must be: {@code n} (1 to 10,000),
     *     {@code revision}, {@code cidr}, {@code glob}, {@code s} (a server), {@code id} (a client), {@code time},
     *     {@code label} (a name of a client); a {@code token} is a secret
     * @param help what the command does, in a few words, without {@code |} and line ends
     * @param replies the types of its replies, in order; none if the command ends the connection
     * @throws IllegalArgumentException if the syntax does not have this form
     */
    public static CommandRow of(String syntax, String help, ReplyType... replies) {
        return new CommandRow(syntax, help, List.of(replies), Access.ANYONE, false, false, "", null);
    }

    /** The same row, named in the usage line, and frozen. */
    public CommandRow inUsageLine() {
        return new CommandRow(syntax, help, replies, access, true, true, flag, flagged);
    }

    /**
     * The same row, as the protocol had it before there were arguments: with other words behind it, a line is an invalid
     * command ({@link Request.Invalid}), and not one with a bad argument.
     */
    public CommandRow frozen() {
        return new CommandRow(syntax, help, replies, access, inUsageLine, true, flag, flagged);
    }

    /** The same row, only for clients that have {@code access}. */
    public CommandRow forAccess(Access access) {
        return new CommandRow(syntax, help, replies, access, inUsageLine, frozen, flag, flagged);
    }

    /** The same row, whose only reply is of another type if a flag is given. */
    public CommandRow answeringWith(String flag, ReplyType reply) {
        return new CommandRow(syntax, help, replies, access, inUsageLine, frozen, flag, reply);
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

    /** The number of lines of all its replies together; 0 if it has none, or if that differs from reply to reply. */
    public int replyLines() {
        return replies.stream().allMatch(ReplyType::hasFixedLength)
                ? replies.stream().mapToInt(ReplyType::lines).sum()
                : 0;
    }

    /** Whether the command ends the connection. */
    public boolean endsConnection() {
        return replies.isEmpty();
    }

    /** The type of a reply to the command with {@code text} after its words. */
    ReplyType replyType(int place, String text) {
        ReplyType other = flagged;
        return other != null && arguments(text).has(flag) ? other : replies.get(place);
    }

    /** Who may use the command. */
    public Access access() {
        return access;
    }

    /**
     * The command without arguments.
     *
     * @throws BadArgumentException if it needs some
     */
    public Command command() {
        return command("");
    }

    /**
     * The command with {@code text} after its words.
     *
     * @throws BadArgumentException if the row takes arguments, but not these
     * @throws IllegalArgumentException if the command takes no text, or not this one: see {@link Command#text}
     */
    public Command command(String text) {
        return text.isEmpty() && bare instanceof Command command ? command : new Command(this, text);
    }

    /** Whether an argument must not be shown, kept or logged, since it proves who somebody is: its name is {@code token}. */
    public boolean isSecret() {
        return arguments.haveSecret();
    }

    /** Whether a line of these words alone is a command. */
    public boolean standsAlone() {
        return arguments.areOptional();
    }

    /**
     * What may follow the words of this row and the arguments {@code given}, as the syntax writes it: the name of the value that comes next,
     * {@code n}; a text, {@code [text]}; or the flags and keywords that are left, {@code [FRESH]} and {@code [LIMIT n]}.
     * Empty if nothing may. For completion.
     */
    public List<String> following(List<String> given) {
        return arguments.following(given);
    }

    /** Throws as {@link #command(String)} does. */
    void check(String text) {
        if (!CommandText.isText(text)) {
            throw new IllegalArgumentException(syntax + " does not take this text");
        }
        arguments.parse(text);
    }

    CommandArguments arguments(String text) {
        return arguments.parse(text);
    }

    boolean isInUsageLine() {
        return inUsageLine;
    }

    Word verb() {
        return verb;
    }

    /** Whether this row reads every line that begins with its verb, if only to refuse it. */
    boolean readsAnyLine() {
        return option.isEmpty();
    }

    /** The request whose verb is followed by {@code buffer[from, to)}; null if the second word is not this row's. */
    @Nullable
    Request read(byte[] buffer, int from, int to) {
        int start = Word.begin(buffer, from, to);
        if (!option.isEmpty()) {
            int end = Word.end(buffer, start, to);
            return option.is(Word.pack(buffer, start, end), end - start) ? readArguments(buffer, end, to) : null;
        }
        return readArguments(buffer, start, to);
    }

    private Request readArguments(byte[] buffer, int from, int to) {
        int start = Word.begin(buffer, from, to);
        if (start == to) {
            return bare;
        }
        String text = CommandText.read(buffer, start, to, !arguments.areText());
        if (text == null) {
            return refused(arguments.notText());
        }
        return read(text);
    }

    private Request read(String text) {
        try {
            return new Command(this, text);
        } catch (BadArgumentException e) {
            return refused(e);
        }
    }

    private Request refused(BadArgumentException e) {
        return frozen
                ? Request.Invalid.INSTANCE
                : new Request.BadArgument(this, new Reply.Failure(e.code(), e.getMessage()));
    }

    @Override
    public String toString() {
        return syntax;
    }
}
