package io.socketz.server.session;

import io.socketz.server.event.CloseReason;

/** A session, for whoever answers its client's requests and tells it of events. On the session's loop only. */
interface SessionActions extends LineTarget {
    /** Sends {@code bytes}, which must not change any more, after everything sent before. */
    void reply(byte[] bytes);

    /** Sends all parts, in order. */
    void reply(byte[][] parts);

    /** How many bytes of what was sent wait for the client. */
    long backlogBytes();

    /** The client has got its greeting. */
    void onGreeted();

    /** Answers no more requests before {@link #onAwaited}. */
    void onAwait();

    /** What the client waited for has come: {@code then} answers, or waits for something else. */
    void onAwaited(Runnable then);

    /** Ends the session once everything before is sent. */
    void finish(CloseReason reason, String detail);
}
