package io.socketz.client.cli;

import io.socketz.client.Server;
import io.socketz.client.SocketzException;
import io.socketz.client.SocketzException.Reason;
import io.socketz.client.WatchListener;
import io.socketz.client.console.Printable;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.Watching;
import io.socketz.protocol.request.BuiltInCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A watch of a script: what comes first answers {@code WATCH}, and everything else is printed as it comes. Owned by the
 * client's thread.
 *
 * <pre>{@code
 *   asked -- state, or the revision that was asked for --> answered -- events; remarks on standard error --> ...
 *     +----- refused: the server's error is the answer
 * }</pre>
 */
final class ScriptWatch implements WatchListener {
    /** Prints, on a thread of its own. */
    interface Printer {
        /** May block while too many wait to be printed. */
        void onEvent(Event event);

        /** Replaces everything that was printed before. May block as {@link #onEvent}. */
        void onStateAnew(String command, Reply state);

        /** A line for people, not for programs. */
        void onRemark(String remark);

        /** There is no connection any more. Never blocks. */
        void onLost(SocketzException why);
    }

    private final String command;

    /** Whether the client looks for another server when it loses one. */
    private final boolean resumes;

    private final Printer printer;
    private final CompletableFuture<List<Reply>> answer = new CompletableFuture<>();

    /**
     * A watch that has not begun.
     *
     * @param command that was read from the script
     * @param resumes whether the client looks for another server when it loses one; if not, the end of the watch says why
     */
    ScriptWatch(String command, boolean resumes, Printer printer) {
        this.command = command;
        this.resumes = resumes;
        this.printer = printer;
    }

    /** What answers {@code WATCH}. From any thread. */
    CompletableFuture<List<Reply>> answer() {
        return answer;
    }

    @Override
    public void onState(Block.Clients state) {
        if (!answer.complete(List.of(state))) {
            printer.onRemark("the server does not know each change since then: the whole list follows again");
            printer.onStateAnew(command, state);
        }
    }

    @Override
    public void onState(List<ClientRecord> clients, long revision) {
        throw new IllegalStateException("told as the server sent it");
    }

    @Override
    public void onEvent(Event event) {
        printer.onEvent(event);
    }

    @Override
    public void onLost(SocketzException why) {
        if (resumes) {
            printer.onRemark("connection lost: " + Printable.of(String.valueOf(why.getMessage())) + "; trying again");
        }
    }

    @Override
    public void onResumed(Server server, long revision) {
        if (!answer.complete(List.of(new Watching(revision)))) {
            printer.onRemark("watching at " + HostPort.of(server.address()) + ", server " + server.shortId()
                    + ", since revision " + revision + ": nothing is missing");
        }
    }

    /**
     * The watch has ended. Returns whether nothing had been told before: then its end is the answer.
     *
     * @param e null if it was closed
     */
    boolean refuse(@Nullable Throwable e) {
        if (e instanceof SocketzException failure && failure.reason() == Reason.SERVER_ERROR) {
            String text = String.valueOf(failure.getMessage());
            return answer.complete(List.of(new Reply.Failure(
                    failure.code(), text.substring(failure.code().length()).strip())));
        }
        if (e instanceof SocketzException failure && failure.reason() == Reason.INVALID_COMMAND) {
            // In the words of every server (docs/protocol.md, Frozen formats).
            return answer.complete(List.of(new Reply.InvalidCommand(BuiltInCommands.TABLE.usage())));
        }
        return e == null ? answer.complete(List.of()) : answer.completeExceptionally(e);
    }
}
