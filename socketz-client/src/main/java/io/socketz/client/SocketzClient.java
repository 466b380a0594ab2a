package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDecoder;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A client: one connection at a time to one of several servers, and another one when that is lost. Thread-safe; requests
 * of many threads share the connection, in the order in which they were made, without waiting for each other.
 *
 * <pre>{@code
 * try (SocketzClient client = SocketzClient.builder().addresses("localhost:4141").connect()) {
 *     System.out.println(client.who().get().count());
 * }
 * }</pre>
 *
 * <p>Requests return at once. Their futures fail with a {@link SocketzException}, whose {@link SocketzException#reason} says
 * what is known of the request. One that was sent is never sent again; one that was made while there is no connection
 * waits for the next one, for as long as it may take anyway ({@link Builder#requestTimeout}).
 *
 * <p>Futures are completed, and listeners told, on the one thread that a client has. What is chained to a future, without
 * {@code Async}, must not block; where it waits for a future of the same client, or for one made from that by its methods, it
 * gets an {@link IllegalStateException}. Nothing finds out that it waits in another way, as for {@code allOf} of several.
 */
public final class SocketzClient implements AutoCloseable {
    /** The ports of an address that names none: HAProxy's, then that of a server alone, which is tried if nothing listens at the first. */
    public static final List<Integer> DEFAULT_PORTS = List.of(4141, 5151);

    private final ClientLoop loop;

    private SocketzClient(Settings settings, CompletableFuture<SocketzClient> connected) throws IOException {
        this.loop = new ClientLoop(settings, () -> connected.complete(this), connected::completeExceptionally);
    }

    /** What a client may be told before it connects. */
    public static Builder builder() {
        return new Builder();
    }

    /** Who is connected, as far as the server knows: exact where the cluster is well. */
    public CompletableFuture<Clients> who() {
        return ask(BuiltInCommands.WHO, Clients::of);
    }

    /** Who is connected, at least as new as the request; {@link Clients#freshness} says if that was to be had. */
    public CompletableFuture<Clients> whoFresh() {
        return ask(BuiltInCommands.WHO_FRESH, Clients::of);
    }

    /** The id of the server that answers. */
    public CompletableFuture<UUID> where() {
        return ask(BuiltInCommands.WHERE, replies -> ((Reply.ServerId) replies.get(0)).id());
    }

    /** 42. */
    public CompletableFuture<Integer> why() {
        return ask(BuiltInCommands.WHY, replies -> 42);
    }

    /**
     * Ends the session: what was asked before is answered, then the server closes the connection and the client is closed.
     * Done when that has happened, and at once if there is no connection. Requests made after it fail with
     * {@link Reason#CLOSED}.
     */
    public CompletableFuture<Void> quit() {
        return ask(BuiltInCommands.QUIT, Function.identity()).thenAccept(nothing -> {});
    }

    /**
     * Sends a line as a person types it and returns the replies to it: two to {@code WHO FRESH}, none to {@code QUIT} (see
     * {@link #quit}) and to blanks, which are not sent, and one to anything else, commands or not. What the server says to
     * nonsense is a reply like any other.
     *
     * @throws IllegalArgumentException if there is a line end in it
     */
    public CompletableFuture<List<Reply>> send(String line) {
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("more than a line");
        }
        Request request = BuiltInCommands.TABLE.parse(line);
        if (request instanceof Request.Empty) {
            return CompletableFuture.completedFuture(List.of());
        }
        // A command in the server's own words: with blanks around it, it might be too long.
        byte[] sent =
                request instanceof Command command ? command.toBytes() : (line + "\n").getBytes(StandardCharsets.UTF_8);
        return ask(new PendingRequest<>(request, sent, true, Function.identity(), loop.thread()));
    }

    /** The server of the moment; empty while there is none. */
    public Optional<Server> server() {
        return loop.server();
    }

    /**
     * Closes the connection and ends the client's thread. What was not answered fails with {@link Reason#CLOSED}. From any
     * thread, any number of times; returns when the thread has ended, except on that thread itself.
     */
    @Override
    public void close() {
        loop.close();
    }

    /** Requests that have a place in the client. */
    int pending() {
        return loop.requests();
    }

    private <T> CompletableFuture<T> ask(CommandRow row, Function<List<Reply>, T> reader) {
        Command command = row.command();
        return ask(new PendingRequest<>(command, command.toBytes(), false, reader, loop.thread()));
    }

    private <T> CompletableFuture<T> ask(PendingRequest<T> request) {
        loop.ask(request);
        return request.answer;
    }

    /**
     * Options with their defaults. Setters return the builder, and throw {@link IllegalArgumentException} for a value that
     * is out of range. Times are more than zero if nothing else is said, and longer ones than 70 years are that long.
     */
    public static final class Builder {
        /** Far from where nanoseconds would overflow. */
        private static final Duration LONGEST = Duration.ofDays(70 * 365);

        private List<List<HostPort>> places = List.of();
        private boolean shuffle = true;
        private long connectTimeout = TimeUnit.SECONDS.toNanos(3);
        private long requestTimeout = TimeUnit.SECONDS.toNanos(5);
        private long pingInterval;
        private boolean reconnect = true;
        private long backoffMin = TimeUnit.MILLISECONDS.toNanos(100);
        private long backoffMax = TimeUnit.SECONDS.toNanos(10);
        private int maxPending = 10_000;
        private ClientListener listener = ClientListener.NONE;
        private long seed = ThreadLocalRandom.current().nextLong();
        private Resolver resolver = InetAddress::getAllByName;

        private Builder() {}

        /**
         * Where servers are: {@code host:port} or {@code host}, with commas. A host alone is tried at {@link #DEFAULT_PORTS}.
         * All addresses of a name are tried; it is looked up whenever its turn comes, within what the JVM keeps of earlier
         * look-ups.
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

        /** As {@link #addresses(List)}, with alternatives: each is tried if nothing listens at those before it. */
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
         * Whether the addresses are tried in an order drawn once for this client, so that many clients spread over the
         * servers; true by default. Otherwise in the order in which they stand.
         */
        public Builder shuffle(boolean shuffle) {
            this.shuffle = shuffle;
            return this;
        }

        /** How long one address may take to be connected, greet and tell its id, or a name to be looked up; 3 s by default. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = nanos(timeout);
            return this;
        }

        /**
         * How long a request may take, the wait for a connection included; 5 s by default. A late reply is dropped. Where
         * nothing at all came from the server for that long, the connection is given up.
         */
        public Builder requestTimeout(Duration timeout) {
            this.requestTimeout = nanos(timeout);
            return this;
        }

        /**
         * After how long without a word from the server the client asks something itself, so that a server that is gone is
         * noticed, and another one found, before there is a request; zero, the default, for never.
         */
        public Builder pingInterval(Duration interval) {
            this.pingInterval = interval.isZero() ? 0 : nanos(interval);
            return this;
        }

        /** Whether another connection is made when one is lost; true by default. If not, the client ends with its connection. */
        public Builder reconnect(boolean reconnect) {
            this.reconnect = reconnect;
            return this;
        }

        /**
         * How long to wait, at most, before addresses are tried after a connection was lost, and how far that may grow by
         * doubling each time all were tried in vain; 100 ms and 10 s by default. The wait is drawn from nothing to that; it is
         * small again when a connection has lasted for {@code max}.
         *
         * @throws IllegalArgumentException also if {@code min} is more than {@code max}
         */
        public Builder backoff(Duration min, Duration max) {
            if (min.compareTo(max) > 0) {
                throw new IllegalArgumentException("a backoff from " + min + " to " + max);
            }
            this.backoffMin = nanos(min);
            this.backoffMax = nanos(max);
            return this;
        }

        /**
         * Most requests at a time that are not answered, 1 or more; 10,000 by default. One more fails with
         * {@link Reason#TOO_MANY_PENDING}, and so does one that comes when a MiB of them is not sent.
         */
        public Builder maxPending(int requests) {
            if (requests < 1) {
                throw new IllegalArgumentException("pending requests: " + requests + " is less than 1");
            }
            this.maxPending = requests;
            return this;
        }

        /** Who is told what happens; nobody by default. */
        public Builder listener(ClientListener listener) {
            this.listener = listener;
            return this;
        }

        /** For tests: what is drawn, is drawn from this. */
        Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** For tests: names that no machine knows. */
        Builder resolver(Resolver resolver) {
            this.resolver = resolver;
            return this;
        }

        /**
         * Connects: returns when a server has answered, after one round over all addresses at most.
         *
         * @throws SocketzException if there is none, {@link Reason#CONNECT_FAILED} with a message that says for each address
         *     why; {@link Reason#CLOSED} if the thread is interrupted
         * @throws IOException if the system does not give what a client needs
         * @throws IllegalStateException if there is no address
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
                    // It has connected just now.
                    var unused = connected.thenAccept(SocketzClient::close);
                }
                Thread.currentThread().interrupt();
                throw new SocketzException(Reason.CLOSED, "interrupted while connecting", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof SocketzException named ? named : new IOException(e.getCause());
            }
        }

        /**
         * As {@link #connect}, without waiting. The future is completed on the client's thread; whoever cancels it, or
         * completes it in another way, as {@link CompletableFuture#orTimeout} does, closes the client.
         *
         * @throws IOException if the system does not give what a client needs
         * @throws IllegalStateException if there is no address
         */
        public CompletableFuture<SocketzClient> connectAsync() throws IOException {
            if (places.isEmpty()) {
                throw new IllegalStateException("no address to connect to");
            }
            Settings settings = new Settings(
                    places,
                    shuffle,
                    connectTimeout,
                    requestTimeout,
                    pingInterval,
                    reconnect,
                    backoffMin,
                    backoffMax,
                    maxPending,
                    ReplyDecoder.DEFAULT_MAX_LINE_LENGTH,
                    listener,
                    seed,
                    resolver);
            CompletableFuture<SocketzClient> connected = new CompletableFuture<>();
            SocketzClient client = new SocketzClient(settings, connected);
            var unused = connected.whenComplete((ready, e) -> {
                if (connected.isCancelled()) {
                    client.close();
                } else if (ready != client) {
                    // Perhaps on the thread of all timers, which must not wait.
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
