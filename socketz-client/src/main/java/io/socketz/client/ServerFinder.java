package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds a server: looks up names and tries addresses until one of them greets and tells its id, then hands that connection
 * over. Owned by the client's thread.
 *
 * <pre>{@code
 *              a name                  its addresses
 *   SEEKING -------------> LOOKING_UP ---------------> SEEKING
 *
 *              an address              greeting and id             connection lost             wait is over
 *   SEEKING -------------> CONNECTING -----------------> FOUND --------------------> WAITING ---------------> SEEKING
 *
 *                          LOOKING_UP, CONNECTING -- failed, or too late --> SEEKING, if the round has addresses left
 *                                                                            WAITING, after a round
 *                                                                            ENDED, after the very first round
 *
 *   any -- close --> ENDED
 * }</pre>
 */
final class ServerFinder implements Lookups.AddressListener {
    /** Hears how the search proceeds. Called on the client's thread. */
    interface SearchListener {
        /**
         * An address did not lead to a server.
         *
         * @param nextIn time until the next address is tried; empty if none will be
         */
        void onAttemptFailed(Attempt attempt, Optional<Duration> nextIn);

        /** The connection is ready for requests, and belongs to the listener. */
        void onServerFound(ServerConnection connection, Server server);

        /** The very first round found no server, so there will be none. */
        void onGivenUp(SocketzException why);
    }

    private enum Phase {
        SEEKING,
        LOOKING_UP,
        CONNECTING,
        FOUND,
        WAITING,
        ENDED
    }

    private final Settings settings;
    private final Selector selector;
    private final PendingRequests pending;
    private final ClientCounters counters;
    private final SearchListener listener;
    private final Search search;
    private final ReconnectDelay delay;
    private final Lookups lookups;

    /** The failed attempts of the first round. */
    private final List<Attempt> attempts = new ArrayList<>();

    private Phase phase = Phase.SEEKING;

    /** Whether no server has been found yet. */
    private boolean first = true;

    /** When the phase is over at the latest, as {@link System#nanoTime}; of LOOKING_UP, CONNECTING and WAITING. */
    private long deadline;

    private long foundAt;

    /** What is tried, or was found. */
    private @Nullable Candidate candidate;

    /** Of CONNECTING alone. */
    private @Nullable ServerConnection connection;

    /**
     * A finder that has not begun.
     *
     * @param pending what a connection that was found sends
     * @param clientThread runs a task on the client's thread, and tells it the time
     */
    ServerFinder(
            Settings settings,
            Selector selector,
            PendingRequests pending,
            ClientCounters counters,
            Consumer<LongConsumer> clientThread,
            SearchListener listener) {
        this.settings = settings;
        this.selector = selector;
        this.pending = pending;
        this.counters = counters;
        this.listener = listener;
        Random random = new Random(settings.seed());
        this.search = new Search(settings.places(), settings.shuffle(), random);
        this.delay = new ReconnectDelay(settings.reconnectMinNanos(), settings.reconnectMaxNanos(), random);
        this.lookups = new Lookups(settings.resolver(), clientThread, this);
        search.begin();
    }

    /** Does what can be done now: tries addresses, and sends what the handshake has to send. */
    void proceed(long now) {
        do {
            if (phase == Phase.SEEKING) {
                seek(now);
            }
            flush(now);
        } while (phase == Phase.SEEKING);
    }

    /** Nanoseconds until the phase is over at the latest, or -1 if it has no deadline. */
    long untilNext(long now) {
        return phase == Phase.FOUND || phase == Phase.ENDED ? -1 : Math.max(0, deadline - now);
    }

    /** Ends the phase if its time is up. */
    void onTime(long now) {
        if (deadline - now > 0) {
            return;
        }
        Candidate tried = candidate;
        if (phase == Phase.WAITING) {
            phase = Phase.SEEKING;
        } else if (tried != null && (phase == Phase.LOOKING_UP || phase == Phase.CONNECTING)) {
            String overdue = connection == null ? "no address for that name in time" : connection.overdue();
            onAttemptFailed(tried, new SocketzException(Reason.CONNECT_TIMEOUT, overdue), now);
        }
    }

