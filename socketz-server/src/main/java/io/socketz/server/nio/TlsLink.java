package io.socketz.server.nio;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import javax.net.ssl.SSLException;

/**
 * What a connection with TLS has and others do not: a handshake, and decrypted bytes of which the socket knows nothing.
 * Owned by the connection's loop.
 *
 * <pre>{@code
 *   SHAKING_HANDS --arithmetic is due--> CALCULATING --done--> SHAKING_HANDS
 *   SHAKING_HANDS --done--> SECURED
 *   SHAKING_HANDS --failed--> FAILED
 * }</pre>
 */
final class TlsLink {
    /** The connection. */
    interface Owner {
        /** Waits for {@code operations} of the socket. */
        void waitFor(int operations);

        /** Whether it waits for input. */
        boolean isReading();

        /** Runs {@code task} as an event of its own, unless the channel is closed by then. From any thread. */
        void soon(Runnable task);

        /** There may be something to read. */
        void onReadable();

        /** The handshake is done. */
        void onSecured();

        /** The handshake has failed. */
        void onHandshakeFailed(HandshakeFailure how, String why);
    }

    private enum State {
        SHAKING_HANDS,
        CALCULATING,
        SECURED,
        FAILED
    }

    private final TlsTransport transport;
    private final Owner owner;

    private State state = State.SHAKING_HANDS;

    /** Whether there may be decrypted bytes that have not been read. */
    private boolean unread;

    /** Whether they are read in the loop's next turn. */
    private boolean readingSoon;

    TlsLink(TlsTransport transport, Owner owner) {
        this.transport = transport;
        this.owner = owner;
    }

    TlsTransport transport() {
        return transport;
    }

    /** Begins the handshake: {@link Owner#onSecured} or {@link Owner#onHandshakeFailed} follows, each an event of its own. */
    void begin() {
        owner.waitFor(0);
        owner.soon(this::shakeHands);
    }

    /** Whether the handshake is under way. */
    boolean isShakingHands() {
        return state == State.SHAKING_HANDS || state == State.CALCULATING;
    }

    /** Whether another thread uses the transport: closing it would wait for that thread. */
    boolean isCalculating() {
        return state == State.CALCULATING;
    }

    /** Goes on with the handshake. */
    void shakeHands() {
        if (state != State.SHAKING_HANDS) {
            return;
        }
        try {
            switch (transport.handshake()) {
                case INPUT -> owner.waitFor(SelectionKey.OP_READ);
                case OUTPUT -> owner.waitFor(SelectionKey.OP_WRITE);
                case TASK -> calculate();
                case NOTHING -> {
                    state = State.SECURED;
                    unread = true;
                    owner.waitFor(SelectionKey.OP_READ);
                    onReading();
                    owner.onSecured();
                }
            }
        } catch (ClosedChannelException e) {
            fail(HandshakeFailure.ENDED, e);
        } catch (TlsTransport.NoTlsException e) {
            fail(HandshakeFailure.NO_TLS, e);
        } catch (SSLException e) {
            fail(HandshakeFailure.REFUSED, e);
        } catch (IOException e) {
            fail(HandshakeFailure.BROKEN, e);
        }
    }

    private void calculate() {
        state = State.CALCULATING;
        owner.waitFor(0);
        transport.runTask(() -> owner.soon(() -> {
            state = State.SHAKING_HANDS;
            shakeHands();
        }));
    }

    private void fail(HandshakeFailure how, IOException e) {
        state = State.FAILED;
        owner.onHandshakeFailed(how, ErrorText.of(e));
    }

    /** The connection has read {@code length} bytes. After some, it reads again in the loop's next turn. */
    void onRead(int length) {
        unread = length > 0 || transport.isOutputPending();
        onReading();
    }

    /** The connection waits for input. */
    void onReading() {
        if (unread && !readingSoon && state == State.SECURED) {
            readingSoon = true;
            owner.soon(() -> {
                readingSoon = false;
                if (owner.isReading()) {
                    owner.onReadable();
                }
            });
        }
    }
}
