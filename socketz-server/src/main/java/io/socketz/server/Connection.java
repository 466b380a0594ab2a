package io.socketz.server;

import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.proxy.ProxyDecoder;
import io.socketz.protocol.proxy.ProxyException;
import io.socketz.protocol.proxy.ProxyHeader;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Request;
import io.socketz.protocol.request.RequestDecoder;
import io.socketz.server.command.Requester;
import io.socketz.server.event.CloseReason;
import io.socketz.state.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from its acceptance to its end. Owned by its loop, as is everything in it.
 *
 * <pre>{@code
 *   AWAITING_HEADER --PROXY header--> AWAITING_FIRST_BYTE --first byte--> OPEN
 *    (from a proxy)                    (greeted, joined)                   |
 *          |                                  |   QUIT, a limit, the server stops
 *          | no header,                       v                            v
 *          | or a bad one                 FINISHING <----------------------+  or the client ends its side
 *          |                                  |  all replies sent, and taken but for 16 KiB: output shut down
 *          |                                  v
 *          |                              LINGERING
 *          v                                  |  the client's end has come, or 1 s has passed
 *        CLOSED <-----------------------------+
 *          ^
 *          +--- from anywhere: the client's end, a broken connection, a client that does not read
 * }</pre>
 *
 * <p>While OPEN, input is decoded as long as replies can be given. It pauses while an answer is awaited (that of
 * {@code WHO} comes from the state thread, that of {@code WHO FRESH} may take 500 ms), and while the kernel does not
 * take what was answered: then nothing is read either, and TCP holds the client back.
 *
 * <p>LINGERING is there because a socket that is closed with unread input resets the connection, and the client would
 * lose replies that it has not read yet (RFC 1122, section 4.2.2.13).
 */
final class Connection extends Transport implements Requester, RequestDecoder.Listener {
    static final long LINGER_TIMEOUT = 1_000_000_000;

    /**
     * How long who is no client, or not known to be one, may leave things as they are where the server has no room for
     * more sockets, in nanoseconds. It holds none of the places, but those who come next wait for its socket: a health
     * check among them.
     */
    private static final long SHORT_TIMEOUT = 250_000_000;

    /** Reads of one connection when the server stops, lest a client that never ends sending holds it up. */
    private static final int MAX_READS_AT_STOP = 64;

    private enum Phase {
        AWAITING_HEADER,
        AWAITING_FIRST_BYTE,
        OPEN,
        FINISHING,
        LINGERING,
        CLOSED
    }

    /** Why the connection is being ended. */
    private record Ending(CloseReason reason, String detail) {}

    private final ServerContext context;
    private final InetSocketAddress remote;
    private final RequestDecoder decoder;

    private Phase phase = Phase.AWAITING_FIRST_BYTE;

    /** {@code address:port} of the client, for people. */
    private String name = "";

    /** Null before it has joined, after it has left, and for health checks. */
    private @Nullable Client client;

    /** The address under which this client has its place; null while it has none, and for health checks. */
    private @Nullable InetAddress admitted;

    /** Null once the header is complete, or where none is due. */
    private @Nullable ProxyDecoder proxy;

    /** Null until it is decided to end. */
    private @Nullable Ending ending;

    private boolean awaitingAnswer;

    /** Why the server wants it to end, as soon as what has arrived is answered. Null as long as it does not. */
    private @Nullable CloseReason stopping;

    private Connection(EventLoop loop, ServerContext context, SocketChannel channel, InetSocketAddress remote)
            throws IOException {
        super(loop, channel, context.memory());
        this.context = context;
        this.remote = remote;
        this.decoder = new RequestDecoder(
                context.commands().commands(), context.limits().maxLineLength(), this);
    }

    /**
     * Begins to serve {@code channel}.
     *
     * @param proxied whether it begins with a PROXY header; if not, it is a client that has been admitted
     */
    static void open(
            EventLoop loop, ServerContext context, SocketChannel channel, InetSocketAddress remote, boolean proxied) {
        Connection connection;
        try {
            connection = new Connection(loop, context, channel, remote);
        } catch (IOException e) {
            Acceptor.closeQuietly(channel);
            if (!proxied) {
                context.admission().release(remote.getAddress());
            }
            context.onClosed(HostPort.format(remote), CloseReason.CONNECTION_RESET, message(e));
            return;
        }
        loop.guard(connection, () -> connection.begin(proxied));
    }

    // ---- What happens to it -------------------------------------------------------------------------------------

    private void begin(boolean proxied) {
        if (proxied) {
            name = HostPort.format(remote);
            proxy = new ProxyDecoder();
            phase = Phase.AWAITING_HEADER;
        } else {
            admitted = remote.getAddress();
            join(remote, null);
        }
        flush();
        settle();
    }

    @Override
    void onReadable() throws IOException {
        if (awaitingAnswer) {
            stopReading();
            return;
        }
        receive();
        settle();
    }

