package io.socketz.protocol.proxy;

import java.util.Objects;
import java.util.Optional;

/**
 * Reads the PROXY protocol header at the beginning of one connection, in pieces as they come.
 *
 * <pre>
 *           'P'                 CRLF
 *   START ------&gt; V1 (section 2.1) ------------------+
 *     |                                              v
 *     |     0D                  16 + length bytes   DONE
 *     +---------&gt; V2 (section 2.2) ------------------^
 *
 *   any of the first three -- a wrong byte --&gt; REFUSED
 * </pre>
 *
 * Whether there has to be a header is for the caller to know beforehand: section 2 forbids to guess it from the bytes.
 * A wrong byte is refused when it comes, an address in text and a length when its last byte comes. At most
 * {@link #MAX_HELD} bytes of a header are kept. Not safe for use by several threads.
 */
public final class ProxyDecoder {
    /** Longest version 2 header that is accepted, in bytes after the first 16. */
    public static final int MAX_V2_LENGTH = V2Block.MAX_LENGTH;

    /** The most that is kept of an unfinished header, in bytes. */
    static final int MAX_HELD = V1Line.MAX_LENGTH;

    private enum State {
        START, // -> V1, V2, REFUSED
        V1, // -> DONE, REFUSED
        V2, // -> DONE, REFUSED
        DONE,
        REFUSED
    }

    private final V1Line v1 = new V1Line();
    private final V2Block v2 = new V2Block();
    private State state = State.START;
    private Optional<ProxyHeader> header = Optional.empty();

    /** A decoder for one connection, at its first byte. */
    public ProxyDecoder() {}

    /**
     * Takes the bytes {@code buffer[from, to)} as far as they are of the header.
     *
     * @return the index of the first byte that is not: {@code to} if all are, or if the header needs more;
     *     {@code from} if it was done before
     * @throws ProxyException if the header is wrong; the decoder is then of no further use
     * @throws IllegalStateException if it was found wrong before
     * @throws IndexOutOfBoundsException if the range is not within the buffer
     */
    public int decode(byte[] buffer, int from, int to) throws ProxyException {
        Objects.checkFromToIndex(from, to, buffer.length);
        if (state == State.REFUSED) {
            throw new IllegalStateException("the header was refused");
        }
        int at = from;
        try {
            while (at < to && state != State.DONE) {
                onByte(buffer[at]);
                at++;
            }
        } catch (ProxyException e) {
            state = State.REFUSED;
            throw e;
        }
        return at;
    }

    /** Whether the header is complete. */
    public boolean isDone() {
        return state == State.DONE;
    }

    /**
     * What the header says.
     *
     * @throws IllegalStateException before {@link #isDone}
     */
    public ProxyHeader header() {
        return header.orElseThrow(() -> new IllegalStateException("the header is not complete"));
    }

    /** How many bytes of the header are kept now. */
    int held() {
        return v1.held() + v2.held();
    }

    private void onByte(byte b) throws ProxyException {
        if (state == State.START) {
            state = b == V1Line.FIRST_BYTE ? State.V1 : State.V2;
        }
        header = state == State.V1 ? v1.add(b) : v2.add(b);
        if (header.isPresent()) {
            state = State.DONE;
        }
    }
}
