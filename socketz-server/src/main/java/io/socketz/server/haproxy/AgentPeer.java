package io.socketz.server.haproxy;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Request;
import io.socketz.protocol.request.RequestDecoder;
import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.Attachment;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.Quietly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * A connection to the agent port, which has been sent the agent line. Owned by its loop.
 *
 * <pre>{@code
 *   OPEN --WHY--> CHECKING --all loops run---> OPEN --QUIT--> LINGERING
 *                                                   output is shut down
 *   CLOSED: from anywhere, when the peer ends or a second has passed
 * }</pre>
 *
 * <p>A health check asks {@code WHY}. Everything else that a peer sends is read and ignored: closing a socket that has
 * unread input resets the connection, and the answer may be lost.
 */
final class AgentPeer extends Attachment implements RequestDecoder.Listener {
    /** How long a connection to the agent port may last. */
    private static final long LONGEST_NANOS = 1_000_000_000;

    private static final int MAX_LINE_BYTES = 64;

    private static final byte[] ANSWER = new Reply.Answer().toBytes();

    private final EventLoop loop;
    private final SocketChannel channel;
    private final LoopCheck loopCheck;
    private final Consumer<AgentPeer> onClosed;
    private final RequestDecoder requests = new RequestDecoder(BuiltInCommands.TABLE, MAX_LINE_BYTES, this);
    private final SelectionKey key;

    /** Whether the peer has sent {@code QUIT}. */
    private boolean quitting;

    /** Whether the peer has ended its side, perhaps before it got the answer that it waits for. */
    private boolean ended;

    /** @param onClosed is told when it is closed */
    AgentPeer(EventLoop loop, SocketChannel channel, LoopCheck loopCheck, Consumer<AgentPeer> onClosed)
            throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.loopCheck = loopCheck;
        this.onClosed = onClosed;
        this.key = loop.register(channel, SelectionKey.OP_READ, this);
        loop.deadlines().schedule(this, loop.now() + LONGEST_NANOS);
    }

    @Override
    protected void onReady() {
        try {
            int length = loop.buffers().read(channel);
            if (length < 0) {
                ended = true;
                key.interestOps(0);
                closeIfDone();
            } else if (length > 0 && !quitting && !requests.isPaused()) {
                requests.decode(loop.buffers().input(), 0, length);
            }
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public boolean onRequest(Request request) {
        if (request.asksFor(BuiltInCommands.WHY)) {
            loopCheck.ask(this, this::onAlive);
            return false;
        }
        if (request.asksFor(BuiltInCommands.QUIT)) {
            quit();
        }
        return !quitting;
    }

    @Override
    public void onRefusal(byte[] sequence) {
        // No peer speaks telnet.
    }

    /** All event loops run: this server is alive. */
    private void onAlive() {
        send(ANSWER);
        if (channel.isOpen()) {
            requests.resume();
            closeIfDone();
        }
    }

    private void closeIfDone() {
        // After QUIT, nothing of what it has sent is answered any more.
        if (ended && (quitting || !requests.isPaused())) {
            close();
        }
    }

    /** Sends a few bytes, which the kernel takes at once: at most one answer waits for a peer. */
    void send(byte[] bytes) {
        try {
            channel.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            close();
        }
    }

    private void quit() {
        quitting = true;
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            // Broken: its end follows.
        }
    }

    @Override
    protected void onDeadline(long now) {
        close();
    }

    @Override
    protected void onStop() {
        close();
    }

    @Override
    public void abort(CloseReason reason, String detail) {
        close();
    }

    void close() {
        if (channel.isOpen()) {
            Quietly.close(channel);
            loop.onClosed(this);
            loopCheck.forget(this);
            onClosed.accept(this);
        }
    }
}
