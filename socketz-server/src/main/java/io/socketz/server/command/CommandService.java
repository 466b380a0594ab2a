package io.socketz.server.command;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Access;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import io.socketz.protocol.request.Request;
import io.socketz.server.event.CloseReason;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Answers requests. One for all connections: constant replies are made once, and what changes comes from {@link WhoText}. */
public final class CommandService implements Request.Handler<Requester> {
    private final CommandTable commands = BuiltInCommands.TABLE;

    /** The rows of the table, and at the same places what answers them. A short array is found faster than a map. */
    private final CommandRow[] rows;

    private final CommandHandler[] handlers;
    private final byte[] greeting = new Reply.Greeting(commands.usage()).toBytes();
    private final byte[] invalid = new Reply.InvalidCommand(commands.usage()).toBytes();
    private final byte[] tooLong;

    public CommandService(UUID serverId, int maxLineLength, WhoText who) {
        tooLong = Reply.Failure.lineTooLong(maxLineLength).toBytes();
        Map<CommandRow, CommandHandler> known = new HashMap<>();
        known.put(BuiltInCommands.WHY, constant(new Reply.Answer()));
        known.put(BuiltInCommands.WHO, (command, requester) -> requester.reply(who.get()));
        known.put(BuiltInCommands.WHO_FRESH, (command, requester) -> requester.reply(who.getFresh()));
        known.put(BuiltInCommands.WHERE, constant(new Reply.ServerId(serverId)));
        known.put(BuiltInCommands.QUIT, (command, requester) -> requester.finish(CloseReason.CLIENT_QUIT, ""));
        known.put(BuiltInCommands.PING, (command, requester) -> requester.reply(pong(command.text())));
        rows = commands.rows().toArray(CommandRow[]::new);
        handlers = new CommandHandler[rows.length];
        for (int i = 0; i < rows.length; i++) {
            CommandHandler handler = known.get(rows[i]);
            if (handler == null) {
                throw new IllegalStateException("nothing answers " + rows[i]);
            }
            // No client has proven to be an administrator yet.
            handlers[i] = rows[i].access() == Access.ANYONE ? handler : (command, requester) -> onInvalid(requester);
        }
    }

    private static CommandHandler constant(Reply reply) {
        byte[] bytes = reply.toBytes();
        return (command, requester) -> requester.reply(bytes);
    }

    private static byte[] pong(String text) {
        return new Reply.Line(text.isEmpty() ? "PONG" : "PONG " + text).toBytes();
    }

    /** The commands that are answered. */
    public CommandTable commands() {
        return commands;
    }

    /** The connection is open. */
    public void onOpen(Requester requester) {
        requester.reply(greeting);
    }

    @Override
    public void onCommand(Command command, Requester requester) {
        CommandRow row = command.row();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == row) {
                handlers[i].handle(command, requester);
                return;
            }
        }
        onInvalid(requester);
    }

    @Override
    public void onEmpty(Requester requester) {
        // Not answered.
    }

    @Override
    public void onInvalid(Requester requester) {
        requester.reply(invalid);
    }

    @Override
    public void onTooLong(Requester requester) {
        requester.reply(tooLong);
    }
}