    /** The kernel has something for the connection that is being made. */
    void onReady(byte[] input, long now) {
        ServerConnection current = connection;
        if (current == null) {
            return;
        }
        try {
            current.onReady(input, now);
        } catch (SocketzException e) {
            onAttemptFailed(current.candidate(), e, now);
            return;
        }
        Server server = current.server();
        if (server != null) {
            phase = Phase.FOUND;
            foundAt = now;
            first = false;
            attempts.clear();
            connection = null;
            listener.onServerFound(current, server);
        }
    }

    /** Whether there may be something to read that the kernel does not know of. */
    boolean isUnread() {
        return connection != null && connection.isUnread();
    }

    /** The connection that was found has ended: waits, then seeks again. */
    void onLost(long now) {
        Candidate lost = candidate;
        if (lost != null) {
            search.beginWithout(lost);
        }
        delay.onLost(now - foundAt);
        waitForNextRound(now);
    }

    /** Ends the search. */
    void close() {
        phase = Phase.ENDED;
        discardConnection();
    }

    /** Begins to try the next address. */
    private void seek(long now) {
        Candidate next = search.next();
        candidate = next;
        deadline = now + settings.connectTimeoutNanos();
        Optional<InetSocketAddress> target = next.target();
        if (target.isEmpty()) {
            phase = Phase.LOOKING_UP;
            lookups.begin(next.asked().host());
            return;
        }
        phase = Phase.CONNECTING;
        try {
            connection = new ServerConnection(
                    next, target.get(), selector, pending, counters, settings.maxReplyLine(), settings.tls());
        } catch (IOException | RuntimeException e) {
            String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            onAttemptFailed(next, new SocketzException(Reason.CONNECT_FAILED, message, e), now);
        }
    }

    private void flush(long now) {
        ServerConnection current = connection;
        if (current != null) {
            try {
                current.flush();
            } catch (SocketzException e) {
                onAttemptFailed(current.candidate(), e, now);
            }
        }
    }

    @Override
    public void onAddresses(String host, List<InetAddress> addresses, long now) {
        Candidate tried = candidate;
        if (tried != null && isAwaited(host, tried)) {
            search.onFound(tried.asked(), addresses);
            phase = Phase.SEEKING;
        }
    }

    @Override
    public void onUnknownHost(String host, SocketzException e, long now) {
        Candidate tried = candidate;
        if (tried != null && isAwaited(host, tried)) {
            onAttemptFailed(tried, e, now);
        }
    }

    /** Whether this lookup is the one that is waited for: one that took too long is not. */
    private boolean isAwaited(String host, Candidate tried) {
        return phase == Phase.LOOKING_UP && tried.asked().host().equals(host);
    }

    private void onAttemptFailed(Candidate tried, SocketzException failure, long now) {
        if (tried.address().isEmpty() || (connection != null && connection.isEstablished())) {
            search.skipOtherPorts();
        }
        discardConnection();
        Attempt attempt = new Attempt(tried.asked(), tried.target(), failure);
        if (first) {
            attempts.add(attempt);
        }
        if (search.hasNext()) {
            phase = Phase.SEEKING;
            listener.onAttemptFailed(attempt, Optional.of(Duration.ZERO));
        } else if (first) {
            phase = Phase.ENDED;
            listener.onAttemptFailed(attempt, Optional.empty());
            listener.onGivenUp(SocketzException.connectFailed(attempts));
        } else {
            search.begin();
            long wait = waitForNextRound(now);
            listener.onAttemptFailed(attempt, Optional.of(Duration.ofNanos(wait)));
        }
    }

    /** Returns how long it waits, in nanoseconds. */
    private long waitForNextRound(long now) {
        long wait = delay.next();
        deadline = now + wait;
        phase = Phase.WAITING;
        return wait;
    }

    private void discardConnection() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
