package io.socketz.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests a client has, and how many bytes of them are not sent. Thread-safe, so that a caller learns at once
 * that there is no room.
 */
final class Room {
    /** The most bytes of requests that may wait to be sent: enough for the full number of any command. */
    static final int MAX_BYTES = 1 << 20;

    private final int maxRequests;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();

    Room(int maxRequests) {
        this.maxRequests = maxRequests;
    }

    /** Takes room for one request; false if there is none. */
    boolean enter(int length) {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            return false;
        }
        // Checked apart: with so long a line, the sum might overflow.
        if (length > MAX_BYTES || bytes.addAndGet(length) > MAX_BYTES) {
            if (length <= MAX_BYTES) {
                bytes.addAndGet(-length);
            }
            requests.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Takes room for a short request of the client's own, also if there is none. */
    void enterAnyway(int length) {
        requests.incrementAndGet();
        bytes.addAndGet(length);
    }

    /** Its bytes are sent, or never will be. */
    void onSent(int length) {
        bytes.addAndGet(-length);
    }

    /** A request has ended. */
    void leave() {
        requests.decrementAndGet();
    }

    int requests() {
        return requests.get();
    }
}