    /** Reads once, and answers what that brought. */
    private void receive() throws IOException {
        int length = read();
        if (length < 0) {
            if (isDelivered()) {
                close(CloseReason.CLIENT_CLOSED, "");
            } else {
                finish(CloseReason.CLIENT_CLOSED, "");
            }
        } else if (length > 0) {
            onInput(length);
            flush();
        }
    }

    /** Takes what was read: {@code length} bytes. */
    private void onInput(int length) {
        int from = 0;
        if (phase != Phase.OPEN) {
            if (phase == Phase.AWAITING_HEADER) {
                from = onHeaderBytes(length);
            }
            if (phase != Phase.AWAITING_FIRST_BYTE || from == length) {
                return;
            }
            phase = Phase.OPEN;
        }
        waitingSince = loop.now();
        decoder.decode(loop.input(), from, length);
    }

    private int onHeaderBytes(int length) {
        ProxyDecoder decoder = proxy;
        if (decoder == null) {
            throw new IllegalStateException("no header is due");
        }
        try {
            int from = decoder.decode(loop.input(), 0, length);
            if (decoder.isDone()) {
                proxy = null;
                onHeader(decoder.header());
            }
            return from;
        } catch (ProxyException e) {
            close(CloseReason.PROXY_HEADER_INVALID, message(e));
            return length;
        }
    }

    private void onHeader(ProxyHeader header) {
        phase = Phase.AWAITING_FIRST_BYTE;
        waitingSince = loop.now();
        if (header instanceof ProxyHeader.Proxied proxied) {
            onClient(proxied.source());
        } else {
            // A health check: served, and never on the roster.
            context.commands().onOpen(this);
        }
    }

    private void onClient(InetSocketAddress address) {
        Admission.Refusal refusal = context.admission().admit(address.getAddress());
        if (refusal == null) {
            admitted = address.getAddress();
            join(address, name);
            return;
        }
        name = HostPort.format(address);
        reply(new Reply.Failure(refusal.reason().name(), refusal.detail()).toBytes());
        flush();
        // At once: those who are refused are not to fill the server by not going.
        close(refusal.reason(), refusal.detail());
    }

    private void join(InetSocketAddress address, @Nullable String via) {
        name = HostPort.format(address);
        client = context.registry().join(name, via);
        context.listener().onConnected(name);
        context.commands().onOpen(this);
    }

    @Override
    public boolean onRequest(Request request) {
        request.dispatch(context.commands(), this);
        return canGoOn();
    }

    @Override
    public void onRefusal(byte[] sequence) {
        reply(sequence);
    }

    @Override
    void onDrained() {
        settle();
    }

    @Override
    void onSent() {
        context.listener().onReplied(name);
    }

    private void onAnswer(byte[][] answer) {
        awaitingAnswer = false;
        if (phase == Phase.CLOSED) {
            return;
        }
        // The client waited for us, not we for it.
        waitingSince = loop.now();
        reply(answer);
        flush();
        settle();
    }

    @Override
    void onDeadline(long now) {
        if (isOverdue(now)) {
            takeLateInput();
            if (isOverdue(now)) {
                onTimeout();
            }
        }
        settle();
    }

    private boolean isOverdue(long now) {
        long timeout = timeout();
        return timeout > 0 && waitingSince + timeout - now <= 0;
    }

    /**
     * What the client did may not have been told yet: after a stall of the whole process everything is late, and the
     * kernel calls a socket writable only when a third of its buffer is free.
     */
    private void takeLateInput() {
        try {
            if (isBacklogged()) {
                drain();
            } else if (isReceiving()) {
                receive();
            }
        } catch (IOException e) {
            onBroken(e);
        }
    }

    private void onTimeout() {
        if (isBacklogged() || phase == Phase.FINISHING) {
            abort(CloseReason.SLOW_CONSUMER, "");
            return;
        }
        switch (phase) {
            case AWAITING_HEADER -> close(CloseReason.PROXY_HEADER_TIMEOUT, "");
            case AWAITING_FIRST_BYTE -> finish(CloseReason.FIRST_BYTE_TIMEOUT, "nothing was sent");
            case OPEN -> finish(CloseReason.IDLE_TIMEOUT, "nothing was sent for too long");
            default -> close(CloseReason.CLIENT_CLOSED, "");
        }
        flush();
    }

    @Override
    void onStop() {
        stop(CloseReason.SERVER_STOPPING);
    }

    /** Its turn has come to end, on a server that is drained. */
    void onDrain() {
        stop(CloseReason.SERVER_DRAINING);
    }

    private void stop(CloseReason reason) {
        if (stopping == null) {
            stopping = reason;
        }
        settle();
    }

    @Override
    void abort(CloseReason reason, String detail) {
        if (reason.discardsReplies() || reason == CloseReason.INTERNAL_ERROR) {
            // Whatever it was to end for: replies are lost, and this is why.
            ending = null;
        }
        close(reason, detail);
    }

    // ---- What commands do to it ---------------------------------------------------------------------------------

