package io.socketz.server.command;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import io.socketz.protocol.request.Request;
import io.socketz.server.event.CloseReason;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Answers requests. One for all connections: constant replies are made once, and what changes comes from {@link WhoText}. */
public final class CommandService {
    private final CommandTable commands;

    /** The first rows. A short array is found faster than a map. */
    private final CommandRow[] builtIn;

    /** Where the other rows are. */
    private final Map<CommandRow, Integer> morePlaces = new HashMap<>();

    /** What answers each row. */
    private final CommandHandler[] handlers;

    private final byte[] greeting;
    private final byte[] invalid;
    private final byte[] tooLong;

    private final AdminCommands admin;

    /**
     * Answers the commands of a table.
     *
     * @param wording the table, and what is said beside the answers
     * @param tokens of administrators; null if nobody is one
     * @param queries runs what goes through many clients, or reads files
     * @param more what answers the commands that this package does not know
     */
    public CommandService(
            Member self,
            Wording wording,
            Registry registry,
            WhoText who,
            @Nullable AdminTokens tokens,
            Executor queries,
            Map<CommandRow, CommandHandler> more) {
        commands = wording.commands();
        greeting = wording.greetingBytes();
        invalid = new Reply.InvalidCommand(wording.usage()).toBytes();
        admin = new AdminCommands(tokens, queries);
        HelpText help = new HelpText(commands, row -> row.help() + admin.note(row, BuiltInCommands.AUTH));
        IdentityCommands identity = new IdentityCommands(self);
        RosterCommands roster = new RosterCommands(registry, queries, InstantSource.system());
        KickCommands kicks = new KickCommands(registry, queries);
        tooLong = Reply.Failure.lineTooLong(wording.maxLineLength()).toBytes();
        Map<CommandRow, CommandHandler> known = new HashMap<>(more);
        known.put(BuiltInCommands.WHY, constant(new Reply.Answer()));
        known.put(BuiltInCommands.WHO, (command, requester) -> requester.reply(who.get()));
        known.put(BuiltInCommands.WHO_FRESH, (command, requester) -> requester.reply(who.getFresh()));
        known.put(BuiltInCommands.WHERE, constant(new Reply.ServerId(self.id())));
        known.put(BuiltInCommands.QUIT, (command, requester) -> requester.finish(CloseReason.CLIENT_QUIT, ""));
        known.put(BuiltInCommands.PING, (command, requester) -> requester.reply(pong(command.text())));
        known.put(BuiltInCommands.HELP, (command, requester) -> requester.reply(help.answer(command.text())));
        known.put(BuiltInCommands.WHOAMI, identity::whoAmI);
        known.put(BuiltInCommands.NAME, identity::name);
        known.put(BuiltInCommands.SERVERS, roster::servers);
        known.put(BuiltInCommands.WHO_COUNT, roster::count);
        known.put(BuiltInCommands.WHO_LONG, roster::list);
        known.put(BuiltInCommands.AUTH, admin::auth);
        known.put(BuiltInCommands.KICK, kicks::one);
        known.put(BuiltInCommands.KICK_ADDR, kicks::many);
        known.put(BuiltInCommands.KICK_NAME, kicks::many);
        known.put(BuiltInCommands.WHO_CLOSED, roster::closed);
        List<CommandRow> rows = commands.rows();
        int first = BuiltInCommands.TABLE.rows().size();
        builtIn = rows.subList(0, first).toArray(CommandRow[]::new);
        handlers = new CommandHandler[rows.size()];
        for (int i = 0; i < handlers.length; i++) {
            CommandRow row = rows.get(i);
            CommandHandler handler = known.get(row);
            if (handler == null) {
                throw new IllegalStateException("nothing answers " + row);
            }
            handlers[i] = admin.guard(row, handler);
            if (i >= first) {
                morePlaces.put(row, i);
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

    /**
     * The connection is open: greets the client, and answers nothing before that.
     *
     * @param announced completed when the client may be greeted
     */
    public void onOpen(Requester requester, CompletableFuture<?> announced) {
        if (announced.isDone()) {
            greet(requester);
        } else {
            requester.await(announced, nothing -> greet(requester));
        }
    }

    private void greet(Requester requester) {
        requester.reply(greeting);
        requester.onGreeted();
    }

    /** Where a command is in the table: from 0. */
    int placeOf(CommandRow row) {
        for (int i = 0; i < builtIn.length; i++) {
            if (builtIn[i] == row) {
                return i;
            }
        }
        return Objects.requireNonNull(morePlaces.get(row));
    }

    /** Answers the command at {@code place} of the table. */
    void answer(int place, Command command, Requester requester) {
        handlers[place].handle(command, requester);
    }

    /** Answers a command with arguments that it does not take. */
    void refuse(Request.BadArgument request, Requester requester) {
        if (admin.mayUse(request.row(), requester)) {
            requester.reply(request.refusal().toBytes());
        } else {
            admin.refuse(requester);
        }
    }

    void onInvalid(Requester requester) {
        requester.reply(invalid);
    }

    void onTooLong(Requester requester) {
        requester.reply(tooLong);
    }
}
