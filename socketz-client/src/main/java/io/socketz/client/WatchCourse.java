package io.socketz.client;

import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.request.Command;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What one watch has told its listener, and what is next. Owned by the client's thread; {@link #close} and what says that
 * they may be called from any thread, too.
 */
final class WatchCourse {
    private final WatchQuery query;
    private final WatchListener listener;
    private final Consumer<String> onWarning;
    private final EventSequence sequence;

    /** Completes when it is over. */
    final GuardedFuture<Void> ended;

    /** Nothing is told any more. Set by any thread. */
    private volatile boolean over;

    /** Up to which everything has been told. Written by the client's thread, read by any. */
    private volatile OptionalLong revision;

    /** @param onWarning gets a line for people when the listener fails */
    WatchCourse(WatchQuery query, WatchListener listener, Consumer<String> onWarning, Thread clientThread) {
        this.query = query;
        this.listener = listener;
        this.onWarning = onWarning;
        this.sequence = new EventSequence(query.start());
        this.revision = sequence.revision();
        this.ended = new GuardedFuture<>(clientThread);
    }

    /** Up to which everything has been told; empty if nothing has. From any thread. */
    OptionalLong revision() {
        return revision;
    }

    /** From any thread. */
    boolean isOver() {
        return over;
    }

    /** From any thread. Returns whether it was not over yet. */
    synchronized boolean close() {
        boolean first = !over;
        over = true;
        return first;
    }

    /** What to ask a server, to begin or to resume. */
    Command command() {
        return query.command(sequence.since());
    }

    /** The server does not know what has happened since {@link #revision}. */
    void forget() {
        sequence.forget();
    }

    void onState(Block.Clients state) {
        sequence.onState(state.revision());
        tell(() -> listener.onState(state));
    }

    void onEvent(Event event) {
        if (sequence.isNew(event)) {
            tell(() -> listener.onEvent(event));
        }
    }

    void onLost(SocketzException why) {
        tell(() -> listener.onLost(why));
    }

    void onResumed(Server server, long since) {
        tell(() -> listener.onResumed(server, since));
    }

    /** It ends by itself, unless it was closed. */
    void fail(SocketzException why) {
        if (close()) {
            ended.completeExceptionally(why);
        } else {
            end();
        }
    }

    /** It ends because it was closed. */
    void end() {
        ended.complete(null);
    }

    private void tell(Runnable call) {
        if (over) {
            return;
        }
        revision = sequence.revision();
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            onWarning.accept("the listener of a watch failed: " + e);
        }
    }
}
