package io.socketz.client;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what a client does. Read by any thread; written by the client's thread alone, which therefore needs no atomic
 * addition. Only requests fail on other threads, too.
 */
final class ClientCounters {
    private final AtomicLong connects = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final LongAdder failed = new LongAdder();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();

    void onConnected() {
        add(connects, 1);
    }

    void onSent(int requests) {
        add(sent, requests);
    }

    void onAnswered() {
        add(answered, 1);
    }

    /** From any thread. */
    void onFailed() {
        failed.increment();
    }

    void onReceived(int bytes) {
        add(receivedBytes, bytes);
    }

    void onWritten(int bytes) {
        add(sentBytes, bytes);
    }

    /** From any thread. */
    ClientStatistics read(int pending) {
        return new ClientStatistics(
                connects.getOpaque(),
                sent.getOpaque(),
                answered.getOpaque(),
                failed.sum(),
                pending,
                receivedBytes.getOpaque(),
                sentBytes.getOpaque());
    }

    private static void add(AtomicLong counter, long count) {
        counter.setOpaque(counter.getPlain() + count);
    }
}
