package io.socketz.server;

import io.socketz.server.event.CloseReason;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The side of a connection that faces the kernel: reads, replies, and those replies that the kernel would not take yet.
 * Owned by its loop.
 *
 * <p>Replies gather in the loop's buffer and leave with {@link #flush}. What the kernel does not take then is the
 * backlog: it leaves as the kernel can take it, and meanwhile nothing is read.
 */
abstract class Transport extends Attachment {
    static final byte[] NOTHING = {};

    /** What a slow client has to take, or all there is, to be given another while: less is as good as nothing. */
    private static final long ENOUGH = 64 << 10;

    /**
     * Bytes of requests that need not be counted: about what an idle connection takes anyway. So the beginning of a line
     * that a person is typing costs nothing, and nobody is closed for it.
     */
    private static final int UNCOUNTED = 1 << 10;

    /** What a connection has to have sent for {@link #isDelivered} to look: less may stay with the kernel. */
    private static final long LITTLE = 16 << 10;

    /** How much of what the kernel holds a client has to take at the end to be given another while, in bytes. */
    private static final int STEP = 32 << 10;

    /** Less than the kernel needs: then it calls the socket writable once the client has taken nearly all. */
    private static final int LEAST_SEND_BUFFER = 1;

    final EventLoop loop;
    private final HeldMemory memory;
    private final Holders holders;
    private final SocketChannel channel;
    private final SelectionKey key;

    /** What the key waits for: reading, writing or, in a pause, nothing. */
    private int interest = SelectionKey.OP_READ;

    /** Null while the kernel takes everything. */
    private @Nullable Outbound backlog;

    /** How much of the backlog the client has taken since {@link #waitingSince}, in bytes. */
    private long taken;

    /** Bytes that have gone to the kernel since the beginning. */
    private long sent;

    /** At the end, what the kernel is to hold less than, in bytes; 0 before. */
    private int sendBuffer;

    /** Whether the kernel holds next to nothing any more. */
    private boolean delivered;

    /** Bytes of requests that are held undecoded, as counted in {@link #memory}. */
    private int heldInput;

    /** Whether replies have gone to the kernel since {@link #hold}. */
    private boolean progressed;

    /** Its place among those for whom memory is held: lower is slower; 0 while none is. Owned by {@link Holders}. */
    long ticket;

    /** When the client last did what it is waited for: sent something, or took enough of the backlog. */
    long waitingSince;

    Transport(EventLoop loop, SocketChannel channel, HeldMemory memory) throws IOException {
        this.loop = loop;
        this.memory = memory;
        this.holders = memory.holders(loop);
        this.channel = channel;
        this.key = loop.register(channel, SelectionKey.OP_READ, this);
        this.waitingSince = loop.now();
    }

    /** There may be something to read. */
    abstract void onReadable() throws IOException;

    /** The backlog, or some of it, has gone. */
    abstract void onDrained();

    /** Replies, or parts of one, have gone to the kernel. */
    abstract void onSent();

    @Override
    final void onReady() {
        try {
            if (interest == SelectionKey.OP_WRITE) {
                drain();
                if (isDelivering()) {
                    onPartDelivered();
                }
                onDrained();
            } else {
                onReadable();
            }
        } catch (IOException e) {
            onBroken(e);
        }
    }

    final void onBroken(IOException e) {
        abort(CloseReason.CONNECTION_RESET, message(e));
    }

