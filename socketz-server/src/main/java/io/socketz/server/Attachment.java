package io.socketz.server;

import io.socketz.server.event.CloseReason;

/** What a selection key is attached to: something that becomes ready, and may have a deadline. Owned by its loop. */
abstract class Attachment {
    /** When {@link #onDeadline} is to be called, as {@link System#nanoTime}. Owned by {@link Deadlines}. */
    long due;

    /** Place in the heap, or -1 where there is no deadline. Owned by {@link Deadlines}. */
    int place = -1;

    /** The channel can do what it was registered for. */
    abstract void onReady();

    /** The deadline has come. It is no longer scheduled. */
    abstract void onDeadline(long now);

    /** The server stops: nothing new is to be begun, and what was begun is to end. */
    abstract void onStop();

    /** Ends at once. */
    abstract void abort(CloseReason reason, String detail);
}
