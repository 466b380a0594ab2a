package io.socketz.client;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A watch that has begun ({@link SocketzClient#watch}). Thread-safe. */
public final class RosterWatch implements AutoCloseable {
    private final WatchCourse course;
    private final Runnable onClose;

    /** @param onClose asks the server to end it */
    RosterWatch(WatchCourse course, Runnable onClose) {
        this.course = course;
        this.onClose = onClose;
    }

    /**
     * The revision up to which the listener has been told everything; empty before the state. Another watch, of this client
     * or another one, of this cluster, resumes there: {@link WatchQuery#since}.
     */
    public OptionalLong revision() {
        return course.revision();
    }

    /**
     * Completes when the watch has ended because it was closed. Fails with a {@link SocketzException} when it has ended
     * otherwise: {@link SocketzException.Reason#SERVER_ERROR} if the server refuses it, for example with the code {@code
     * UNKNOWN_SERVER}; {@link SocketzException.Reason#INVALID_COMMAND} if the server is too old for it; {@link
     * SocketzException.Reason#MALFORMED_REPLY} if the client cannot read its state, for example because that is too long; {@link
     * SocketzException.Reason#CLOSED}, or {@link SocketzException.Reason#NOT_CONNECTED} without reconnecting, with the
     * client. The listener is not called any more then.
     */
    public CompletableFuture<Void> ended() {
        return course.ended;
    }

    /**
     * Ends the watch, by {@code UNWATCH}. Returns at once. The listener may still be in a call that has begun on the
     * client's thread; no other follows.
     */
    @Override
    public void close() {
        if (course.close()) {
            onClose.run();
        }
    }
}
