package io.socketz.server.command;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Access;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.event.CloseReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Answers {@code AUTH}, and keeps the commands of administrators from everyone else. */
final class AdminCommands {
    private static final byte[] AUTHORIZED = new Reply.Line("authorized").toBytes();
    private static final byte[] WRONG_TOKEN = new Reply.Failure(
                    "WRONG_TOKEN", "expected a token whose SHA-256 is in the file of --admin-tokens")
            .toBytes();
    private static final byte[] NOT_CONFIGURED =
            new Reply.Failure("NOT_CONFIGURED", "expected a server with --admin-tokens").toBytes();
    private static final byte[] NOT_AUTHORIZED = new Reply.Failure("NOT_AUTHORIZED", "expected AUTH first").toBytes();

    /** Null if the server has none: then nobody is an administrator. */
    private final @Nullable AdminTokens tokens;

    private final Executor queries;

    AdminCommands(@Nullable AdminTokens tokens, Executor queries) {
        this.tokens = tokens;
        this.queries = queries;
    }

    void auth(Command command, Requester requester) {
        AdminTokens known = tokens;
        if (known == null) {
            requester.reply(NOT_CONFIGURED);
            return;
        }
        String token = command.text();
        requester.await(CompletableFuture.supplyAsync(() -> known.admit(token), queries), right -> {
            if (right) {
                requester.credentials().onRightToken();
                requester.reply(AUTHORIZED);
            } else {
                requester.await(known.wrongTokenNanos(), () -> onWrongToken(requester));
            }
        });
    }

    private static void onWrongToken(Requester requester) {
        if (requester.credentials().onWrongToken()) {
            requester.finish(CloseReason.AUTH_FAILED, Credentials.MAX_FAILURES + " wrong tokens");
        } else {
            requester.reply(WRONG_TOKEN);
        }
    }

    /** The handler of a row, for those who may use it. */
    CommandHandler guard(CommandRow row, CommandHandler handler) {
        if (row.access() == Access.ANYONE) {
            return handler;
        }
        return (command, requester) -> {
            if (mayUse(row, requester)) {
                handler.handle(command, requester);
            } else {
                refuse(requester);
            }
        };
    }

    boolean mayUse(CommandRow row, Requester requester) {
        return row.access() == Access.ANYONE
                || (tokens != null && requester.credentials().areProven());
    }

    void refuse(Requester requester) {
        requester.reply(tokens == null ? NOT_CONFIGURED : NOT_AUTHORIZED);
    }

    /** What {@code HELP} says about who may use a row: empty if everyone may. */
    String note(CommandRow row, CommandRow auth) {
        boolean concerned = row.access() == Access.ADMINISTRATORS || row == auth;
        if (concerned && tokens == null) {
            return " (off: the server has no --admin-tokens)";
        }
        return row.access() == Access.ADMINISTRATORS ? " (after AUTH)" : "";
    }
}
