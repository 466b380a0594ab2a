package io.socketz.server;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Request;
import io.socketz.protocol.request.RequestDecoder;
import io.socketz.server.event.CloseReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Somebody on the agent port, who has got the agent line. Owned by its loop.
 *
 * <pre>{@code
 *   OPEN --WHY--> CHECKING --all loops turn--> OPEN --QUIT--> LINGERING
 *                                                   our side ends
 *   CLOSED: from anywhere, by the peer's end or when a second has passed
 * }</pre>
 *
 * <p>A health check asks {@code WHY}. Everything else that a peer sends is read and passed over: a socket that is closed
 * with unread input resets the connection, and the answer may be lost.
 */
final class AgentPeer extends Attachment implements RequestDecoder.Listener {
    private static final long PATIENCE_NANOS = 1_000_000_000;

    /** Bytes of a request. */
    private static final int MAX_LINE = 64;

    private static final byte[] ANSWER = new Reply.Answer().toBytes();

    private final AgentPort port;
    private final EventLoop loop;
    private final SocketChannel channel;
    private final RequestDecoder requests = new RequestDecoder(BuiltInCommands.TABLE, MAX_LINE, this);
    private final SelectionKey key;

    /** It said {@code QUIT}. */
    private boolean quitting;

    /** Its end has come, before the answer that it waits for. */
    private boolean ended;

    AgentPeer(AgentPort port, EventLoop loop, SocketChannel channel) throws IOException {
        this.port = port;
        this.loop = loop;
        this.channel = channel;
        this.key = loop.register(channel, SelectionKey.OP_READ, this);
        loop.deadlines().schedule(this, loop.now() + PATIENCE_NANOS);
    }

    @Override
    void onReady() {
        try {
            int length = loop.read(channel);
            if (length < 0) {
                ended = true;
                key.interestOps(0);
                closeIfDone();
            } else if (length > 0 && !quitting && !requests.isPaused()) {
                requests.decode(loop.input(), 0, length);
            }
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public boolean onRequest(Request request) {
        if (request.asksFor(BuiltInCommands.WHY)) {
            port.loopCheck().ask(this);
            return false;
        }
        if (request.asksFor(BuiltInCommands.QUIT)) {
            quit();
        }
        return !quitting;
    }

    @Override
    public void onRefusal(byte[] sequence) {
        // Nothing of telnet is needed here.
    }

    /** All event loops turn: so this server is alive. */
    void onAlive() {
        send(ANSWER);
        if (channel.isOpen()) {
            requests.resume();
            closeIfDone();
        }
    }

    private void closeIfDone() {
        if (ended && !requests.isPaused()) {
            close();
        }
    }

    /** A few bytes, which the kernel takes at once: no more answers than one in a second may wait for a peer. */
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
            // Broken: its end comes.
        }
    }

    @Override
    void onDeadline(long now) {
        close();
    }

    @Override
    void onStop() {
        close();
    }

    @Override
    void abort(CloseReason reason, String detail) {
        close();
    }

    void close() {
        if (channel.isOpen()) {
            Acceptor.closeQuietly(channel);
            loop.onClosed(this);
            port.onGone(this);
        }
    }
}
