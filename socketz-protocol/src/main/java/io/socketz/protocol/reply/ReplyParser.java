package io.socketz.protocol.reply;

import org.jspecify.annotations.Nullable;

/** Parses one reply, line by line. */
interface ReplyParser {
    /**
     * Takes the next line of the reply, without its end.
     *
     * @return the reply if this was its last line, otherwise null
     * @throws MalformedReplyException if this type of reply has no such line at this place
     */
    @Nullable
    Reply onLine(String line);

    /** Whether {@code line} alone is a reply that {@code parser} reads. */
    static boolean reads(ReplyParser parser, String line) {
        try {
            return parser.onLine(line) != null;
        } catch (MalformedReplyException e) {
            return false;
        }
    }
}