    @Override
    public void reply(CompletableFuture<byte[][]> answer) {
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            reply(answer.join());
            return;
        }
        awaitingAnswer = true;
        var unused = answer.whenComplete((parts, failure) -> loop.execute(() -> loop.guard(this, () -> {
            if (failure == null) {
                onAnswer(parts);
            } else {
                abort(CloseReason.INTERNAL_ERROR, Defects.describe(failure));
            }
        })));
    }

    private void reply(byte[][] parts) {
        for (byte[] part : parts) {
            if (phase != Phase.CLOSED) { // by the part before, which found the connection broken
                reply(part);
            }
        }
    }

    @Override
    public void finish(CloseReason reason, String detail) {
        if (!isServing()) {
            return;
        }
        ending = new Ending(reason, detail);
        waitingSince = loop.now();
        if (reason.isTold()) {
            reply(new Reply.Failure(reason.name(), detail).toBytes());
        }
        if (phase != Phase.CLOSED) {
            phase = Phase.FINISHING;
        }
        leave();
    }

    // ---- How it goes on -----------------------------------------------------------------------------------------

    /** Whether the next request can be answered now. */
    private boolean canGoOn() {
        return phase == Phase.OPEN && canReply();
    }

    private boolean canReply() {
        return !awaitingAnswer && !isBacklogged();
    }

    private boolean isReceiving() {
        return isServing() || phase == Phase.AWAITING_HEADER;
    }

    private boolean isServing() {
        return phase == Phase.OPEN || phase == Phase.AWAITING_FIRST_BYTE;
    }

    /** Goes on as far as possible, then says what to wait for. The last thing that every event does. */
    private void settle() {
        if (canGoOn() && !decoder.isPaused() && stopping == null && isReading()) {
            watch();
            hold(decoder.held());
            return;
        }
        resume();
        if (stopping != null) {
            answerTheRest(stopping);
        }
        if (phase == Phase.FINISHING && !isBacklogged()) {
            if (isDelivered()) {
                linger();
            } else {
                awaitDelivery();
            }
        }
        if (phase == Phase.CLOSED) {
            return;
        }
        if (isBacklogged() || !awaitingAnswer) {
            waitForIo();
        } else if (!isReading()) {
            stopReading();
        }
        watch();
        hold(decoder.held());
    }

    private void resume() {
        while (decoder.isPaused() && canGoOn()) {
            decoder.resume();
            flush();
        }
    }

    /** The server stops: what has arrived was asked before that, and is answered. Then it is the end. */
    private void answerTheRest(CloseReason reason) {
        try {
            for (int i = 0; i < MAX_READS_AT_STOP && isReceiving() && canReply(); i++) {
                int length = read();
                if (length <= 0) {
                    break;
                }
                onInput(length);
                flush();
                resume();
            }
        } catch (IOException e) {
            onBroken(e);
        }
        if (phase == Phase.AWAITING_HEADER) {
            close(reason, "");
        } else if (canReply()) {
            finish(reason, "");
        }
    }

    /** Sees to it that the deadline is not missed. One that has moved on is looked at again when it comes. */
    private void watch() {
        long timeout = timeout();
        long next = waitingSince + timeout;
        if (admitted == null) {
            // Room may run out meanwhile, and its time with it.
            long look = loop.now() + SHORT_TIMEOUT;
            next = timeout > 0 && next - look < 0 ? next : look;
        } else if (timeout == 0) {
            return;
        }
        if (place < 0 || next - due < 0) {
            loop.deadlines().schedule(this, next);
        }
    }

    /** How long the client may leave things as they are, in nanoseconds; 0 for as long as it likes. */
    private long timeout() {
        Limits limits = context.limits();
        if (isBacklogged() || phase == Phase.FINISHING) {
            return limits.outboundTimeout();
        }
        long timeout = switch (phase) {
            case AWAITING_HEADER -> limits.proxyTimeout();
            case AWAITING_FIRST_BYTE -> limits.firstByteTimeout();
            case OPEN -> awaitingAnswer ? 0 : limits.idleTimeout();
            case LINGERING -> LINGER_TIMEOUT;
            case FINISHING, CLOSED -> 0;
        };
        return admitted == null && !awaitingAnswer && !context.admission().hasRoom()
                ? (timeout == 0 ? SHORT_TIMEOUT : Math.min(timeout, SHORT_TIMEOUT))
                : timeout;
    }

    private void linger() {
        phase = Phase.LINGERING;
        endOutput();
    }

    private void leave() {
        Client left = client;
        client = null;
        if (left != null) {
            context.registry().leave(left);
        }
    }

    private void close(CloseReason reason, String detail) {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        try {
            leave();
        } finally {
            if (admitted != null) {
                context.admission().release(admitted);
            }
            // Told before the channel is closed: who sees the end finds it counted.
            Ending told = ending != null ? ending : new Ending(reason, detail);
            context.onClosed(name, told.reason(), told.detail());
            closeChannel(reason.discardsReplies());
        }
    }
}
