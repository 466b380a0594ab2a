package io.socketz.server.command;

import java.util.concurrent.Executor;

/** Whoever watches: what may be done to it, on its event loop only. */
public interface Watcher {
    /** The event loop that owns it; the same object for all of a loop. */
    Executor loop();

    /** Sends {@code events} between two replies. The array must not change any more. */
    void onEvents(byte[] events);

    /** It is not told everything any more, and has to begin anew. */
    void onMissed(String why);
}
