package io.socketz.server.session;

import io.socketz.protocol.proxy.ProxyException;
import io.socketz.protocol.request.Request;
import io.socketz.protocol.request.RequestDecoder;
import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.BufferedChannel;
import io.socketz.server.nio.ErrorText;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.HandshakeFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a connected client has on a server, from acceptance to end. Owned by its loop, as is everything in it.
 *
 * <p>{@link Lifecycle} draws the phases. Every event ends with {@link #settle}, which alone closes the session.
 */
public final class Session extends BufferedChannel implements RequestDecoder.Listener, SessionActions {
    /** Reads from one client once the server stops, so that a client that never stops sending does not delay the end. */
    private static final int MAX_READS_AT_STOP = 64;

    private final SessionContext context;
    private final Presence presence;
    private final SessionRequester requester;
    private final RequestDecoder decoder;
    private final SessionLoop onLoop;
    private final HeldShare share = new HeldShare(this);
    private final Timeouts timeouts;
    private final Lifecycle life;

    /** Whether the client waits for an answer, or for its greeting. */
    private boolean awaitingAnswer;

    /** How often it was read since the server stops. */
    private int readsAtStop;

    /** Whether it answers more once the loop's other connections have had their turn. */
    private boolean goesOn;

    /** Why the server wants the session to end once what has arrived is answered; null while it does not. */
    private @Nullable CloseReason stopping;

    /**
     * A session that has not begun.
     *
     * @param proxied whether the connection begins with a PROXY header
     * @param admitted whether it is a client that has been admitted
     */
    Session(
            SessionLoop onLoop,
            SessionContext context,
            SocketChannel channel,
            InetSocketAddress remote,
            boolean proxied,
            boolean admitted)
            throws IOException {
        super(onLoop.loop(), channel, context.memory());
        this.onLoop = onLoop;
        this.context = context;
        this.presence = new Presence(context, this, remote, proxied, admitted);
        this.requester = new SessionRequester(this, this, presence, loop);
        this.decoder = new RequestDecoder(
                context.commands().commands(), context.limits().maxLineLength(), this);
        this.timeouts = new Timeouts(context, presence, loop, this);
        Phase first = context.tls() == null ? Phase.AWAITING_FIRST_BYTE : Phase.AWAITING_HANDSHAKE;
        this.life = new Lifecycle(proxied ? Phase.AWAITING_HEADER : first, loop.now());
    }

    void begin() {
        if (life.is(Phase.AWAITING_FIRST_BYTE)) {
            open();
            flush();
        }
        settle();
    }

    @Override
    protected void onReadable() {
        if (awaitingAnswer || isInterrupted()) {
            stopReading();
            return;
        }
        if (life.is(Phase.AWAITING_HANDSHAKE)) {
            secure(0, 0);
        } else {
            receive();
        }
        settle();
    }

    /** Reads once, and answers what that brought. */
    private void receive() {
        if (isEndOnItsWay()) {
            return;
        }
        int length = read();
        if (length > 0) {
            onInput(length);
            flush();
        } else if (length < 0 && isDelivered()) {
            life.closeFor(CloseReason.CLIENT_CLOSED, "");
        } else if (length < 0) {
            finish(CloseReason.CLIENT_CLOSED, "");
        }
    }

    /** Takes what was read: {@code length} bytes. */
    private void onInput(int length) {
        int from = 0;
        if (!life.is(Phase.OPEN)) {
            if (life.is(Phase.AWAITING_HEADER)) {
                from = onHeaderBytes(length);
            }
            if (!life.is(Phase.AWAITING_FIRST_BYTE) || from == length) {
                return;
            }
            life.onFirstByte();
        }
        restartWait();
        if (awaitingAnswer) { // the greeting: these came with the header
            decoder.pauseBefore(loop.buffers().input(), from, length);
        } else {
            decoder.decode(loop.buffers().input(), from, length);
        }
    }

    private int onHeaderBytes(int length) {
        try {
            int from = presence.onHeaderBytes(loop.buffers().input(), length);
            if (presence.isHeaderComplete()) {
                onHeader(from, length);
            }
            return from;
        } catch (ProxyException e) {
            life.closeFor(CloseReason.PROXY_HEADER_INVALID, ErrorText.of(e));
            return length;
        }
    }

    /** What was read after it is of TLS, or of the client. A proxy's health check speaks no TLS. */
    private void onHeader(int from, int length) {
        restartWait();
        if (!presence.takeHeader() || context.tls() == null) {
            open();
            return;
        }
        life.awaitHandshake();
        if (from < length) {
            secure(from, length);
        }
    }

    /** Begins the handshake with these bytes of the input. */
    private void secure(int from, int to) {
        byte[] early = Arrays.copyOfRange(loop.buffers().input(), from, to);
        secure(Objects.requireNonNull(context.tls()), ByteBuffer.wrap(early));
    }

    @Override
    protected void onSecured() {
        open();
        flush();
        settle();
    }

    @Override
    protected void onHandshakeFailed(HandshakeFailure how, String why) {
        switch (how) {
            case ENDED -> life.closeFor(CloseReason.CLIENT_CLOSED, "");
            case NO_TLS -> refuse(new Ending(CloseReason.TLS_REQUIRED, "this port speaks TLS"));
            case REFUSED -> life.closeFor(CloseReason.TLS_HANDSHAKE_FAILED, why);
            case BROKEN -> life.closeFor(CloseReason.CONNECTION_RESET, why);
        }
        settle();
    }

    /** The client's own bytes come next. */
    private void open() {
        life.onOpened();
        restartWait();
        CompletableFuture<Void> announced = new CompletableFuture<>();
        Ending refusal = presence.open(announced);
        if (refusal == null) {
            context.commands().onOpen(requester, announced);
        } else {
            refuse(refusal);
        }
    }

    /** Without lingering: a refused client that does not leave must not fill the server. */
    private void refuse(Ending why) {
        reply(why.toBytes());
        flush();
        life.closeFor(why.reason(), why.detail());
    }

    @Override
    public boolean onRequest(Request request) {
        request.dispatch(onLoop.requests(), requester);
        return canAnswer();
    }

    @Override
    public void onRefusal(byte[] sequence) {
        reply(sequence);
    }

    @Override
    protected void onBacklogSent() {
        countTaken();
        settle();
    }

    /** Once the client has taken the whole backlog, nothing of it counts any more. */
    private void countTaken() {
        if (!isBacklogged()) {
            requester.onTaken();
            presence.onTaken();
        }
    }

    @Override
    protected void onSent() {
        context.listener().onReplied(presence.name());
    }

    @Override
    protected void onBroken(String why) {
        life.closeFor(CloseReason.CONNECTION_RESET, why);
    }

    @Override
    public void onGreeted() {
        if (presence.client() != null) {
            // It has waited since it connected, or since its header: nothing is read before the greeting.
            context.counters().onGreeted(System.nanoTime() - waitingSince());
        }
        presence.onGreeted();
    }

    @Override
    public void onAwait() {
        awaitingAnswer = true;
    }

    @Override
    public void onAwaited(Runnable then) {
        if (!life.isServing()) { // it has ended meanwhile
            return;
        }
        awaitingAnswer = false;
        then.run();
        // The client waited for the server, not the server for the client.
        restartWait();
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
     * The kernel may not have reported yet what the client did: after a stall of the whole process everything is late, and a
     * socket counts as writable only when a third of its buffer is free.
     */
    private void takeLateInput() {
        if (isBacklogged()) {
            sendBacklog();
            countTaken();
        } else if (life.isReceiving()) {
            receive();
        }
    }

    private void onTimeout() {
        Ending why = Timeouts.ending(life.phase(), isBacklogged());
        if (life.isServing() && !isBacklogged()) {
            finish(why.reason(), why.detail());
            flush();
        } else {
            life.closeFor(why.reason(), why.detail());
        }
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

    /** How its client stands, if it may be let go; null if it waits for an answer, or should stay. */
    public @Nullable Standing standing() {
        boolean idle = life.isServing() && canReply() && !decoder.isPaused() && stopping == null;
        return idle ? requester.standing(context.watches(), waitingSince(), life.nanos(loop.now())) : null;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public void guard(Runnable task) {
        loop.guard(this, task);
    }

    @Override
    public boolean sendLines(List<byte[]> lines) {
        if (!life.isServing()) {
            return false;
        }
        lines.forEach(this::reply);
        flush();
        settle();
        return isBacklogged();
    }

    /** Whatever the client waits for, it does not come any more. */
    @Override
    public void end(CloseReason reason, String detail) {
        if (life.isServing()) {
            awaitingAnswer = false;
            finish(reason, detail);
            flush();
            settle();
        }
    }

    @Override
    public void abort(CloseReason reason, String detail) {
        life.closeFor(reason, detail);
        settle();
    }

    @Override
    public void finish(CloseReason reason, String detail) {
        if (!life.isServing()) {
            return;
        }
        Ending why = new Ending(reason, detail);
        life.finish(why);
        restartWait();
        if (reason.isTold()) {
            reply(why.toBytes());
        }
        presence.leave(reason);
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
        if (isInterrupted()) {
            goOnSoon();
            return;
        }
        if (life.is(Phase.FINISHING) && !isBacklogged()) {
            endOutputWhenDelivered();
        }
        if (life.is(Phase.CLOSING)) {
            close();
        } else if (!life.is(Phase.CLOSED)) {
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

    /** Whether there is more to answer, and only others have their turn before that. */
    private boolean isInterrupted() {
        return decoder.isPaused() && life.is(Phase.OPEN) && canReply();
    }

    /** The client asks a lot and takes all of it: others of the loop would wait as long as it does. */
    private void goOnSoon() {
        stopReading();
        await();
        if (!goesOn) {
            goesOn = true;
            loop.execute(() -> guard(() -> {
                goesOn = false;
                settle();
            }));
        }
    }

    /** The server stops: what has arrived was asked before that, and is answered. Then the session ends. */
    private void answerTheRest(CloseReason reason) {
        while (readsAtStop < MAX_READS_AT_STOP && life.isReceiving() && canReply() && !isInterrupted()) {
            readsAtStop++;
            int length = read();
            if (length <= 0) {
                break;
            }
            onInput(length);
            flush();
            resume();
        }
        if (life.is(Phase.AWAITING_HEADER) || life.is(Phase.AWAITING_HANDSHAKE)) {
            life.closeFor(reason, "");
        } else if (canReply() && !isInterrupted()) {
            finish(reason, "");
        }
    }

    private void endOutputWhenDelivered() {
        if (isDelivered()) {
            life.onOutputEnded();
            endOutput();
        } else {
            awaitDelivery();
        }
    }

    private void await() {
        timeouts.schedule(waitingSince(), life.phase(), isBacklogged(), awaitingAnswer);
        onLoop.holders().hold(share, decoder.held(), isBacklogged(), takeProgress());
    }

    /** Whether the next request can be answered now. */
    private boolean canAnswer() {
        return life.is(Phase.OPEN) && canReply() && !isTurnOver();
    }

    /** Whether somebody has closed it: a task that ends it is in the queue of the loop, and nothing is read any more. */
    private boolean isEndOnItsWay() {
        return life.isServing() && presence.isEnding();
    }

    private boolean canReply() {
        return !awaitingAnswer && !isBacklogged() && !isEndOnItsWay();
    }

    private boolean isOverdue(long now) {
        return !isInterrupted()
                && timeouts.isOverdue(now, waitingSince(), life.phase(), isBacklogged(), awaitingAnswer);
    }

    private void close() {
        Ending why = life.onClosed();
        try {
            // Before the channel is closed: a client that sees the end finds it counted.
            context.watches().end(requester);
            presence.end(why.reason(), why.detail(), life.nanos(loop.now()));
        } finally {
            onLoop.holders().release(share);
            closeChannel(why.reason().discardsReplies());
        }
    }
}
