package io.socketz.client.repl;

import io.socketz.client.Attempt;
import io.socketz.client.ClientListener;
import io.socketz.client.Server;
import io.socketz.client.SocketzException;
import io.socketz.client.console.Printable;
import java.time.Duration;
import java.util.Optional;

/**
 * The state of a connection, and the events about it for a person. Written by the client's thread, read by any.
 *
 * <pre>{@code
 *   connecting --> connected --lost--> connecting, or the end without reconnect
 * }</pre>
 */
final class Link implements ClientListener {
    /** Hears of events on the client's thread. */
    interface Listener {
        /** A line to show now. */
        void onEvent(String text);

        /** The prompt has changed. */
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

    /** Why there is no server, from the last attempt; empty if there is one. */
    private volatile String trouble = "";

    /** How many connections were lost. Written only by the client's thread. */
    private volatile int losses;

    Link(boolean reconnects) {
        this.reconnects = reconnects;
    }

    /** Calls {@code listener} from now on; earlier events show in the state. */
    void tell(Listener listener) {
        this.listener = listener;
    }

    /** Calls nobody any more. */
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
            return; // the user asked for that
        }
        losses++;
        lost = !reconnects;
        listener.onEvent("connection lost: " + Printable.of(String.valueOf(why.getMessage()))
                + (reconnects ? "; trying again" : "; /connect connects again"));
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
