package io.socketz.protocol.request;

import io.socketz.protocol.reply.ReplyType;
import java.util.List;

/** The commands that every Socketz server has. */
public final class BuiltInCommands {
    /** Asks why. */
    public static final CommandRow WHY =
            CommandRow.of("WHY", "the answer to everything", ReplyType.ANSWER).inUsageLine();

    /** Asks who is connected. */
    public static final CommandRow WHO = CommandRow.of(
                    "WHO",
                    "all clients of all servers, in the order they joined, and how many they are",
                    ReplyType.CLIENT_LIST)
            .inUsageLine();

    /** Asks who is connected, at a moment no earlier than the request. */
    public static final CommandRow WHO_FRESH = CommandRow.of(
            "WHO FRESH",
            "the same, at least as new as the question if that can be had in 500 ms, and whether it is",
            ReplyType.CLIENT_LIST,
            ReplyType.FRESHNESS);

    /** Asks which server this is. */
    public static final CommandRow WHERE = CommandRow.of(
                    "WHERE", "the server's id, a UUID new at every start", ReplyType.SERVER_ID)
            .inUsageLine();

    /** Ends the session. */
    public static final CommandRow QUIT = CommandRow.of(
                    "QUIT", "closes the connection, after everything before it was answered")
            .inUsageLine();

    /** Asks for a sign of life. */
    public static final CommandRow PING = CommandRow.of("PING [text]", "`PONG` and the text", ReplyType.LINE);

    /** All built-in commands, in the order in which help shows them. */
    public static final CommandTable TABLE = CommandTable.of(List.of(WHY, WHO, WHO_FRESH, WHERE, QUIT, PING));

    private BuiltInCommands() {}
}
