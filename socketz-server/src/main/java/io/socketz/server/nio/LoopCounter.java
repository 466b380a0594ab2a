package io.socketz.server.nio;

import java.util.concurrent.atomic.AtomicLong;

/** A number that one thread counts up, and any may read: counting costs what it costs in a plain field. */
final class LoopCounter {
    private final AtomicLong count = new AtomicLong();

    void add(long more) {
        count.setOpaque(count.getPlain() + more);
    }

    long get() {
        return count.getOpaque();
    }
}
