package io.socketz.server.session;

import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.EventLoop;
import java.util.List;

/** A session, as the handle of its client uses it. */
interface LineTarget {
    /** The event loop that owns it. */
    EventLoop eventLoop();

    /** Runs {@code task}: a defect in it ends this session, and no other. On its loop. */
    void guard(Runnable task);

    /** Sends lines between two replies. On its loop, guarded. Returns whether something waits for the client then. */
    boolean sendLines(List<byte[]> lines);

    /** Ends the session, whatever its client waits for, once everything before is sent. On its loop, guarded. */
    void end(CloseReason reason, String detail);
}
