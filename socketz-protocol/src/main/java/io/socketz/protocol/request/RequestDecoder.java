package io.socketz.protocol.request;

import io.socketz.protocol.line.LineFramer;
import io.socketz.protocol.telnet.TelnetFilter;
import java.util.Arrays;

/**
 * Turns the bytes of one connection into its requests: telnet filter, line framer and parser, one after the other.
 *
 * <p>The listener may ask for a pause after any request, since some answers take a while. The bytes after that request
 * are kept until {@link #resume}. The caller does not read during a pause, so these are the rest of one read. It may begin
 * a pause itself, before the first request.
 *
 * <p>Memory: between lines none, within a line its start, in a pause the rest of one read. Not thread-safe.
 */
public final class RequestDecoder {
    private static final byte[] NOTHING = {};

    /** Hears the requests of a connection, in their order. */
    public interface Listener extends TelnetFilter.Refusals {
        /**
         * A request.
         *
         * @return false to pause after it
         */
        boolean onRequest(Request request);
    }

    private final CommandTable commands;
    private final TelnetFilter telnet = new TelnetFilter();
    private final LineFramer framer;
    private final Listener listener;
    private final Lines lines = new Lines();

    /** The bytes after the request at which the decoder paused. Telnet commands have been removed from them. */
    private byte[] rest = NOTHING;

    /** Bytes of {@link #rest} that have become requests: the rest is not copied again at each pause. */
    private int restFrom;

    private boolean paused;

    /** Whether {@link #rest} was not even filtered. */
    private boolean raw;

    /**
     * A decoder at the start of a connection.
     *
     * @param commands what the server understands
     * @param maxLineLength longest request in bytes, as for {@link LineFramer}; {@link LineFramer#DEFAULT_MAX_LENGTH}
     *     is the default
     * @throws IllegalArgumentException if {@code maxLineLength} is out of range
     */
    public RequestDecoder(CommandTable commands, int maxLineLength, Listener listener) {
        this.commands = commands;
        this.framer = new LineFramer(maxLineLength);
        this.listener = listener;
    }

    /**
     * Takes the next bytes of the connection and passes on the requests in them. The content of the buffer between
     * {@code from} and {@code to} may change.
     *
     * @throws IllegalStateException in a pause
     * @throws IndexOutOfBoundsException if the range is not within the buffer
     */
    public void decode(byte[] buffer, int from, int to) {
        if (paused) {
            throw new IllegalStateException("paused: resume first");
        }
        frame(buffer, from, telnet.filter(buffer, from, to, listener));
    }

    /**
     * Begins a pause, and keeps the next bytes of the connection without looking at them.
     *
     * @throws IllegalStateException in a pause
     * @throws IndexOutOfBoundsException if the range is not within the buffer
     */
    public void pauseBefore(byte[] buffer, int from, int to) {
        if (paused) {
            throw new IllegalStateException("paused already");
        }
        rest = Arrays.copyOfRange(buffer, from, to);
        raw = true;
        paused = true;
    }

    /** Ends a pause and passes on the requests that were kept; any of them may begin the next pause. */
    public void resume() {
        paused = false;
        if (raw) {
            raw = false;
            byte[] kept = rest;
            rest = NOTHING;
            decode(kept, 0, kept.length);
        } else {
            frame(rest, restFrom, rest.length);
        }
    }

    /** Whether the listener asked for a pause and {@link #resume} has not ended it. */
    public boolean isPaused() {
        return paused;
    }

    /** Bytes of memory for input that has not become requests; 0 between lines, unless paused. */
    public int held() {
        return rest.length + framer.held();
    }

    private void frame(byte[] buffer, int from, int to) {
        int taken = framer.frame(buffer, from, to, lines);
        if (taken == to) {
            rest = NOTHING;
            restFrom = 0;
        } else if (buffer == rest) {
            restFrom = taken;
        } else {
            rest = Arrays.copyOfRange(buffer, taken, to);
        }
    }

    private boolean tell(Request request) {
        paused = !listener.onRequest(request);
        return !paused;
    }

    private final class Lines implements LineFramer.Sink {
        @Override
        public boolean onLine(byte[] buffer, int from, int to) {
            return tell(commands.parse(buffer, from, to));
        }

        @Override
        public boolean onLineTooLong() {
            return tell(Request.TooLong.INSTANCE);
        }
    }
}
