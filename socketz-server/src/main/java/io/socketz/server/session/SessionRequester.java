package io.socketz.server.session;

import io.socketz.server.command.Credentials;
import io.socketz.server.command.Requester;
import io.socketz.server.command.Watcher;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.Connection;
import io.socketz.server.nio.Attachment;
import io.socketz.server.nio.ErrorText;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.watch.WatchHub;
import io.socketz.state.Client;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session, as the handlers of commands and those who tell of changes see it. Owned by the session's loop. */
final class SessionRequester implements Requester, Watcher {
    /**
     * Bytes of events that may wait for a client that watches and does not read. How large one batch is, only the roster
     * bounds: the batch that comes first, and the last one, may be larger.
     */
    private static final long MAX_WAITING_EVENTS_BYTES = 1 << 20;

    private final SessionActions session;

    /** The same, as its loop knows it. */
    private final Attachment attachment;

    private final Presence presence;
    private final EventLoop loop;

    /** Null until they matter. */
    private @Nullable Credentials credentials;

    /** Of what waits for the client, at most so many bytes are events that were sent while something waited already. */
    private long waitingEventsBytes;

    SessionRequester(SessionActions session, Attachment attachment, Presence presence, EventLoop loop) {
        this.session = session;
        this.attachment = attachment;
        this.presence = presence;
        this.loop = loop;
    }

    // ---------------------------------------------------------------- who it is

    @Override
    public @Nullable Client client() {
        return presence.client();
    }

    @Override
    public @Nullable Connection connection() {
        return presence.handle();
    }

    @Override
    public void onGreeted() {
        session.onGreeted();
    }

    @Override
    public @Nullable CompletableFuture<Client> rename(@Nullable String name) {
        return presence.rename(name, loop.now());
    }

    @Override
    public Credentials credentials() {
        Credentials known = credentials;
        if (known == null) {
            known = new Credentials();
            credentials = known;
        }
        return known;
    }

    /**
     * How the client stands, if it may be let go; null if not. It waits for nothing.
     *
     * @param watches who watches
     * @param openNanos for how long its connection has been open
     */
    @Nullable
    Standing standing(WatchHub watches, long idleSince, long openNanos) {
        Client client = presence.client();
        boolean stays = client == null || client.via() == null || presence.isEnding();
        if (stays || (credentials != null && credentials.areProven())) {
            return null;
        }
        return new Standing(watches.isWatching(this), idleSince, loop.now() - openNanos);
    }

    // ---------------------------------------------------------------- answers

    @Override
    public void reply(byte[] reply) {
        session.reply(reply);
    }

    @Override
    public void reply(CompletableFuture<byte[][]> answer) {
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            session.reply(answer.join());
            return;
        }
        await(answer, session::reply);
    }

    @Override
    public <T> void await(CompletableFuture<T> awaited, Consumer<? super T> then) {
        session.onAwait();
        var unused = awaited.whenComplete((value, failure) -> loop.execute(() -> session.guard(() -> {
            if (failure == null) {
                session.onAwaited(() -> then.accept(value));
            } else {
                attachment.abort(CloseReason.INTERNAL_ERROR, ErrorText.ofDefect(failure));
            }
        })));
    }

    @Override
    public void await(long nanos, Runnable then) {
        session.onAwait();
        loop.deadlines().schedule(new Delay(loop, attachment, () -> session.onAwaited(then)), loop.now() + nanos);
    }

    @Override
    public void finish(CloseReason reason, String detail) {
        session.finish(reason, detail);
    }

    // ---------------------------------------------------------------- events

    @Override
    public Watcher watcher() {
        return this;
    }

    @Override
    public Executor loop() {
        return loop;
    }

    @Override
    public void onEvents(byte[] events) {
        session.guard(() -> {
            long before = session.backlogBytes();
            waitingEventsBytes = Math.min(waitingEventsBytes, before);
            if (waitingEventsBytes > MAX_WAITING_EVENTS_BYTES) {
                attachment.abort(CloseReason.SLOW_WATCHER, waitingEventsBytes + " bytes of events wait for it");
            } else if (session.sendLines(List.of(events)) && before > 0) {
                waitingEventsBytes += events.length;
            }
        });
    }

    @Override
    public void onMissed(String why) {
        session.guard(() -> attachment.abort(CloseReason.SLOW_WATCHER, why));
    }

    /** The client has taken all that was sent to it. */
    void onTaken() {
        waitingEventsBytes = 0;
    }
}