    static String message(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Reads into the loop's input, once: number of bytes, 0 if there are none, -1 at the end. */
    final int read() throws IOException {
        return loop.read(channel);
    }

    /** Sends {@code bytes}, after everything sent before. The array must not change any more. */
    public final void reply(byte[] bytes) {
        if (backlog == null && loop.append(bytes)) {
            return;
        }
        flush();
        if (key.isValid() && (backlog != null || !loop.append(bytes))) {
            boolean first = backlog == null;
            queue(bytes);
            if (first) {
                drain();
            }
        }
    }

    /** Sends the replies that the loop has gathered for this connection. */
    final void flush() {
        int length = loop.outputLength();
        if (length == 0) {
            return;
        }
        try {
            byte[] rest = loop.send(channel);
            sent += length - rest.length;
            progressed = true;
            if (rest.length > 0) {
                queue(rest);
            }
            onSent();
        } catch (IOException e) {
            onBroken(e);
        }
    }

    private void queue(byte[] bytes) {
        if (backlog == null) {
            backlog = new Outbound(memory);
            waitingSince = loop.now();
            taken = 0;
        }
        backlog.add(bytes);
    }

    /** Sends as much of the backlog as the kernel takes. */
    final void drain() {
        if (backlog == null) {
            return;
        }
        try {
            long drained = backlog.drainTo(channel, loop.scratch(), loop.budget());
            loop.spend(drained);
            sent += drained;
            taken += drained;
            if (taken >= ENOUGH) {
                waitingSince = loop.now();
                taken = 0;
            }
            if (backlog.isEmpty()) {
                backlog = null;
                waitingSince = loop.now();
            }
            if (drained > 0) {
                progressed = true;
                onSent();
            }
        } catch (IOException e) {
            onBroken(e);
        }
    }

    /**
     * Counts what is held for the client now: the backlog, and {@code input} bytes of requests. Where that is too much for
     * all clients together, closes the slowest, perhaps this one. The very last thing of an event.
     */
    final void hold(int input) {
        int counted = input > UNCOUNTED ? input : 0;
        if (counted == 0 && backlog == null && ticket == 0) {
            return;
        }
        memory.add(counted - heldInput);
        heldInput = counted;
        if (counted == 0 && backlog == null) {
            holders.remove(this);
            return;
        }
        if (progressed || ticket == 0) {
            progressed = false;
            holders.onProgress(this);
        }
        holders.relieve();
    }

    /** Whether there are replies that the kernel has not taken. */
    final boolean isBacklogged() {
        return backlog != null;
    }

    final boolean isReading() {
        return interest == SelectionKey.OP_READ;
    }

    /**
     * Whether the client has taken what was sent, but for 16 KiB. What it has not taken when the channel is closed stays
     * with the kernel, for minutes if it never does; and no Java socket tells how much that is.
     */
    final boolean isDelivered() {
        return sent <= LITTLE || delivered;
    }

    /**
     * Waits until {@link #isDelivered}. From then on nothing more may be sent.
     *
     * <p>A socket is writable while a third of its send buffer is free. So the server makes the buffer smaller: once it is
     * writable, the kernel holds less than that. This goes step by step, for a client on a slow line to have its time for
     * each step.
     */
    final void awaitDelivery() {
        if (sendBuffer == 0) {
            // More than it was: Linux holds twice that, and shows by this buffer when the first part of it has gone.
            shrinkSendBuffer(ConnectionOptions.SEND_BUFFER + STEP);
        }
    }

    private boolean isDelivering() {
        return sendBuffer > 0 && !delivered;
    }

    private void onPartDelivered() {
        if (sendBuffer == LEAST_SEND_BUFFER) {
            delivered = true;
        } else {
            shrinkSendBuffer(Math.max(LEAST_SEND_BUFFER, sendBuffer - STEP));
        }
    }

    private void shrinkSendBuffer(int size) {
        try {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, size);
            sendBuffer = size;
            waitingSince = loop.now();
        } catch (IOException e) {
            onBroken(e);
        }
    }

    /** Waits for the client to take replies or, where there are none, for input. */
    final void waitForIo() {
        boolean sending = backlog != null || isDelivering();
        setInterest(sending ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    final void stopReading() {
        setInterest(0);
    }

    private void setInterest(int operations) {
        if (interest != operations) {
            interest = operations;
            key.interestOps(operations);
        }
    }

    /** Tells the client that no more will come. It may still send. */
    final void endOutput() {
        try {
            channel.shutdownOutput();
            waitingSince = loop.now();
        } catch (IOException e) {
            onBroken(e);
        }
    }

    /**
     * Closes the channel; the backlog is lost.
     *
     * @param discard whether what the kernel holds is lost, too
     */
    final void closeChannel(boolean discard) {
        loop.discardOutput();
        if (ticket != 0) {
            holders.remove(this);
        }
        if (heldInput > 0) {
            memory.add(-heldInput);
            heldInput = 0;
        }
        if (discard || backlog != null) {
            discardUnsent();
        }
        if (backlog != null) {
            backlog.clear();
            backlog = null;
        }
        Acceptor.closeQuietly(channel);
        loop.onClosed(this);
    }

    /** Without this the kernel would keep what the client does not read, megabytes perhaps, for minutes. */
    private void discardUnsent() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // Broken already: then nothing is kept either.
        }
    }
}
