package io.socketz.server.nio;

/** Hears which replies wait for the kernel. The same array may wait on several connections at a time. */
public interface BacklogListener {
    /** A reply waits on one connection more. */
    void onQueued(byte[] reply);

    /** A reply waits on one connection less: it was sent, or the connection has ended. */
    void onRemoved(byte[] reply);
}
