package io.socketz.server.nio;

import io.socketz.server.event.CloseReason;

/** An attachment that has deadlines and no channel. Owned by its loop. */
public abstract class Alarm extends Attachment {
    /** The loop that owns it. */
    protected final EventLoop loop;

    /** An alarm that is not set. */
    protected Alarm(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    protected final void onReady() {
        throw new IllegalStateException("has no channel");
    }

    @Override
    protected final void onStop() {
        loop.deadlines().cancel(this);
    }

    @Override
    public void abort(CloseReason reason, String detail) {
        onStop();
    }
}
