package io.socketz.client;

import java.util.concurrent.atomic.AtomicInteger;

/** How many requests a client has, and how many bytes of them are not sent. Thread-safe: who asks is told at once. */
final class Room {
    /** Most bytes of requests that wait to be sent: far more than a full number of any command. */
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
        // As a difference: a line may be so long that the sum would overflow.
        if (length > MAX_BYTES || bytes.addAndGet(length) > MAX_BYTES) {
            if (length <= MAX_BYTES) {
                bytes.addAndGet(-length);
            }
            requests.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Its bytes are on their way, or never will be. */
    void onSent(int length) {
        bytes.addAndGet(-length);
    }

    /** It is over. */
    void leave() {
        requests.decrementAndGet();
    }

    int requests() {
        return requests.get();
    }
}
