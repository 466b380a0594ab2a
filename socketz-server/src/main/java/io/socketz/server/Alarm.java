package io.socketz.server;

import io.socketz.server.event.CloseReason;

/** Something of a loop that has times and no channel. Owned by the loop. */
abstract class Alarm extends Attachment {
    final EventLoop loop;

    Alarm(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    final void onReady() {
        throw new IllegalStateException("has no channel");
    }

    @Override
    final void onStop() {
        loop.deadlines().cancel(this);
    }

    @Override
    void abort(CloseReason reason, String detail) {
        onStop();
    }
}
