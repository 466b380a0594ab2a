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

    /** {@link ClientRecord}. */
    CLIENT(1, ClientRecord::isRecord, () -> ClientRecord::parse),

    /** {@link AuditRecord}. */
    AUDIT(1, AuditRecord::isRecord, () -> AuditRecord::parse),

    /** {@link ClientCount}. */
    CLIENT_COUNT(1, ClientCount::isCount, () -> ClientCount::parse),

    /** {@link Kicked}. */
    KICKED(1, Kicked::isKicked, () -> Kicked::parse),

    /** {@link Event}; answers no request. */
    EVENT(1, startsWith(Event.PREFIX), () -> EventFormat::parse),

    /** {@link Watching}; where that is announced, the state may come instead, a {@link Block.Clients}. */
    WATCHING(1, Watching::isWatching, () -> Watching::parse),

    /** {@link Block.Commands}. */
    COMMANDS(0, BlockFormat::isCommands, BlockFormat::commands),

    /** {@link Block.Servers}. */
    SERVERS(0, BlockFormat::isServers, BlockFormat::servers),

    /** {@link Block.Clients}. */
    CLIENTS(0, BlockFormat::isClients, BlockFormat::clients),

    /** {@link Block.Departures}. */
    DEPARTURES(0, BlockFormat::isDepartures, BlockFormat::departures),

    /** {@link Block.Lines}. */
    BLOCK(0, BlockFormat::isBlock, BlockFormat::lines),

    /** {@link Reply.Line}. */
    LINE(1, line -> true, () -> LineFormat::parse);

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

    /** The number of lines of a reply of this type; 0 if it is a block, whose first line says that. */
    public int lines() {
        return lines;
    }

    /** Whether all replies that {@link #admits} admits have that many lines. */
    public boolean hasFixedLength() {
        return lines > 0 && this != WATCHING;
    }

    /** Whether a reply of this type is a {@link Block}. */
    public boolean isBlock() {
        return lines == 0;
    }

    /** Whether a reply of this type means that the request was refused, and so may come in place of any other reply. */
    public boolean isRefusal() {
        return this == INVALID_COMMAND || this == FAILURE;
    }

    /**
     * Whether {@code reply} may come where a row of the command table announces this type. A server's own command answers
     * with any line or any block, and such a reply may look like another type.
     */
    public boolean admits(Reply reply) {
        ReplyType type = reply.type();
        return type == this
                || (this == LINE && type.lines() == 1 && type != EVENT)
                || (this == BLOCK && type.isBlock())
                || (this == WATCHING && type == CLIENTS);
    }

    /** Parses one reply of this type, from its first line. */
    ReplyParser parser() {
        return parser.get();
    }
}
