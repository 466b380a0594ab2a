package io.socketz.server.session;

import org.jspecify.annotations.Nullable;

/** A session whose client is on the roster, for whoever ends it, sends to it, or finds that its client is not there. */
interface ListedSession {
    /**
     * Ends the session soon, unless it has ended. From any thread.
     *
     * @param reason for the client; perhaps empty
     */
    void kick(String reason);

    /**
     * Its client joins again soon, unless it has left: the roster has lost it. From any thread.
     *
     * @param number of the client that was lost; it gets another one, since none is used twice
     */
    void joinAgain(long number);

    /** The handle of its client; null before the client is greeted, and after it has left. From any thread. */
    @Nullable
    ClientHandle handle();
}
