package io.socketz.server.nio;

import io.socketz.server.event.CloseReason;

/** An attachment that does nothing. */
public class IdleAttachment extends Attachment {
    @Override
    protected void onReady() {}

    @Override
    protected void onDeadline(long now) {}

    @Override
    protected void onStop() {}

    @Override
    public void abort(CloseReason reason, String detail) {}
}
