package io.socketz.server.session;

import io.socketz.protocol.proxy.ProxyException;
import io.socketz.protocol.request.Request;
import io.socketz.protocol.request.RequestDecoder;
import io.socketz.server.command.Requester;
import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.BufferedChannel;
import io.socketz.server.nio.ErrorText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a connected client has on a server, from acceptance to end. Owned by its loop, as is everything in it.
 *
 * <pre>{@code
 *   AWAITING_HEADER --PROXY header--> AWAITING_FIRST_BYTE --first byte--> OPEN
 *    (from a proxy)                    (greeted, joined)                   |
 *          |                                  |   QUIT, a limit, the server stops
 *          | no header,                       v                            v
 *          | or a bad one                 FINISHING <----------------------+  or the client ends its side
 *          |                                  |  all replies sent, and taken except for 16 KiB: output shut down
 *          |                                  v
 *          |                              LINGERING
 *          v                                  |  the client has ended its side, or 1 s has passed
 *       CLOSING <-----------------------------+
 *        |   ^
 *        |   +--- from anywhere: the client's end, a broken connection, a client that does not read
 *        |  the event ends
 *        v
 *      CLOSED
 * }</pre>
 *
 * <p>Every event ends with {@link #settle}. What ends the session at once is recorded where it happens, as CLOSING; only
 * {@code settle} acts on it, so that no step in between finds the session closed under it.
 */
public final class Session extends BufferedChannel implements Requester, RequestDecoder.Listener {
    /** Reads from one client when the server stops, so that a client that never stops sending does not delay the end. */
    private static final int MAX_READS_AT_STOP = 64;

    private final SessionContext context;
    private final Presence presence;
    private final RequestDecoder decoder;
    private final Holders holders;
    private final HeldShare share = new HeldShare(this);

    private Phase phase;

    /** Null until something has ended the session. */
    private @Nullable Ending ending;

    private boolean awaitingAnswer;

    /** Why the server wants it to end, as soon as what has arrived is answered. Null while it does not. */
    private @Nullable CloseReason stopping;

    /**
     * A session that has not begun.
     *
     * @param proxied whether the connection begins with a PROXY header; if not, it is a client that has been admitted
     */
    Session(Holders holders, SessionContext context, SocketChannel channel, InetSocketAddress remote, boolean proxied)
            throws IOException {
        super(holders.loop, channel, context.memory());
        this.holders = holders;
        this.context = context;
        this.presence = new Presence(context, remote, proxied);
        this.decoder = new RequestDecoder(
                context.commands().commands(), context.limits().maxLineLength(), this);
        this.phase = proxied ? Phase.AWAITING_HEADER : Phase.AWAITING_FIRST_BYTE;
    }

    void begin() {
        if (phase != Phase.AWAITING_HEADER) {
            presence.join(null);
            context.commands().onOpen(this);
            flush();
        }
        settle();
    }

    @Override
    protected void onReadable() {
        if (awaitingAnswer) {
            stopReading();
            return;
        }
        receive();
        settle();
    }

    /** Reads once, and answers what that brought. */
    private void receive() {
        int length = read();
        if (length > 0) {
            onInput(length);
            flush();
        } else if (length < 0 && isDelivered()) {
            closeFor(CloseReason.CLIENT_CLOSED, "");
        } else if (length < 0) {
            finish(CloseReason.CLIENT_CLOSED, "");
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
        restartWait();
        decoder.decode(loop.input(), from, length);
    }

    private int onHeaderBytes(int length) {
        try {
            int from = presence.onHeaderBytes(loop.input(), length);
            if (presence.isHeaderComplete()) {
                onHeader();
            }
            return from;
        } catch (ProxyException e) {
            closeFor(CloseReason.PROXY_HEADER_INVALID, ErrorText.of(e));
            return length;
        }
    }

    private void onHeader() {
        phase = Phase.AWAITING_FIRST_BYTE;
        restartWait();
        Ending refusal = presence.admit();
        if (refusal == null) {
            context.commands().onOpen(this);
            return;
        }
        reply(refusal.toBytes());
        flush();
        // Without lingering: a refused client that does not leave must not fill the server.
        closeFor(refusal.reason(), refusal.detail());
    }

    @Override
    public boolean onRequest(Request request) {
        request.dispatch(context.commands(), this);
        return canAnswer();
    }

    @Override
    public void onRefusal(byte[] sequence) {
        reply(sequence);
    }

    @Override
    protected void onBacklogSent() {
        settle();
    }

    @Override
    protected void onSent() {
        context.listener().onReplied(presence.name());
    }

    @Override
    protected void onBroken(String why) {
        closeFor(CloseReason.CONNECTION_RESET, why);
    }

    private void onAnswer(byte[][] answer) {
        if (phase == Phase.CLOSED) { // while the answer was on its way
            return;
        }
        awaitingAnswer = false;
        // The client waited for the server, not the server for the client.
        restartWait();
        reply(answer);
        flush();
        settle();
    }

    @Override
    protected void onDeadline(long now) {
        if (isOverdue(now)) {
            takeLateInput();
            if (isOverdue(now)) {
                onTimeout();
            }
        }
        settle();
    }

    /**
     * What the client did may not have been told yet: after a stall of the whole process everything is late, and the kernel
     * calls a socket writable only when a third of its buffer is free.
     */
    private void takeLateInput() {
        if (isBacklogged()) {
            sendBacklog();
        } else if (phase.isReceiving()) {
            receive();
        }
    }

    private void onTimeout() {
        if (isBacklogged()) {
            closeFor(CloseReason.SLOW_CONSUMER, "");
            return;
        }
        switch (phase) {
            case AWAITING_HEADER -> closeFor(CloseReason.PROXY_HEADER_TIMEOUT, "");
            case AWAITING_FIRST_BYTE -> finish(CloseReason.FIRST_BYTE_TIMEOUT, "nothing was sent");
            case OPEN -> finish(CloseReason.IDLE_TIMEOUT, "nothing was sent for too long");
            case FINISHING -> closeFor(CloseReason.SLOW_CONSUMER, "");
            case LINGERING, CLOSING, CLOSED -> closeFor(CloseReason.CLIENT_CLOSED, "");
        }
        flush();
    }

    @Override
    protected void onStop() {
        stop(CloseReason.SERVER_STOPPING);
    }

    /** Ends the session once what has arrived is answered. The first reason counts; after the end it does nothing. */
    public void stop(CloseReason reason) {
        if (stopping == null) {
            stopping = reason;
        }
        settle();
    }

    @Override
    public void abort(CloseReason reason, String detail) {
        closeFor(reason, detail);
        settle();
    }

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
                abort(CloseReason.INTERNAL_ERROR, ErrorText.ofDefect(failure));
            }
        })));
    }

    @Override
    public void finish(CloseReason reason, String detail) {
        if (!phase.isServing()) {
            return;
        }
        Ending why = new Ending(reason, detail);
        ending = why;
        phase = Phase.FINISHING;
        restartWait();
        if (reason.isTold()) {
            reply(why.toBytes());
        }
        presence.leave();
    }

    /** Answers what can be answered, then says what to wait for, or closes. The last step of every event. */
    private void settle() {
        if (canAnswer() && !decoder.isPaused() && stopping == null && isReading()) {
            await();
            return;
        }
        resume();
        if (stopping != null) {
            answerTheRest(stopping);
        }
        if (phase == Phase.FINISHING && !isBacklogged()) {
            endOutputWhenDelivered();
        }
        if (phase == Phase.CLOSING) {
            close();
        } else if (phase != Phase.CLOSED) {
            if (isBacklogged() || !awaitingAnswer) {
                waitForIo();
            } else if (!isReading()) {
                stopReading();
            }
            await();
        }
    }

    private void resume() {
        while (decoder.isPaused() && canAnswer()) {
            decoder.resume();
            flush();
        }
    }

    /** The server stops: what has arrived was asked before that, and is answered. Then the session ends. */
    private void answerTheRest(CloseReason reason) {
        for (int i = 0; i < MAX_READS_AT_STOP && phase.isReceiving() && canReply(); i++) {
            int length = read();
            if (length <= 0) {
                break;
            }
            onInput(length);
            flush();
            resume();
        }
        if (phase == Phase.AWAITING_HEADER) {
            closeFor(reason, "");
        } else if (canReply()) {
            finish(reason, "");
        }
    }

    private void endOutputWhenDelivered() {
        if (isDelivered()) {
            phase = Phase.LINGERING;
            endOutput();
        } else {
            awaitDelivery();
        }
    }

    private void await() {
        scheduleDeadline();
        holders.hold(share, decoder.held(), isBacklogged(), takeProgress());
    }

    /** Whether the next request can be answered now. */
    private boolean canAnswer() {
        return phase == Phase.OPEN && canReply();
    }

    private boolean canReply() {
        return !awaitingAnswer && !isBacklogged();
    }

    private boolean isOverdue(long now) {
        long timeout = timeout();
        return phase != Phase.CLOSING && timeout > 0 && waitingSince() + timeout - now <= 0;
    }

    /** A deadline that has moved on meanwhile is checked again when it comes, and not rescheduled with each request. */
    private void scheduleDeadline() {
        long timeout = timeout();
        long next = waitingSince() + timeout;
        if (!presence.hasPlace()) {
            // Room may run out meanwhile, which shortens its time.
            long look = loop.now() + SessionContext.SHORT_TIMEOUT_NANOS;
            next = timeout > 0 && next - look < 0 ? next : look;
        } else if (timeout == 0) {
            return;
        }
        loop.deadlines().scheduleBy(this, next);
    }

    /** How long the client may leave things as they are, in nanoseconds; 0 for as long as it likes. */
    private long timeout() {
        return context.timeout(phase, presence.hasPlace(), isBacklogged(), awaitingAnswer);
    }

    /** Has the session closed where this event ends. The first reason counts, unless a later one says why replies are lost. */
    private void closeFor(CloseReason reason, String detail) {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSING;
            if (ending == null || reason.discardsReplies() || reason == CloseReason.INTERNAL_ERROR) {
                ending = new Ending(reason, detail);
            }
        }
    }

    private void close() {
        Ending why = Objects.requireNonNull(ending);
        phase = Phase.CLOSED;
        try {
            // Before the channel is closed: a client that sees the end finds it counted.
            presence.end(why.reason(), why.detail());
        } finally {
            holders.release(share);
            closeChannel(why.reason().discardsReplies());
        }
    }
}
