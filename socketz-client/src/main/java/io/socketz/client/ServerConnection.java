package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.client.tls.SecureChannel;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.MalformedReplyException;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDecoder;
import io.socketz.protocol.request.BuiltInCommands;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server. Owned by the client's thread.
 *
 * <pre>{@code
 *   CONNECTING --TCP--> [SECURING --TLS-->] GREETING --greeting--> IDENTIFYING --id--> READY
 *       |                  |                       |                 |
 *       +------------------+-----------------------+-----------------+--> SocketzException: close it
 * }</pre>
 *
 * <p>{@code WHERE} is sent after the greeting, not with the first segment: a server with too many connections says so
 * and closes, and bytes that it had not read by then would turn that close into a reset.
 */
final class ServerConnection {
    enum State {
        CONNECTING,
        SECURING,
        GREETING,
        IDENTIFYING,
        READY
    }

    /** Errors that a server sends unasked, as its last line (docs/protocol.md, Ends). */
    private static final Set<String> FAREWELLS =
            Set.of("IDLE_TIMEOUT", "FIRST_BYTE_TIMEOUT", "KICKED", "CLOSED_BY_SERVER");

    /** The most messages that are kept until the client knows the server, of 1 KiB each. With more, the attempt fails. */
    private static final int MOST_EARLY = 1_000;

    private final Candidate candidate;
    private final PendingRequests pending;
    private final ClientCounters counters;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final @Nullable SSLContext tls;
    private final ReplyDecoder decoder;

    /** What the last read brought. */
    private final List<Reply> replies = new ArrayList<>();

    private State state = State.CONNECTING;

    /** What is read from and written to: the channel, or TLS on it. */
    private ByteChannel stream;

    /** Null before TLS begins, and without. */
    private @Nullable SecureChannel secure;

    /** Whether TLS may hold bytes that the kernel does not know of. */
    private boolean unread;

    /** What was taken from {@link #pending} and the kernel has not accepted yet. */
    private ByteBuffer output = ByteBuffer.allocate(0);

    /** Messages that came before {@link #takeEarly}, which the client's listener must not hear before it hears of the server. */
    private final List<Event.Message> early = new ArrayList<>();

    /** Whether the client takes messages as they come. */
    private boolean takesMessages;

    /** Null until it is known. */
    private @Nullable Server server;

    /** When the last bytes came, as {@link System#nanoTime}. */
    private long heard;

