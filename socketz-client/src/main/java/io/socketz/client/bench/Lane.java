package io.socketz.client.bench;

import io.socketz.client.tls.SecureChannel;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** One connection and its requests: due, sent, answered. Owned by its loop. */
final class Lane {
    private final DialedChannel channel;
    private final ReplyCounter replies;

    /** Its number among all connections, from 0: its place in the schedule. */
    private final int index;

    private @Nullable SelectionKey key;

    /** Requests in flight that were sent before counting began. */
    private long uncounted;

    /** How many requests were due, sent and answered, since counting began, or in the warm-up. */
    private long due;

    private long sent;
    private long answered;

    /** Bytes of sent requests that the channel has not accepted yet. */
    private long unwritten;

    private long sentAt;
    private boolean lost;

    Lane(DialedChannel channel, int index, ReplyCounter replies) {
        this.channel = channel;
        this.index = index;
        this.replies = replies;
    }

    DialedChannel channel() {
        return channel;
    }

    ReplyCounter replies() {
        return replies;
    }

    int index() {
        return index;
    }

    void registered(SelectionKey key) {
        this.key = key;
    }

    /** Begins to count; requests in flight do not count. */
    void begin() {
        uncounted += sent - answered;
        due = 0;
        sent = 0;
        answered = 0;
    }

    /** Makes {@code count} more requests due. */
    void addDue(long count) {
        due += count;
    }

    boolean isIdle() {
        return uncounted + sent - answered == 0;
    }

    /** Sends what is due, as long as at most {@code depth} are in flight. */
    void send(int depth, Repeated requests, int requestLength, long now) throws IOException {
        long count = Math.min(due - sent, depth - (uncounted + sent - answered));
        if (count > 0) {
            sent += count;
            sentAt = now;
            unwritten += count * requestLength;
            write(requests);
        }
    }

    /** Writes the rest of the requests sent. */
    void write(Repeated requests) throws IOException {
        boolean waited = key != null && (key.interestOps() & SelectionKey.OP_WRITE) != 0;
        SecureChannel secure = channel.secure();
        if (secure == null || secure.flush()) {
            unwritten = requests.write(channel.stream(), unwritten);
        }
        boolean waits = unwritten > 0 || (secure != null && secure.isPending());
        if (key != null && waited != waits) {
            key.interestOps(SelectionKey.OP_READ | (waits ? SelectionKey.OP_WRITE : 0));
        }
    }

    /** Takes {@code count} replies, and returns how many of them answer no request. */
    long onReplies(long count) {
        long old = Math.min(count, uncounted);
        long counted = Math.min(count - old, sent - answered);
        uncounted -= old;
        answered += counted;
        return count - old - counted;
    }

    /** Requests in flight that do not count. */
    long uncounted() {
        return uncounted;
    }

    /** Counted requests that were answered. */
    long answered() {
        return answered;
    }

    /** Counted requests without an answer, in flight or not sent. */
    long unanswered() {
        return due - answered;
    }

    /** When the last request was sent. */
    long sentAt() {
        return sentAt;
    }

    boolean isLost() {
        return lost;
    }

    /** Ends it: it sends and receives nothing more. */
    void lose() {
        lost = true;
        channel.close();
    }
}
