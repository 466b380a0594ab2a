package io.socketz.client.repl;

import io.socketz.client.Attempt;
import io.socketz.client.ClientListener;
import io.socketz.client.Server;
import io.socketz.client.SocketzException;
import io.socketz.client.console.Printable;
import io.socketz.client.console.ShownTime;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
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

        /** The server says something, in a line to show soon. Must not block. */
        void onMessage(String text);

        /** The prompt has changed. */
        void onChange();
    }

    private static final Listener NOBODY = new Listener() {
        @Override
        public void onEvent(String text) {}

        @Override
        public void onMessage(String text) {}

        @Override
        public void onChange() {}
    };

    /** The most messages that are kept until there is a listener: the last ones. */
    private static final int MOST_EARLY = 20;

    private final boolean reconnects;
    private final InstantSource clock;

    /** Messages that came before there was a listener. Guarded by itself. */
    private final Deque<String> early = new ArrayDeque<>();

    /** Whether there has been a listener. Guarded by {@link #early}. */
    private boolean told;

    private volatile Listener listener = NOBODY;
    private volatile Optional<Server> server = Optional.empty();

    /** When {@link #server} was found; set before it. */
    private volatile Instant since = Instant.EPOCH;

    private volatile Optional<Server> last = Optional.empty();
    private volatile boolean lost;

    /** Why there is no server, from the last attempt: {@code ; HOST:PORT: Connection refused}. Empty if there is one. */
    private volatile String trouble = "";

    /** How many connections were lost. Written only by the client's thread. */
    private volatile int losses;

    Link(boolean reconnects) {
        this(reconnects, InstantSource.system());
    }

    Link(boolean reconnects, InstantSource clock) {
        this.reconnects = reconnects;
        this.clock = clock;
    }

    /** Calls {@code listener} from now on; earlier events show in the state, and earlier messages are told now. */
    void tell(Listener listener) {
        synchronized (early) {
            this.listener = listener;
            told = true;
            early.forEach(listener::onMessage);
            early.clear();
        }
    }

    /** Calls nobody any more. */
    void retire() {
        listener = NOBODY;
    }

    Optional<Server> server() {
        return server;
    }

    String prompt(int columns) {
        return Prompt.of(server, last, lost, columns);
    }

    /**
     * The server, the time of the connection to it, and the losses: a line for each.
     *
     * @param at as for {@link ShownTime}
     */
    String info(Inks inks, ZonedDateTime at) {
        String found = server.map(now ->
                        "server      " + inks.id(now.id().toString()) + "\naddress     " + HostPort.of(now.address())
                                + "\nasked for   " + now.asked() + "\nsince       " + ShownTime.of(since, at))
                .orElse("not connected" + trouble);
        return found + "\nlost        " + losses + " connections";
    }

    @Override
    public void onConnected(Server now, Optional<Server> before) {
        since = clock.instant();
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
    public void onNotAuthorized(Server found, SocketzException why) {
        listener.onEvent(
                found.shortId() + " does not take your token: " + Printable.of(String.valueOf(why.getMessage())));
    }

    @Override
    public void onMessage(Server from, String text) {
        String line = EventLine.of(new Event.Message(text)).orElse("");
        synchronized (early) {
            if (told) {
                listener.onMessage(line);
                return;
            }
            early.add(line);
            if (early.size() > MOST_EARLY) {
                early.remove();
            }
        }
    }

    @Override
    public void onWarning(String message) {
        listener.onEvent(Printable.of(message));
    }
}
