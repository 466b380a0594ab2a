package io.socketz.state.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;

/** Reads the body of a response as it arrives, on the HTTP client's thread. */
interface ResponseBody {
    /**
     * Takes all of {@code bytes}.
     *
     * @return false if it needs no more: then the connection is closed
     */
    boolean read(ByteBuffer bytes) throws IOException, EtcdError;

    /**
     * The body has ended.
     *
     * @return what the owner is to run
     */
    LongConsumer end() throws IOException, EtcdError;

    /** The client reads as many bytes as {@code window} allows. Called whenever none are left. */
    void onWindow(CapacityChannel window) throws IOException;
}
