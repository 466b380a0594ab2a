package io.socketz.state.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;

/** Collects a body, up to {@value #MAX_BYTES} bytes: never more than that is held of an answer. */
final class BoundedBody implements ResponseBody {
    /** More than twice the size of a page of 4,000 clients. */
    static final int MAX_BYTES = 4 << 20;

    private static final int FIRST_BYTES = 1 << 10;

    /** Turns a body into what the owner is to run. */
    @FunctionalInterface
    interface Reader {
        /**
         * Reads the body.
         *
         * @param cut whether the body was longer
         */
        LongConsumer read(byte[] body, int length, boolean cut) throws IOException, EtcdError;
    }

    private final int limit;
    private final Reader reader;
    private byte[] bytes = {};
    private int length;
    private boolean cut;

    BoundedBody(Reader reader) {
        this(MAX_BYTES, reader);
    }

    BoundedBody(int limit, Reader reader) {
        this.limit = limit;
        this.reader = reader;
    }

    @Override
    public boolean read(ByteBuffer from) {
        int part = Math.min(from.remaining(), limit - length);
        if (part > bytes.length - length) {
            int twice = Math.min(limit, Math.max(FIRST_BYTES, 2 * bytes.length));
            bytes = Arrays.copyOf(bytes, Math.max(twice, length + part));
        }
        from.get(bytes, length, part);
        length += part;
        cut = from.hasRemaining();
        return !cut;
    }

    @Override
    public LongConsumer end() throws IOException, EtcdError {
        return reader.read(bytes, length, cut);
    }

    @Override
    public void onWindow(CapacityChannel window) throws IOException {
        window.update(Integer.MAX_VALUE);
    }
}
