package io.socketz.server.command;

import io.socketz.server.event.CloseReason;
import java.util.concurrent.CompletableFuture;

/** Whoever asked: what the handler of a command may do to a client. On the client's event loop only. */
public interface Requester {
    /** Sends {@code reply} after everything sent before. The array must not change any more. */
    void reply(byte[] reply);

    /**
     * Sends the parts of {@code answer} when it completes, after everything sent before; later requests wait for it. An
     * answer that fails ends the connection with {@link CloseReason#INTERNAL_ERROR}.
     *
     * @param answer may be completed by any thread; its arrays must not change any more
     */
    void reply(CompletableFuture<byte[][]> answer);

    /**
     * Ends the connection once everything before is sent. Later requests are not answered.
     *
     * @param detail more about the reason, or the empty string
     */
    void finish(CloseReason reason, String detail);
}
