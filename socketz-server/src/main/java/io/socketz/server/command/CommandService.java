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
    private final Map<CommandRow, CommandHandler> handlers = new HashMap<>();
    private final byte[] greeting = new Reply.Greeting(commands.usage()).toBytes();
    private final byte[] invalid = new Reply.InvalidCommand(commands.usage()).toBytes();
    private final byte[] tooLong;

    public CommandService(UUID serverId, int maxLineLength, WhoText who) {
        tooLong = Reply.Failure.lineTooLong(maxLineLength).toBytes();
        handlers.put(BuiltInCommands.WHY, constant(new Reply.Answer()));
        handlers.put(BuiltInCommands.WHO, (command, requester) -> requester.reply(who.get()));
        handlers.put(BuiltInCommands.WHO_FRESH, (command, requester) -> requester.reply(who.getFresh()));
        handlers.put(BuiltInCommands.WHERE, constant(new Reply.ServerId(serverId)));
        handlers.put(BuiltInCommands.QUIT, (command, requester) -> requester.finish(CloseReason.CLIENT_QUIT, ""));
        handlers.put(BuiltInCommands.PING, (command, requester) -> requester.reply(pong(command.text())));
        for (CommandRow row : commands.rows()) {
            if (!handlers.containsKey(row)) {
                throw new IllegalStateException("nothing answers " + row);
            }
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
        CommandHandler handler = handlers.get(command.row());
        if (handler == null || command.row().access() != Access.ANYONE) {
            requester.reply(invalid);
        } else {
            handler.handle(command, requester);
        }
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
