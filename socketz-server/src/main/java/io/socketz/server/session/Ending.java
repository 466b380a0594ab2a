package io.socketz.server.session;

import io.socketz.protocol.reply.Reply;
import io.socketz.server.event.CloseReason;

/**
 * Why a connection ends, or is refused.
 *
 * @param detail more about the reason, or the empty string
 */
record Ending(CloseReason reason, String detail) {
    /** What the client is told, if the reason is told. */
    byte[] toBytes() {
        return new Reply.Failure(reason.name(), detail).toBytes();
    }
}
