package io.socketz.client.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection and its requests: due, sent, answered. Owned by its loop. */
final class Lane {
    private final SocketChannel channel;
    private final ReplyCounter replies;

    /** Among all connections, from 0: its place in the schedule. */
    private final int index;

    private @Nullable SelectionKey key;

    /** In flight since before the requests that count. */
    private long uncounted;

    /** Of the requests that count, or of the warm-up: how many were to be sent, were sent, were answered. */
    private long due;

    private long sent;
    private long answered;

    /** Bytes of requests sent that the channel has not taken. */
    private long unwritten;

    private long sentAt;
    private boolean lost;

    Lane(SocketChannel channel, int index, ReplyCounter replies) {
        this.channel = channel;
        this.index = index;
        this.replies = replies;
    }

    SocketChannel channel() {
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

    /** Begins to count anew: what is in flight does not count. */
    void begin() {
        uncounted += sent - answered;
        due = 0;
        sent = 0;
        answered = 0;
    }

    /** Lets {@code count} more be due. */
    void addDue(long count) {
        due += count;
    }

    boolean isIdle() {
        return uncounted + sent - answered == 0;
    }

    /** Sends what is due, but for what would be more than {@code depth} in flight. */
    void send(int depth, Repeated requests, int requestLength, long now) throws IOException {
        long count = Math.min(due - sent, depth - (uncounted + sent - answered));
        if (count > 0) {
            sent += count;
            sentAt = now;
            unwritten += count * requestLength;
            write(requests);
        }
    }

    /** Writes what is left of the requests sent. */
    void write(Repeated requests) throws IOException {
        boolean waited = unwritten > 0 && key != null && (key.interestOps() & SelectionKey.OP_WRITE) != 0;
        unwritten = requests.write(channel, unwritten);
        if (key != null && waited != unwritten > 0) {
            key.interestOps(SelectionKey.OP_READ | (unwritten > 0 ? SelectionKey.OP_WRITE : 0));
        }
    }

    /** Takes {@code count} replies, and returns how many of them nobody had asked for. */
    long onReplies(long count) {
        long old = Math.min(count, uncounted);
        long counted = Math.min(count - old, sent - answered);
        uncounted -= old;
        answered += counted;
        return count - old - counted;
    }

    /** Requests in flight since before those that count. */
    long uncounted() {
        return uncounted;
    }

    /** Requests that count and were answered. */
    long answered() {
        return answered;
    }

    /** Requests that count and were not answered, in flight or not sent. */
    long unanswered() {
        return due - answered;
    }

    /** When what was sent last was sent. */
    long sentAt() {
        return sentAt;
    }

    boolean isLost() {
        return lost;
    }

    /** Ends it: nothing more is sent or comes. */
    void lose() {
        lost = true;
        try {
            channel.close();
        } catch (IOException e) {
            // It is lost either way.
        }
    }
}
