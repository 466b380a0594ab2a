package io.socketz.server;

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
    private static final long LITTLE = 64 << 10;

    /** As small as the kernel lets it be: then it calls the socket writable once the client has taken nearly all. */
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

    /** Whether the key waits for the client to take what the kernel holds, and whether it has. */
    private boolean delivering;

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
                delivered = delivering;
                drain();
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
    final void reply(byte[] bytes) {
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
     * Whether the client has taken what was sent, but for 64 KiB. What it has not taken when the channel is closed stays
     * with the kernel, for minutes if it never does; and no Java socket tells how much that is.
     */
    final boolean isDelivered() {
        return sent <= LITTLE || delivered;
    }

    /** Waits until {@link #isDelivered}. From then on nothing more may be sent. */
    final void awaitDelivery() {
        if (delivering) {
            return;
        }
        try {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, LEAST_SEND_BUFFER);
            delivering = true;
            waitingSince = loop.now();
        } catch (IOException e) {
            onBroken(e);
        }
    }

    /** Waits for the client to take replies or, where there are none, for input. */
    final void waitForIo() {
        boolean sending = backlog != null || (delivering && !delivered);
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

    /** Closes the channel; what has not been sent is lost. */
    final void closeChannel() {
        loop.discardOutput();
        if (ticket != 0) {
            holders.remove(this);
        }
        if (heldInput > 0) {
            memory.add(-heldInput);
            heldInput = 0;
        }
        if (backlog != null || (delivering && !delivered)) {
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
