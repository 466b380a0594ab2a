package io.socketz.server.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tlschannel.NeedsReadException;
import tlschannel.NeedsTaskException;
import tlschannel.NeedsWriteException;
import tlschannel.ServerTlsChannel;
import tlschannel.TlsChannel;

/**
 * TLS on a socket, for a connection that does not block: what is written is encrypted, what is read is decrypted. Owned by
 * the connection's loop.
 *
 * <p>{@link #read} may leave decrypted bytes inside, of which the socket knows nothing: whoever has read some has to read again.
 */
final class TlsTransport implements ByteChannel {
    /** What the handshake waits for. */
    enum Need {
        NOTHING,
        INPUT,
        OUTPUT,
        TASK
    }

    /** The most that one record carries (RFC 8446, section 5.1). */
    private static final int RECORD_BYTES = 16 << 10;

    /** What Java calls the protocol before a handshake is done ({@link javax.net.ssl.SSLEngine#getSession}). */
    private static final String NO_PROTOCOL = "NONE";

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel socket;
    private final SSLEngine engine;
    private final TlsChannel tls;
    private final Executor tasks;

    /** Of the bytes that are written next, how many are encrypted already, and on their way. */
    private int encrypted;

    /** What the handshake cannot go on without. */
    private @Nullable Runnable task;

    private boolean outputPending;
    private boolean outputEnded;

    /** @param early what the client has sent already: its first bytes of TLS */
    TlsTransport(SocketChannel socket, TlsSettings settings, TlsBuffers buffers, ByteBuffer early) {
        this.socket = socket;
        SSLContext context = settings.context();
        this.engine = settings.engine(context);
        this.tasks = settings.tasks();
        this.tls = ServerTlsChannel.newBuilder(new EarlyInput(socket, early), context)
                .withEngineFactory(same -> engine)
                .withRunTasks(false)
                .withPlainBufferAllocator(buffers)
                .withEncryptedBufferAllocator(buffers)
                .build();
    }

    /**
     * Goes on with the handshake.
     *
     * @return what it waits for; nothing once it is done
     * @throws NoTlsException if the client does not speak TLS
     * @throws SSLException if it speaks none that the server accepts
     * @throws ClosedChannelException if the client has ended its side
     * @throws IOException if the connection is broken
     */
    Need handshake() throws IOException {
        try {
            tls.handshake();
            if (engine.getSession().getProtocol().equals(NO_PROTOCOL) || tls.shutdownReceived()) {
                throw new ClosedChannelException(); // an alert of the client's has ended it, and is no error to Java
            }
            return Need.NOTHING;
        } catch (NeedsReadException e) {
            return Need.INPUT;
        } catch (NeedsWriteException e) {
            return Need.OUTPUT;
        } catch (NeedsTaskException e) {
            task = e.getTask();
            return Need.TASK;
        } catch (NoTlsException e) {
            throw e;
        } catch (SSLException e) {
            sendAlert();
            throw e;
        } catch (IllegalStateException e) {
            throw tooLong(e);
        }
    }

    /** What tls-channel's buffers have no room for. */
    private static SSLException tooLong(IllegalStateException e) {
        return new SSLException("a record is too long", e);
    }

    /**
     * Does what {@link Need#TASK} asks for: milliseconds of arithmetic, so on another thread.
     *
     * @param then runs on that thread
     */
    void runTask(Runnable then) {
        Runnable due = Objects.requireNonNull(task);
        tasks.execute(() -> {
            try {
                due.run();
            } finally {
                then.run();
            }
        });
    }

    /** The alert says why the handshake has failed. The library leaves it in the engine. */
    private void sendAlert() {
        try {
            ByteBuffer alert = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(NOTHING, alert);
            socket.write(alert.flip());
        } catch (IOException e) {
            // The client does without.
        }
    }

    /** Reads what is there: number of bytes, 0 if there are none, -1 at the end. */
    @Override
    public int read(ByteBuffer to) throws IOException {
        if (outputEnded) { // nobody is interested in what still comes, only in the end
            return socket.read(to);
        }
        try {
            return tls.read(to);
        } catch (NeedsReadException e) {
            return 0;
        } catch (NeedsWriteException e) {
            outputPending = true;
            return 0;
        } catch (NeedsTaskException e) {
            throw new SSLException("the client asks for another handshake", e);
        } catch (IllegalStateException e) {
            throw tooLong(e);
        }
    }

    /** Whether TLS itself has something to send that the kernel has not taken: nothing can be read until it has. */
    boolean isOutputPending() {
        return outputPending;
    }

    /** Sends what is pending. Returns whether the kernel has taken it all. */
    boolean flush() throws IOException {
        return !outputPending || push(NOTHING.duplicate());
    }

    /**
     * Writes as much as the kernel takes. Bytes that are encrypted and that the kernel has not taken count as not written:
     * they have to be the first ones of what is written next.
     */
    @Override
    public int write(ByteBuffer from) throws IOException {
        int begin = from.position();
        int end = from.limit();
        if (encrypted > 0) {
            if (!push(NOTHING.duplicate())) {
                return 0;
            }
            from.position(begin + encrypted);
            encrypted = 0;
        }
        while (from.position() < end) {
            int record = from.position();
            boolean pushed = push(from.limit(Math.min(end, record + RECORD_BYTES)));
            from.limit(end);
            if (pushed && from.position() == record) { // TLS has ended
                throw new ClosedChannelException();
            }
            if (!pushed) {
                encrypted = from.position() - record;
                from.position(record);
                break;
            }
        }
        return from.position() - begin;
    }

    /** Whether the kernel has taken it all. */
    private boolean push(ByteBuffer from) throws IOException {
        try {
            tls.write(from);
            outputPending = false;
            return true;
        } catch (NeedsReadException | NeedsWriteException e) {
            return false;
        }
    }

    /** Tells the client that no more will come ({@code close_notify}). */
    void endOutput() throws IOException {
        outputEnded = true;
        try {
            var unused = tls.shutdown();
        } catch (NeedsReadException | NeedsWriteException e) {
            // The end of the connection says it, too.
        }
    }

    @Override
    public boolean isOpen() {
        return tls.isOpen();
    }

    @Override
    public void close() throws IOException {
        tls.close();
    }

    /** What the client sends does not begin as TLS does. */
    static final class NoTlsException extends SSLException {
        private static final long serialVersionUID = 1;

        NoTlsException() {
            super("does not speak TLS");
        }
    }

    /** A socket of which some bytes have been read already, and whose first byte has to be one of TLS. */
    private static final class EarlyInput implements ByteChannel {
        /** The type of the first record (RFC 8446, section 5.1). */
        private static final int HANDSHAKE = 22;

        private final SocketChannel socket;
        private ByteBuffer early;
        private boolean begun;

        EarlyInput(SocketChannel socket, ByteBuffer early) {
            this.socket = socket;
            this.early = early;
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            int begin = to.position();
            int length = early.hasRemaining() ? readEarly(to) : socket.read(to);
            if (!begun && length > 0) {
                begun = true;
                if (to.get(begin) != HANDSHAKE) {
                    throw new NoTlsException();
                }
            }
            return length;
        }

        private int readEarly(ByteBuffer to) {
            int length = Math.min(early.remaining(), to.remaining());
            to.put(early.slice(early.position(), length));
            early.position(early.position() + length);
            if (!early.hasRemaining()) {
                early = NOTHING;
            }
            return length;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return socket.write(from);
        }

        @Override
        public boolean isOpen() {
            return socket.isOpen();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
