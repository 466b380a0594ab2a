package io.socketz.server.session;

import io.socketz.server.nio.Alarm;
import io.socketz.server.nio.Attachment;
import io.socketz.server.nio.EventLoop;

/** A deadline of a session beside its own. A defect in what it does then ends the session, and no other. */
final class Delay extends Alarm {
    private final Attachment session;
    private final Runnable action;

    Delay(EventLoop loop, Attachment session, Runnable action) {
        super(loop);
        this.session = session;
        this.action = action;
    }

    @Override
    protected void onDeadline(long now) {
        loop.guard(session, action);
    }
}