    /**
     * Begins to connect.
     *
     * @param target of {@code candidate}
     * @param tls what the connection is secured with; null if it is not
     */
    ServerConnection(
            Candidate candidate,
            InetSocketAddress target,
            Selector selector,
            PendingRequests pending,
            ClientCounters counters,
            int maxReplyLine,
            @Nullable SSLContext tls)
            throws IOException {
        this.candidate = candidate;
        this.pending = pending;
        this.counters = counters;
        this.tls = tls;
        this.decoder = new ReplyDecoder(maxReplyLine, replies::add);
        // Until it is ready, the peer may be no Socketz server: it gets no memory for a long line.
        decoder.acceptLists(false);
        this.channel = SocketChannel.open();
        this.stream = channel;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.connect(target);
            // If it is connected already, the key is ready at once.
            this.key = channel.register(selector, SelectionKey.OP_CONNECT);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    Candidate candidate() {
        return candidate;
    }

    /** Whether a peer accepted the connection, whatever happened next. */
    boolean isEstablished() {
        return state != State.CONNECTING;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** Whether TCP or TLS is still being set up. */
    private boolean isOpening() {
        return state == State.CONNECTING || state == State.SECURING;
    }

    /** What to say if it is not ready in time. */
    String overdue() {
        // A server with TLS waits for its client to begin.
        String why = state == State.GREETING && tls == null ? ": perhaps the server expects TLS" : "";
        return "no " + missing() + " in time" + why;
    }

    /** What it still waits for before it is ready, for messages. */
    String missing() {
        return switch (state) {
            case CONNECTING -> "connection";
            case SECURING -> "TLS handshake";
            case GREETING -> "greeting";
            case IDENTIFYING, READY -> "id";
        };
    }

    /** The server; null until the connection is ready. */
    @Nullable
    Server server() {
        return server;
    }

    /** What the server said before the client knew it. From now on, messages go to the listener of unasked replies. */
    List<Event.Message> takeEarly() {
        takesMessages = true;
        List<Event.Message> taken = List.copyOf(early);
        early.clear();
        return taken;
    }

    /** When the last bytes came, as {@link System#nanoTime}. */
    long heard() {
        return heard;
    }

    /** Whether there may be something to read that the kernel does not know of. */
    boolean isUnread() {
        return unread;
    }

    /**
     * Connects or reads, whichever is possible now.
     *
     * @throws SocketzException if the connection has ended, or must be closed
     */
    void onReady(byte[] input, long now) throws SocketzException {
        try {
            if (state == State.CONNECTING) {
                if (!channel.finishConnect()) {
                    return;
                }
                if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
                    throw new IOException("nobody listens there, and the system connected the client to itself");
                }
                if (tls == null) {
                    state = State.GREETING;
                    key.interestOps(SelectionKey.OP_READ);
                } else {
                    secure(tls);
                }
            } else if (state == State.SECURING) {
                shakeHands();
            } else if (key.isReadable() || unread) {
                read(input, now);
            }
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private void secure(SSLContext tls) throws IOException {
        HostPort asked = candidate.asked();
        secure = new SecureChannel(channel, tls, asked.host(), asked.port());
        stream = secure;
        state = State.SECURING;
        shakeHands();
    }

    private void shakeHands() throws IOException {
        switch (Objects.requireNonNull(secure).handshake()) {
            case INPUT -> key.interestOps(SelectionKey.OP_READ);
            case OUTPUT -> key.interestOps(SelectionKey.OP_WRITE);
            case NOTHING -> {
                state = State.GREETING;
                key.interestOps(SelectionKey.OP_READ);
                unread = true;
            }
        }
    }

    /**
     * Sends what has gathered, as far as the kernel accepts it.
     *
     * @throws SocketzException if the connection has ended, or must be closed
     */
    void flush() throws SocketzException {
        if (isOpening()) {
            return;
        }
        try {
            while (write()) {
                if (state != State.READY) {
                    break;
                }
                byte[] next = pending.take();
                if (next.length == 0) {
                    break;
                }
                output = ByteBuffer.wrap(next);
            }
            boolean waiting = output.hasRemaining() || (secure != null && secure.isPending());
            key.interestOps(waiting ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Whether the kernel accepted everything. */
    private boolean write() throws IOException {
        if (output.hasRemaining()) {
            counters.onWritten(stream.write(output));
        }
        return !output.hasRemaining() && (secure == null || secure.flush());
    }

    void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // Nothing uses it any more.
        }
    }

    private void read(byte[] input, long now) throws IOException {
        int length = stream.read(ByteBuffer.wrap(input));
        unread = secure != null && length > 0;
        if (length == 0) {
            return;
        }
        if (length < 0) {
            throw new SocketzException(
                    Reason.CONNECTION_LOST,
                    isReady() ? "the server ended the connection" : "the connection ended before the " + missing());
        }
        heard = now;
        counters.onReceived(length);
        @Nullable MalformedReplyException malformed = null;
        try {
            decoder.decode(input, 0, length);
        } catch (MalformedReplyException e) {
            malformed = e;
        }
        try {
            // The replies before the malformed one are as good as ever.
            for (Reply reply : replies) {
                onReply(reply);
            }
        } finally {
            replies.clear();
        }
        if (malformed != null) {
            throw new SocketzException(Reason.MALFORMED_REPLY, "the server sent " + malformed.getMessage(), malformed);
        }
    }

    private void onReply(Reply reply) throws IOException {
        if (!takesMessages && state != State.GREETING && reply instanceof Event event && !event.isOfWatch()) {
            onEarly(event);
            return;
        }
        switch (state) {
            case GREETING -> onGreeting(reply);
            case IDENTIFYING -> onId(reply);
            default -> onAnswer(reply);
        }
    }

    private void onGreeting(Reply reply) throws SocketzException {
        if (!(reply instanceof Reply.Greeting)) {
            throw unexpected(reply);
        }
        state = State.IDENTIFYING;
        output = ByteBuffer.wrap(BuiltInCommands.WHERE.command().toBytes());
    }

    private void onId(Reply reply) throws IOException {
        if (!(reply instanceof Reply.ServerId id)) {
            throw unexpected(reply);
        }
        server = new Server(
                candidate.asked(),
                (InetSocketAddress) channel.getRemoteAddress(),
                (InetSocketAddress) channel.getLocalAddress(),
                id.id());
        state = State.READY;
        decoder.acceptLists(true);
    }

    /** Events of unknown kinds are skipped. */
    private void onEarly(Event event) throws SocketzException {
        if (event instanceof Event.Message message) {
            if (early.size() == MOST_EARLY) {
                throw new SocketzException(
                        Reason.MALFORMED_REPLY, "more than " + MOST_EARLY + " messages before the " + missing());
            }
            early.add(message);
        }
    }

    private void onAnswer(Reply reply) throws SocketzException {
        if (reply instanceof Reply.Failure failure && (pending.isQuiet() || FAREWELLS.contains(failure.code()))) {
            throw SocketzException.of(Reason.CONNECTION_LOST, "the server ended the connection: ", failure);
        }
        pending.onReply(reply);
    }

    private SocketzException unexpected(Reply reply) {
        return reply instanceof Reply.Failure failure
                ? SocketzException.of(Reason.SERVER_ERROR, "", failure)
                : new SocketzException(Reason.MALFORMED_REPLY, "no " + missing() + ", but another reply");
    }

    private SocketzException broken(IOException e) {
        if (e instanceof SocketzException named) {
            return named;
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new SocketzException(isOpening() ? Reason.CONNECT_FAILED : Reason.CONNECTION_LOST, message, e);
    }
}
