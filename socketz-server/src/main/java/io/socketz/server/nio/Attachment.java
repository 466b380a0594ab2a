package io.socketz.server.nio;

import io.socketz.server.event.CloseReason;

/**
 * What an {@link EventLoop} serves: something whose channel becomes ready, which may have a deadline, or both. Owned by
 * its loop, which alone calls it.
 */
public abstract class Attachment {
    /** When {@link #onDeadline} is due, as {@link System#nanoTime}. Owned by {@link Deadlines}. */
    long due;

    /** Its place in the heap, or -1 if it has no deadline. Owned by {@link Deadlines}. */
    int place = -1;

    /** An attachment without a deadline. */
    protected Attachment() {}

    /** The channel can do what it was registered for. */
    protected abstract void onReady();

    /** The deadline has come. It is no longer scheduled. */
    protected abstract void onDeadline(long now);

    /** The server stops: begin nothing new, and end what was begun. */
    protected abstract void onStop();

    /** Ends at once. Not to be called by the attachment's own events. */
    public abstract void abort(CloseReason reason, String detail);
}
