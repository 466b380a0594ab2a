package io.socketz.client.repl;

import io.socketz.client.Attempt;
import io.socketz.client.ClientListener;
import io.socketz.client.Server;
import io.socketz.client.SocketzException;
import io.socketz.client.console.Printable;
import java.time.Duration;
import java.util.Optional;

/**
 * What is known of a connection, and what a person is told of it. Told by the client's thread, read by any.
 *
 * <pre>{@code
 *   connecting --> connected --lost--> connecting, or at an end where nothing is made anew
 * }</pre>
 */
final class Link implements ClientListener {
    /** Is told on the client's thread. */
    interface Listener {
        /** Something to be read now. */
        void onEvent(String text);

        /** The prompt is another one. */
        void onChange();
    }

    private static final Listener NOBODY = new Listener() {
        @Override
        public void onEvent(String text) {}

        @Override
        public void onChange() {}
    };

    private final boolean reconnects;

    private volatile Listener listener = NOBODY;
    private volatile Optional<Server> server = Optional.empty();
    private volatile Optional<Server> last = Optional.empty();
    private volatile boolean lost;

    /** Why there is no server, as far as the last attempt tells; empty if there is one. */
    private volatile String trouble = "";

    /** Connections that were lost. Written by the client's thread alone. */
    private volatile int losses;

    Link(boolean reconnects) {
        this.reconnects = reconnects;
    }

    /** From now on {@code listener} is told; what was before is in the state. */
    void tell(Listener listener) {
        this.listener = listener;
    }

    /** Nobody is told any more. */
    void retire() {
        listener = NOBODY;
    }

    Optional<Server> server() {
        return server;
    }

    /** {@code ; HOST:PORT: Connection refused}, or nothing. */
    String trouble() {
        return trouble;
    }

    int losses() {
        return losses;
    }

    String prompt(int columns) {
        return Prompt.of(server, last, lost, columns);
    }

    @Override
    public void onConnected(Server now, Optional<Server> before) {
        server = Optional.of(now);
        last = server;
        trouble = "";
        before.ifPresent(was -> listener.onEvent(
                was.id().equals(now.id()) ? now.shortId() + " again" : was.shortId() + " -> " + now.shortId()));
        listener.onChange();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    public void onDisconnected(Server gone, SocketzException why) {
        server = Optional.empty();
        if (why.reason() == SocketzException.Reason.CLOSED) {
            return; // as somebody asked
        }
        losses++;
        lost = !reconnects;
        listener.onEvent("connection lost: " + Printable.of(String.valueOf(why.getMessage()))
                + (reconnects ? "; trying again" : "; /connect makes another"));
        listener.onChange();
    }

    @Override
    public void onAttemptFailed(Attempt attempt, Optional<Duration> nextIn) {
        trouble = "; " + Printable.of(attempt.toString());
    }

    @Override
    public void onWarning(String message) {
        listener.onEvent(Printable.of(message));
    }
}
