package io.socketz.server.nio;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The side of a connection that faces the kernel: reads, replies, and the replies that the kernel has not taken yet. Owned
 * by its loop.
 *
 * <p>Replies gather in the loop's buffer and leave with {@link #flush}. What the kernel does not take then is the
 * backlog: it leaves as the kernel takes it, and meanwhile nothing is read.
 *
 * <p>After {@link #secure}, all goes through TLS, once the handshake is done. What is counted are the bytes inside.
 *
 * <p>An I/O error is told once, to {@link #onBroken}. From then on nothing is read or sent, until the channel is closed
 * where the event ends.
 */
public abstract class BufferedChannel extends Attachment {
    /** A slow client has to take this much, or all there is, for its time to start again: less is as good as nothing. */
    private static final long ENOUGH_BYTES = 64 << 10;

    /** The loop that owns this connection. */
    protected final EventLoop loop;

    private final BacklogListener backlogListener;
    private final SocketChannel channel;
    private final SelectionKey key;

    /** What is read from and written to: the channel, or TLS on it. */
    private ByteChannel stream;

    /** Null without TLS. */
    private @Nullable TlsLink tls;

    /** What the key waits for: reading, writing or, in a pause, nothing. */
    private int interest = SelectionKey.OP_READ;

    /** Null while the kernel takes everything. */
    private @Nullable Backlog backlog;

    /** How much of the backlog the client has taken since {@link #waitingSince}, in bytes. */
    private long taken;

    private final Delivery delivery = new Delivery();

    /** Whether replies have gone to the kernel since {@link #takeProgress}. */
    private boolean progressed;

    /** Whether an I/O error has occurred. */
    private boolean broken;

    private long waitingSince;

    /** Begins to wait for input on {@code channel}. */
    @SuppressWarnings("this-escape") // the loop calls it later, on this very thread
    protected BufferedChannel(EventLoop loop, SocketChannel channel, BacklogListener backlogListener)
            throws IOException {
        this.loop = loop;
        this.backlogListener = backlogListener;
        this.channel = channel;
        this.stream = channel;
        this.key = loop.register(channel, SelectionKey.OP_READ, this);
        this.waitingSince = loop.now();
    }

    /** There may be something to read. */
    protected abstract void onReadable();

    /** The backlog, or some of it, has gone to the kernel. */
    protected abstract void onBacklogSent();

    /** Replies, or parts of one, have gone to the kernel. */
    protected abstract void onSent();

    /** The handshake is done: from now on there may be something to read. */
    protected abstract void onSecured();

    /** The handshake has failed, for a reason of the client's. */
    protected abstract void onHandshakeFailed(HandshakeFailure how, String why);

    /** The first I/O error has occurred. Record it now, and act on it where the event ends. */
    protected abstract void onBroken(String why);

    @Override
    protected final void onReady() {
        if (tls != null && tls.isShakingHands()) {
            tls.shakeHands();
        } else if (interest == SelectionKey.OP_WRITE) {
            sendBacklog();
            if (delivery.isUnderWay()) {
                onPartDelivered();
            }
            onBacklogSent();
        } else {
            onReadable();
        }
    }

    /**
     * Begins the handshake: {@link #onSecured} or {@link #onHandshakeFailed} follows, each an event of its own.
     *
     * @param early what has been read of it already
     */
    protected final void secure(TlsSettings settings, ByteBuffer early) {
        TlsTransport transport =
                new TlsTransport(channel, settings, loop.buffers().tls(), early);
        stream = transport;
        tls = new TlsLink(transport, new LinkOwner());
        tls.begin();
    }

    /** This connection, as its TLS sees it. */
    private final class LinkOwner implements TlsLink.Owner {
        @Override
        public void waitFor(int operations) {
            setInterest(operations);
        }

        @Override
        public boolean isReading() {
            return BufferedChannel.this.isReading();
        }

        @Override
        public void soon(Runnable task) {
            loop.execute(() -> {
                if (key.isValid()) {
                    loop.guard(BufferedChannel.this, task);
                }
            });
        }

        @Override
        public void onReadable() {
            BufferedChannel.this.onReadable();
        }

        @Override
        public void onSecured() {
            BufferedChannel.this.onSecured();
        }

        @Override
        public void onHandshakeFailed(HandshakeFailure how, String why) {
            if (how == HandshakeFailure.NO_TLS) { // what is sent now has to be readable
                stream = channel;
                tls = null;
            }
            BufferedChannel.this.onHandshakeFailed(how, why);
        }
    }

    private void onError(IOException e) {
        if (!broken) {
            broken = true;
            onBroken(ErrorText.of(e));
        }
    }

    /** Reads into the loop's input, once: number of bytes, 0 if there are none or it is broken, -1 at the end. */
    protected final int read() {
        try {
            int length = loop.buffers().read(stream);
            if (length > 0) {
                loop.onReceived(length);
            }
            if (tls != null) {
                tls.onRead(length);
                if (tls.transport().isOutputPending() && backlog == null) {
                    startBacklog(); // of TLS's own bytes: nothing is read until the client takes them
                }
            }
            return length;
        } catch (IOException e) {
            onError(e);
            return 0;
        }
    }

    /** Sends {@code bytes}, after everything sent before. The array must not change any more. */
    public final void reply(byte[] bytes) {
        if (backlog == null && loop.buffers().append(bytes)) {
            return;
        }
        flush();
        if (broken || (backlog == null && loop.buffers().append(bytes))) {
            return;
        }
        boolean first = backlog == null;
        queue(bytes);
        if (first) {
            sendBacklog();
        }
    }

    /** Sends the parts of a reply, as {@link #reply(byte[])}. */
    public final void reply(byte[][] parts) {
        for (byte[] part : parts) {
            reply(part);
        }
    }

    /** Sends the replies that the loop has gathered for this connection. */
    protected final void flush() {
        int length = loop.buffers().outputLength();
        if (length == 0) {
            return;
        }
        if (broken) {
            loop.buffers().discardOutput();
            return;
        }
        try {
            byte[] rest = loop.buffers().send(stream);
            int written = length - rest.length;
            loop.buffers().spend(written);
            delivery.onSent(written);
            loop.onSent(written);
            progressed = true;
            if (rest.length > 0) {
                queue(rest);
            }
            onSent();
        } catch (IOException e) {
            onError(e);
        }
    }

    private void queue(byte[] bytes) {
        if (backlog == null) {
            startBacklog();
        }
        Objects.requireNonNull(backlog).add(bytes);
    }

    private void startBacklog() {
        backlog = new Backlog(backlogListener);
        restartWait();
        taken = 0;
    }

    /** Sends as much of the backlog as the kernel takes. */
    protected final void sendBacklog() {
        if (backlog == null || broken) {
            return;
        }
        try {
            if (tls != null && !tls.transport().flush()) {
                return;
            }
            long written = backlog.sendTo(
                    stream, loop.buffers().scratch(), loop.buffers().budget());
            loop.buffers().spend(written);
            loop.onSent(written);
            delivery.onSent(written);
            taken += written;
            if (taken >= ENOUGH_BYTES) {
                restartWait();
                taken = 0;
            }
            if (backlog.isEmpty()) {
                backlog = null;
                restartWait();
            }
            if (written > 0) {
                progressed = true;
                onSent();
            }
        } catch (IOException e) {
            onError(e);
        }
    }

    /** Whether there are replies that the kernel has not taken. */
    protected final boolean isBacklogged() {
        return backlog != null;
    }

    /** How many bytes of replies the kernel has not taken. */
    public final long backlogBytes() {
        return backlog == null ? 0 : backlog.bytes();
    }

    /** Whether so much was sent that other connections should have their turn first. */
    protected final boolean isTurnOver() {
        return loop.buffers().budget() <= 0;
    }

    /** Whether replies have gone to the kernel since this was last asked. */
    protected final boolean takeProgress() {
        boolean result = progressed;
        progressed = false;
        return result;
    }

    /** When the client last did what the server waits for, as {@link System#nanoTime}: sent something, or took enough replies. */
    protected final long waitingSince() {
        return waitingSince;
    }

    /** The client has done what the server waited for: its time starts again. */
    protected final void restartWait() {
        waitingSince = loop.now();
    }

    /** Whether the client has taken what was sent, except for 16 KiB. */
    protected final boolean isDelivered() {
        return delivery.isDone();
    }

    /** Waits until {@link #isDelivered}. From then on nothing more may be sent. */
    protected final void awaitDelivery() {
        if (delivery.hasBegun()) {
            return;
        }
        try {
            delivery.begin(channel);
            restartWait();
        } catch (IOException e) {
            onError(e);
        }
    }

    private void onPartDelivered() {
        try {
            if (delivery.onWritable(channel)) {
                restartWait();
            }
        } catch (IOException e) {
            onError(e);
        }
    }

    /** Whether it waits for input. */
    protected final boolean isReading() {
        return interest == SelectionKey.OP_READ;
    }

    /** Waits for the client to take replies or, if there are none, for input. */
    protected final void waitForIo() {
        if (tls != null && tls.isShakingHands()) {
            return;
        }
        boolean sending = backlog != null || delivery.isUnderWay();
        setInterest(sending ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** Waits for nothing. */
    protected final void stopReading() {
        setInterest(0);
    }

    private void setInterest(int operations) {
        if (interest != operations) {
            interest = operations;
            key.interestOps(operations);
            if (operations == SelectionKey.OP_READ && tls != null) {
                tls.onReading();
            }
        }
    }

    /** Tells the client that no more replies will come. It may still send. */
    protected final void endOutput() {
        try {
            if (tls != null) {
                tls.transport().endOutput();
            }
            channel.shutdownOutput();
            restartWait();
        } catch (IOException e) {
            onError(e);
        }
    }

    /**
     * Closes the channel; the backlog is lost.
     *
     * @param discard whether what the kernel holds is lost, too
     */
    protected final void closeChannel(boolean discard) {
        loop.buffers().discardOutput();
        if (discard || backlog != null) {
            discardUnsent();
        }
        if (backlog != null) {
            backlog.clear();
            backlog = null;
        }
        Quietly.close(tls != null && tls.isCalculating() ? channel : stream);
        loop.onClosed(this);
    }

    /** Without this the kernel would keep what the client does not read, perhaps megabytes, for minutes. */
    private void discardUnsent() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // Broken already: then nothing is kept either.
        }
    }
}
