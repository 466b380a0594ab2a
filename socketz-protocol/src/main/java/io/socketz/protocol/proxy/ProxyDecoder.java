package io.socketz.protocol.proxy;

import java.util.Objects;
import java.util.Optional;

/**
 * Reads the PROXY protocol header at the beginning of one connection, in whatever pieces it arrives.
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
 * The caller must know whether there is a header: section 2 forbids guessing it from the bytes. A wrong byte is refused
 * as soon as it arrives, an address in text or a length when its last byte arrives. At most
 * {@link #MAX_HELD_BYTES} bytes of a header are kept. Not thread-safe.
 */
public final class ProxyDecoder {
    /** Longest version 2 header that is accepted, in bytes after the first 16. */
    public static final int MAX_V2_LENGTH = V2Block.MAX_BYTES;

    /** The most bytes that are kept of an unfinished header. */
    static final int MAX_HELD_BYTES = V1Line.MAX_BYTES;

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
     * Takes the bytes of {@code buffer[from, to)} that belong to the header.
     *
     * @return the index of the first byte after the header: {@code to} if all bytes belong to it, or if it needs more;
     *     {@code from} if the header was complete before
     * @throws ProxyException if the header is wrong; the decoder cannot be used any more
     * @throws IllegalStateException if the header was refused before
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
