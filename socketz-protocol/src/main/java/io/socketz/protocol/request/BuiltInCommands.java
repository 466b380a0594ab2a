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
                    "all clients of all servers, in the order in which they joined, and their number",
                    ReplyType.CLIENT_LIST)
            .inUsageLine();

    /** Asks who is connected, at a moment no earlier than the request. */
    public static final CommandRow WHO_FRESH = CommandRow.of(
                    "WHO FRESH",
                    "the same, at least as new as the question or, after 500 ms, marked as stale",
                    ReplyType.CLIENT_LIST,
                    ReplyType.FRESHNESS)
            .frozen();

    /** Asks which server this is. */
    public static final CommandRow WHERE = CommandRow.of(
                    "WHERE", "the server's id, a UUID that is new at every start", ReplyType.SERVER_ID)
            .inUsageLine();

    /** Ends the session. */
    public static final CommandRow QUIT = CommandRow.of(
                    "QUIT", "answers everything before it, then closes the connection")
            .inUsageLine();

    /** Asks for a sign of life. */
    public static final CommandRow PING =
            CommandRow.of("PING [text]", "`PONG` and the text", ReplyType.LINE).frozen();

    /** Asks what the server understands. */
    public static final CommandRow HELP =
            CommandRow.of("HELP [verb]", "the commands, or those that begin with this verb", ReplyType.COMMANDS);

    /** Asks how the others see this client. */
    public static final CommandRow WHOAMI = CommandRow.of("WHOAMI", "how the others see this client", ReplyType.CLIENT);

    /** Gives this client a name. */
    public static final CommandRow NAME =
            CommandRow.of("NAME [label]", "gives this client a name for all to see, or removes it", ReplyType.CLIENT);

    /** Asks which servers there are. */
    public static final CommandRow SERVERS =
            CommandRow.of("SERVERS", "the servers, and how many clients each has", ReplyType.SERVERS);

    /** Asks how many clients there are. */
    public static final CommandRow WHO_COUNT =
            CommandRow.of("WHO COUNT", "how many clients there are", ReplyType.CLIENT_COUNT);

    /** Asks for clients, with all that is known about them. */
    public static final CommandRow WHO_LONG = CommandRow.of(
            "WHO LONG [FRESH] [SERVER s] [ADDR cidr] [NAME glob] [LIMIT n] [AFTER id]",
            "all that is known about the clients, in the order in which they joined, page by page",
            ReplyType.CLIENTS);

    /** Proves that an administrator sends it. */
    public static final CommandRow AUTH = CommandRow.of(
            "AUTH token", "makes this connection an administrator's, if the token is right", ReplyType.LINE);

    /** Asks who left. */
    public static final CommandRow WHO_CLOSED =
            CommandRow.of("WHO CLOSED [LAST time]", "who left recently, and why", ReplyType.DEPARTURES);

    /** Asks to be told what changes. */
    public static final CommandRow WATCH = CommandRow.of(
            "WATCH [SINCE revision] [SERVER s] [ADDR cidr] [NAME glob]",
            "the clients, and from then on an event for each change",
            ReplyType.WATCHING);

    /** Asks not to be told any more. */
    public static final CommandRow UNWATCH = CommandRow.of("UNWATCH", "ends the events of `WATCH`", ReplyType.LINE);

    /** Ends the connection of one client. */
    public static final CommandRow KICK = CommandRow.of(
                    "KICK id [reason]", "disconnects a client of any server, and tells it why", ReplyType.KICKED)
            .forAccess(Access.ADMINISTRATORS);

    /** Ends the connections of all clients from some addresses. */
    public static final CommandRow KICK_ADDR = CommandRow.of(
                    "KICK ADDR cidr [DRYRUN]",
                    "disconnects all clients from these addresses, or shows who that would be",
                    ReplyType.KICKED)
            .answeringWith("DRYRUN", ReplyType.CLIENTS)
            .forAccess(Access.ADMINISTRATORS);

    /** Ends the connections of all clients with some names. */
    public static final CommandRow KICK_NAME = CommandRow.of(
                    "KICK NAME glob [DRYRUN]",
                    "disconnects all clients with such a name, or shows who that would be",
                    ReplyType.KICKED)
            .answeringWith("DRYRUN", ReplyType.CLIENTS)
            .forAccess(Access.ADMINISTRATORS);

    /** Asks whether the roster has exactly those who are connected. */
    public static final CommandRow AUDIT = CommandRow.of(
                    "AUDIT",
                    "compares this server's connections with its part of the roster, and repairs what differs",
                    ReplyType.AUDIT)
            .forAccess(Access.ADMINISTRATORS);

    /** All built-in commands, in the order in which help shows them. */
    public static final CommandTable TABLE = CommandTable.of(List.of(
            WHY,
            WHO,
            WHO_FRESH,
            WHERE,
            QUIT,
            PING,
            HELP,
            WHOAMI,
            NAME,
            SERVERS,
            WHO_COUNT,
            WHO_LONG,
            WHO_CLOSED,
            WATCH,
            UNWATCH,
            AUTH,
            KICK,
            KICK_ADDR,
            KICK_NAME,
            AUDIT));

    private BuiltInCommands() {}
}
