package io.socketz.protocol.reply;

import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The types of replies: how each is recognized and parsed. The first type here that recognizes a line is its type, so
 * reading needs no knowledge of the requests.
 */
public enum ReplyType {
    /** {@link Reply.Answer}. */
    ANSWER(1, Reply.Answer.TEXT::equals, () -> line -> new Reply.Answer()),

    /** {@link Reply.ClientList}. */
    CLIENT_LIST(2, startsWith(ClientListFormat.LIST_PREFIX), ClientListParser::new),

    /** {@link Reply.Freshness}. */
    FRESHNESS(
            1,
            startsWith(FreshnessFormat.FRESH_PREFIX).or(startsWith(FreshnessFormat.STALE_PREFIX)),
            () -> FreshnessFormat::parse),

    /** {@link Reply.ServerId}. */
    SERVER_ID(1, Reply.ServerId::isId, () -> Reply.ServerId::parse),

    /** {@link Reply.Greeting}. */
    GREETING(1, startsWith(Reply.Greeting.PREFIX), () -> Reply.Greeting::new),

    /** {@link Reply.InvalidCommand}. */
    INVALID_COMMAND(1, startsWith(Reply.InvalidCommand.PREFIX), () -> Reply.InvalidCommand::parse),

    /** {@link Reply.Failure}. */
    FAILURE(1, startsWith(Reply.Failure.PREFIX), () -> Reply.Failure::parse),

    /** {@link Reply.Line}. */
    LINE(1, line -> true, () -> Reply.Line::parse);

    private static final ReplyType[] TYPES = values();

    private final int lines;
    private final Predicate<String> recognizes;
    private final Supplier<ReplyParser> parser;

    ReplyType(int lines, Predicate<String> recognizes, Supplier<ReplyParser> parser) {
        this.lines = lines;
        this.recognizes = recognizes;
        this.parser = parser;
    }

    /** The type of a reply that begins with {@code line}. */
    static ReplyType of(String line) {
        for (ReplyType type : TYPES) {
            if (type.recognizes.test(line)) {
                return type;
            }
        }
        throw new IllegalStateException("no type of reply recognizes a line");
    }

    private static Predicate<String> startsWith(String prefix) {
        return line -> line.startsWith(prefix);
    }

    /** The number of lines of a reply of this type. */
    public int lines() {
        return lines;
    }

    /** Whether a reply of this type means that the request was refused, and so may come in place of any other reply. */
    public boolean isRefusal() {
        return this == INVALID_COMMAND || this == FAILURE;
    }

    /**
     * Whether {@code reply} may come where a row of the command table announces this type. A server's own command answers
     * with any line, and such a line may look like another type.
     */
    public boolean admits(Reply reply) {
        return reply.type() == this || (this == LINE && reply.type().lines() == 1);
    }

    /** Parses one reply of this type, from its first line. */
    ReplyParser parser() {
        return parser.get();
    }
}
