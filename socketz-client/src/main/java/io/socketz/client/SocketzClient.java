package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.client.tls.SecureChannel;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDecoder;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A client of a cluster: connected to one of several servers at a time, and to another when that one is lost.
 * Thread-safe. Requests of many threads share the connection, in the order in which they were made, without waiting for
 * each other.
 *
 * <pre>{@code
 * try (SocketzClient client = SocketzClient.builder().addresses("localhost:4141").connect()) {
 *     System.out.println(client.who().get().count());
 * }
 * }</pre>
 *
 * <p>Requests return at once. Their futures fail with a {@link SocketzException}, whose {@link SocketzException#reason}
 * says what is known about the request. A request that was sent is never sent again. A request made while there is no
 * connection waits for the next one, within its own time limit ({@link Builder#requestTimeout}).
 *
 * <p>Futures complete, and listeners are called, on the one thread that a client has. What is chained to a future
 * without {@code Async} must not block. If it waits for a future of the same client, or for one derived from that by
 * its methods, it gets an {@link IllegalStateException}; other ways to wait, such as {@code allOf}, are not detected.
 */
public final class SocketzClient extends ClientRequests implements AutoCloseable {
    /**
     * The ports of an address without a port: HAProxy's, then the port of a stand-alone server, tried if nothing
     * listens at the first.
     */
    public static final List<Integer> DEFAULT_PORTS = List.of(4141, 5151);

    private final ClientLoop loop;

    private SocketzClient(Settings settings, CompletableFuture<SocketzClient> connected) throws IOException {
        this.loop = new ClientLoop(settings, () -> connected.complete(this), connected::completeExceptionally);
    }

    /** The options of a client, and what connects it. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Sends a line as a person types it and returns the replies: two to {@code WHO FRESH}, none to {@code QUIT} (see
     * {@link #quit}), none to a blank line, which is not sent, and one to anything else. What the server answers to an
     * unknown command is a reply like any other.
     *
     * @throws IllegalArgumentException if it contains a line end, or is a {@code WATCH} or {@code UNWATCH}: events answer no
     *     request; {@link #watch} takes them
     */
    public CompletableFuture<List<Reply>> send(String line) {
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("more than one line");
        }
        Request request = BuiltInCommands.TABLE.parse(line);
        if (request instanceof Request.Empty) {
            return CompletableFuture.completedFuture(List.of());
        }
        if (request.asksFor(BuiltInCommands.WATCH) || request.asksFor(BuiltInCommands.UNWATCH)) {
            throw new IllegalArgumentException("WATCH and UNWATCH are not requests like others: use watch");
        }
        // A command as the server spells it: with the blanks that were typed, it might be too long.
        byte[] sent =
                request instanceof Command command ? command.toBytes() : (line + "\n").getBytes(StandardCharsets.UTF_8);
        return ask(new PendingRequest<>(request, sent, true, Function.identity(), loop.thread()));
    }

    /** As {@link #watch(WatchQuery, WatchListener)}, all clients of all servers from now on. */
    public RosterWatch watch(WatchListener listener) {
        return watch(WatchQuery.all(), listener);
    }

    /**
     * Has {@code listener} told who is connected, and then each change as it happens, until the watch or the client is
     * closed. It needs no connection now, and survives the loss of one: the client resumes it at the next server, where it
     * ended at the one before, and says so. A client has one watch at a time; other requests are answered meanwhile.
     *
     * @throws IllegalStateException if this client watches already
     */
    public RosterWatch watch(WatchQuery query, WatchListener listener) {
        return loop.watch(query, listener);
    }

    /** The server that the client is connected to; empty while there is none. */
    public Optional<Server> server() {
        return loop.server();
    }

    /** Whether there is a server, and whether there may be one again. Any thread may ask at any time. */
    public ClientState state() {
        return loop.state();
    }

    /** What the client has done until now. Any thread may ask at any time, also after the end. */
    public ClientStatistics statistics() {
        return loop.statistics();
    }

    /**
     * Closes the connection and ends the client's thread. Requests without an answer fail with {@link Reason#CLOSED}.
     * May be called from any thread, any number of times. Returns when the thread has ended, or at once on that thread
     * itself.
     */
    @Override
    public void close() {
        loop.close();
    }

    /** How many requests take up room in the client. */
    int pending() {
        return loop.requests();
    }

    @Override
    <T> CompletableFuture<T> ask(Command command, Function<List<Reply>, T> reader) {
        return ask(new PendingRequest<>(command, command.toBytes(), false, reader, loop.thread()));
    }

    private <T> CompletableFuture<T> ask(PendingRequest<T> request) {
        loop.ask(request);
        return request.answer;
    }

    /**
     * Options with their defaults. Setters return the builder, and throw {@link IllegalArgumentException} if a value is
     * out of range. Times must be more than zero unless said otherwise; more than 70 years counts as 70 years.
     */
    public static final class Builder {
        /** Far from where nanoseconds would overflow. */
        private static final Duration LONGEST = Duration.ofDays(70 * 365);

        private List<List<HostPort>> places = List.of();
        private boolean shuffle = true;
        private long connectTimeoutNanos = TimeUnit.SECONDS.toNanos(3);
        private long requestTimeoutNanos = TimeUnit.SECONDS.toNanos(5);
        private long pingIntervalNanos;
        private long nowIntervalNanos = TimeUnit.SECONDS.toNanos(10);
        private boolean reconnect = true;
        private long reconnectMinNanos = TimeUnit.MILLISECONDS.toNanos(100);
        private long reconnectMaxNanos = TimeUnit.SECONDS.toNanos(10);
        private int maxPending = 10_000;
        private ClientListener listener = ClientListener.NONE;

        /** Null if each client draws its own: those of one builder must not all go to the same server. */
        private @Nullable Long seed;

        private Resolver resolver = InetAddress::getAllByName;
        private @Nullable SSLContext tls;

        private Builder() {}

        /**
         * Where servers are: {@code host:port} or {@code host}, separated by commas. A host without a port is tried at
         * {@link #DEFAULT_PORTS}. All addresses of a name are tried. A name is looked up each time its turn comes; the
         * JVM may still answer from its cache.
         */
        public Builder addresses(String list) {
            List<List<HostPort>> parsed = new ArrayList<>();
            for (String each : list.split(",", -1)) {
                parsed.add(HostPort.parse(each.strip(), DEFAULT_PORTS));
            }
            return places(parsed);
        }

        /** Where servers are, one address or more. */
        public Builder addresses(List<HostPort> list) {
            return places(list.stream().map(List::of).toList());
        }

        /** As {@link #addresses(List)}, with alternatives: each one is tried if nothing listens at those before it. */
        Builder places(List<List<HostPort>> list) {
            if (list.isEmpty()) {
                throw new IllegalArgumentException("no address");
            }
            for (List<HostPort> place : list) {
                for (HostPort address : place) {
                    if (address.port() == 0) {
                        throw new IllegalArgumentException("'" + address + "' has port 0, which nobody can reach");
                    }
                }
            }
            this.places = List.copyOf(list);
            return this;
        }

        /**
         * Whether to try the addresses in a random order, drawn once for this client, so that many clients spread over
         * the servers; true by default. Otherwise they are tried in the order given.
         */
        public Builder shuffle(boolean shuffle) {
            this.shuffle = shuffle;
            return this;
        }

        /**
         * Speaks TLS with servers, whose certificates have to be for the host that was asked for, name or address. By
         * default connections are not secured. Needs tls-channel.
         *
         * @param context whom to trust, and perhaps the client's own certificate; {@link SSLContext#getDefault} trusts
         *     the authorities that Java does
         */
        public Builder tls(SSLContext context) {
            this.tls = Objects.requireNonNull(context, "context");
            return this;
        }

        /**
         * How long one address may take to accept the connection, greet and tell its id, and how long a lookup may
         * take; 3 s by default.
         */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeoutNanos = nanos(timeout);
            return this;
        }

        /**
         * How long a request may take, including the wait for a connection; 5 s by default. A late reply is dropped. If
         * nothing at all comes from the server for that long, the client drops the connection.
         */
        public Builder requestTimeout(Duration timeout) {
            this.requestTimeoutNanos = nanos(timeout);
            return this;
        }

        /**
         * If the server sends nothing for this long, the client sends a request of its own, so that it notices a dead
         * server, and finds another, before the next real request; zero, the default, means never.
         */
        public Builder pingInterval(Duration interval) {
            this.pingIntervalNanos = interval.isZero() ? 0 : nanos(interval);
            return this;
        }

        /**
         * How often a server tells those who watch how new what they know is, at least (docs/protocol.md, WATCH). Tests shorten
         * it.
         */
        Builder nowInterval(Duration interval) {
            this.nowIntervalNanos = nanos(interval);
            return this;
        }

        /**
         * Whether to connect again when the connection is lost; true by default. If not, the client ends with its
         * connection.
         */
        public Builder reconnect(boolean reconnect) {
            this.reconnect = reconnect;
            return this;
        }

        /**
         * How long to wait before addresses are tried again: a random time up to a limit, which is {@code min} after a
         * connection was lost, and doubles up to {@code max} each time that all addresses failed; 100 ms and 10 s by
         * default. The limit is {@code min} again once a connection has lasted for {@code max}.
         *
         * @throws IllegalArgumentException also if {@code min} is more than {@code max}
         */
        public Builder backoff(Duration min, Duration max) {
            if (min.compareTo(max) > 0) {
                throw new IllegalArgumentException("a backoff from " + min + " to " + max);
            }
            this.reconnectMinNanos = nanos(min);
            this.reconnectMaxNanos = nanos(max);
            return this;
        }

        /**
         * The most requests that may wait for an answer at a time, 1 or more; 10,000 by default. One more fails with
         * {@link Reason#TOO_MANY_PENDING}, and so does a request that comes while a MiB of requests waits to be sent.
         */
        public Builder maxPending(int requests) {
            if (requests < 1) {
                throw new IllegalArgumentException("pending requests: " + requests + " is less than 1");
            }
            this.maxPending = requests;
            return this;
        }

        /** What hears of connections made and lost; nothing by default. */
        public Builder listener(ClientListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** For tests: the seed of all random choices of each client. */
        Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** For tests: resolves names that no machine knows. */
        Builder resolver(Resolver resolver) {
            this.resolver = resolver;
            return this;
        }

        /**
         * Connects. Returns when a server has answered; tries each address at most once.
         *
         * @throws SocketzException {@link Reason#CONNECT_FAILED} if no address led to a server, with a message that
         *     says why for each of them; {@link Reason#CLOSED} if the thread is interrupted
         * @throws IOException if the system refuses a resource that a client needs
         * @throws IllegalStateException if no address was set
         */
        public SocketzClient connect() throws IOException {
            CompletableFuture<SocketzClient> connected = connectAsync();
            try {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                return connected.get();
            } catch (InterruptedException e) {
                if (!connected.cancel(false)) {
                    // It has connected in the meantime.
                    var unused = connected.thenAccept(SocketzClient::close);
                }
                Thread.currentThread().interrupt();
                throw new SocketzException(Reason.CLOSED, "interrupted while connecting", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof SocketzException named ? named : new IOException(e.getCause());
            }
        }

        /**
         * As {@link #connect}, without waiting. The future completes on the client's thread. To cancel it, or to
         * complete it in another way, as {@link CompletableFuture#orTimeout} does, closes the client.
         *
         * @throws IOException if the system refuses a resource that a client needs
         * @throws IllegalStateException if no address was set, or tls-channel is missing for {@link #tls}
         */
        public CompletableFuture<SocketzClient> connectAsync() throws IOException {
            if (places.isEmpty()) {
                throw new IllegalStateException("no address to connect to");
            }
            if (tls != null) {
                try {
                    SecureChannel.load(); // here, and not at the first connection
                } catch (NoClassDefFoundError e) {
                    throw new IllegalStateException("TLS needs tls-channel on the class path", e);
                }
            }
            Settings settings = new Settings(
                    places,
                    shuffle,
                    connectTimeoutNanos,
                    requestTimeoutNanos,
                    pingIntervalNanos,
                    nowIntervalNanos,
                    reconnect,
                    reconnectMinNanos,
                    reconnectMaxNanos,
                    maxPending,
                    ReplyDecoder.DEFAULT_MAX_LINE_LENGTH,
                    listener,
                    seed == null ? ThreadLocalRandom.current().nextLong() : seed,
                    resolver,
                    tls);
            CompletableFuture<SocketzClient> connected = new CompletableFuture<>();
            SocketzClient client = new SocketzClient(settings, connected);
            var unused = connected.whenComplete((ready, e) -> {
                if (connected.isCancelled()) {
                    client.close();
                } else if (ready != client) {
                    // Perhaps on the JVM's one timer thread, which must not wait.
                    client.loop.end();
                }
            });
            client.loop.start();
            return connected;
        }

        private static long nanos(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("a time of " + time + " is not more than zero");
            }
            return time.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : time.toNanos();
        }
    }
}
