package io.socketz.state.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;

/** Takes the body of a response as it comes, on the HTTP client's thread. */
interface ResponseBody {
    /**
     * Takes all of {@code bytes}.
     *
     * @return false if it wants no more: then the connection is closed
     */
    boolean read(ByteBuffer bytes) throws IOException, EtcdError;

    /**
     * Nothing comes any more.
     *
     * @return what the owner is to run
     */
    LongConsumer end() throws IOException, EtcdError;

    /** The client reads on as far as {@code window} is opened. Called whenever nothing is left of it. */
    void onWindow(CapacityChannel window) throws IOException;
}
