package io.socketz.client.tls;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import tlschannel.ClientTlsChannel;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;
import tlschannel.TlsChannel;

/**
 * TLS on a socket that does not block: what is written is encrypted, what is read is decrypted. For one thread at a time.
 *
 * <p>It may hold decrypted bytes, of which the socket knows nothing: whoever has read some has to read again. It may also
 * hold encrypted ones that the socket has not taken: {@link #flush}.
 */
public final class SecureChannel implements ByteChannel {
    /** What the handshake waits for. */
    public enum Need {
        /** It is done. */
        NOTHING,
        /** The socket to be readable. */
        INPUT,
        /** The socket to be writable. */
        OUTPUT
    }

    /** What Java calls the protocol before a handshake is done ({@link SSLEngine#getSession}). */
    private static final String NO_PROTOCOL = "NONE";

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private static final int DEEPEST_CAUSE = 20;

    private final SSLEngine engine;
    private final TlsChannel tls;
    private boolean pending;

    /**
     * TLS on {@code socket}, whose handshake has not begun.
     *
     * @param host what the server's certificate has to be for: a name or an address
     */
    public SecureChannel(SocketChannel socket, SSLContext context, String host, int port) {
        this.engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818: the name must match
        engine.setSSLParameters(parameters);
        this.tls = ClientTlsChannel.newBuilder(socket, engine).build();
    }

    /**
     * Loads the library that this needs.
     *
     * @throws NoClassDefFoundError if it is missing
     */
    public static void load() {
        var unused = ClientTlsChannel.class.getName();
    }

    /**
     * Goes on with the handshake.
     *
     * @throws IOException if it has failed; its message is for people
     */
    public Need handshake() throws IOException {
        try {
            tls.handshake();
            if (engine.getSession().getProtocol().equals(NO_PROTOCOL) || tls.shutdownReceived()) {
                throw new ClosedChannelException(); // an alert of the server's has ended it, and is no error to Java
            }
            return Need.NOTHING;
        } catch (NeedsReadException e) {
            return Need.INPUT;
        } catch (NeedsWriteException e) {
            return Need.OUTPUT;
        } catch (ClosedChannelException e) {
            throw new EOFException("the connection ended before the TLS handshake was done");
        } catch (SSLException e) {
            throw new SSLException(why(e), e);
        }
    }

    private static String why(SSLException failure) {
        CertificateException untrusted = null;
        Throwable innermost = failure;
        for (int i = 0; innermost.getCause() != null && i < DEEPEST_CAUSE; i++) {
            innermost = innermost.getCause();
            untrusted = innermost instanceof CertificateException found ? found : untrusted;
        }
        String words = String.valueOf(failure.getMessage());
        if (untrusted != null) {
            return "certificate not trusted: " + innermost.getMessage();
        }
        return words.contains("SSL message") ? "the server does not speak TLS" : "TLS: " + words;
    }

    /** Reads what is there: number of bytes, 0 if there are none, -1 at the end. */
    @Override
    public int read(ByteBuffer to) throws IOException {
        try {
            return tls.read(to);
        } catch (NeedsReadException | NeedsWriteException e) {
            return 0;
        }
    }

    /** Takes as much as it can encrypt now: number of bytes. Some of it may be pending then. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        int begin = from.position();
        push(from);
        if (!pending && from.hasRemaining()) { // TLS has ended
            throw new ClosedChannelException();
        }
        return from.position() - begin;
    }

    /** Sends what is pending, as much as the socket takes. Returns whether nothing is pending any more. */
    public boolean flush() throws IOException {
        if (pending) {
            push(NO_BYTES.duplicate());
        }
        return !pending;
    }

    private void push(ByteBuffer from) throws IOException {
        try {
            tls.write(from);
            pending = false;
        } catch (NeedsReadException | NeedsWriteException e) {
            pending = true;
        }
    }

    /** Whether {@link #flush} has something to do. */
    public boolean isPending() {
        return pending;
    }

    @Override
    public boolean isOpen() {
        return tls.isOpen();
    }

    @Override
    public void close() throws IOException {
        tls.close();
    }
}
