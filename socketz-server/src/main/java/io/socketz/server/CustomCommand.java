package io.socketz.server;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.time.TimeText;
import io.socketz.server.command.CommandHandler;
import io.socketz.server.command.Requester;
import io.socketz.server.event.Connection;
import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.ErrorText;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers a command of the program that embeds the server. Whatever the program's function does wrong ends the request with
 * an error line, and harms nobody else: the connection lives.
 */
abstract class CustomCommand implements CommandHandler {
    private static final CommandReply INTERNAL_ERROR = CommandReply.error("INTERNAL_ERROR", "");
    private static final byte[] NOT_REGISTERED =
            new Reply.Failure("NOT_REGISTERED", "expected a client: this connection is not on the roster").toBytes();

    private final ServerListener listener;
    private final SlowCalls slowCalls;

    private CustomCommand(ServerListener listener, SlowCalls slowCalls) {
        this.listener = listener;
        this.slowCalls = slowCalls;
    }

    /** Makes the handler of a command, once it is known who hears of failures. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes it.
         *
         * @param timeoutNanos how long an answer may take; 0 for as long as it likes
         */
        CommandHandler make(ServerListener listener, long timeoutNanos, SlowCalls slowCalls);
    }

    /** @throws IllegalArgumentException if the row does not announce exactly one reply */
    static Maker of(CommandRow row, CommandFunction function) {
        checkReplies(row);
        return (listener, timeout, slowCalls) -> new Immediate(function, listener, slowCalls);
    }

    /** @throws IllegalArgumentException if the row does not announce exactly one reply */
    static Maker later(CommandRow row, AsyncCommandFunction function) {
        checkReplies(row);
        return (listener, timeout, slowCalls) -> new Later(function, listener, timeout, slowCalls);
    }

    private static void checkReplies(CommandRow row) {
        if (row.replies().size() != 1) {
            throw new IllegalArgumentException("expected a command with one reply: " + row);
        }
    }

    abstract void answer(Command command, Connection connection, Requester requester);

    @Override
    public final void handle(Command command, Requester requester) {
        Connection connection = requester.connection();
        if (connection == null) {
            requester.reply(NOT_REGISTERED);
        } else {
            slowCalls.begin("the command ", command.row().words());
            try {
                answer(command, connection, requester);
            } finally {
                slowCalls.end();
            }
        }
    }

    /** The answer, if it is of the type that the row announces; an error otherwise. */
    final CommandReply checked(Command command, @Nullable CommandReply reply) {
        if (reply == null) {
            return failed(command, "it has answered with null");
        }
        if (!reply.type().isRefusal() && !command.admits(reply.reply(), 0)) {
            return failed(
                    command,
                    "it has answered with " + reply.type() + ", and its row announces "
                            + command.row().replies().get(0));
        }
        return reply;
    }

    final CommandReply failed(Command command, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return failed(command, ErrorText.ofThrown(cause == null ? failure : cause));
    }

    final CommandReply failed(Command command, String why) {
        warn(command, "failed: " + why);
        return INTERNAL_ERROR;
    }

    final void warn(Command command, String what) {
        listener.onWarning("the command " + command.row().words() + " " + what);
    }

    /** Answers at once. */
    private static final class Immediate extends CustomCommand {
        private final CommandFunction function;

        Immediate(CommandFunction function, ServerListener listener, SlowCalls slowCalls) {
            super(listener, slowCalls);
            this.function = function;
        }

        @Override
        void answer(Command command, Connection connection, Requester requester) {
            requester.reply(reply(command, connection).bytes());
        }

        private CommandReply reply(Command command, Connection connection) {
            try {
                return checked(command, function.answer(command, connection));
            } catch (Throwable e) {
                return failed(command, e);
            }
        }
    }

    /** Answers when a stage completes. */
    private static final class Later extends CustomCommand {
        private final AsyncCommandFunction function;
        private final long timeoutNanos;
        private final CommandReply timeout;

        Later(AsyncCommandFunction function, ServerListener listener, long timeoutNanos, SlowCalls slowCalls) {
            super(listener, slowCalls);
            this.function = function;
            this.timeoutNanos = timeoutNanos;
            this.timeout = CommandReply.error(
                    "COMMAND_TIMEOUT", "expected an answer within " + TimeText.format(Duration.ofNanos(timeoutNanos)));
        }

        @Override
        void answer(Command command, Connection connection, Requester requester) {
            requester.reply(begin(command, connection).handle((reply, failure) ->
                    new byte[][] {ended(command, reply, failure).bytes()}));
        }

        /** A future of our own: nobody else completes it. */
        private CompletableFuture<CommandReply> begin(Command command, Connection connection) {
            CompletableFuture<CommandReply> answer = new CompletableFuture<>();
            try {
                CompletionStage<CommandReply> stage =
                        Objects.requireNonNull(function.answer(command, connection), "it has answered with null");
                var unused = stage.whenComplete((reply, failure) -> {
                    if (failure == null) {
                        answer.complete(reply);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
            return answer.isDone() || timeoutNanos == 0
                    ? answer
                    : answer.completeOnTimeout(timeout, timeoutNanos, TimeUnit.NANOSECONDS);
        }

        private CommandReply ended(Command command, @Nullable CommandReply reply, @Nullable Throwable failure) {
            if (failure != null) {
                return failed(command, failure);
            }
            if (reply == timeout) {
                warn(command, "has not answered within " + TimeText.format(Duration.ofNanos(timeoutNanos)));
                return timeout;
            }
            return checked(command, reply);
        }
    }
}
