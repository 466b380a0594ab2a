package io.socketz.client.console;

import io.socketz.protocol.reply.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Replies as the server sent them, line by line. */
public final class ReplyText {
    private ReplyText() {}

    /** The lines of a reply, fit for a terminal. */
    public static List<String> lines(Reply reply) {
        // Addresses are US-ASCII on the way back to bytes, and a server may have sent anything.
        Reply shown = reply instanceof Reply.ClientList list
                ? new Reply.ClientList(
                        list.clients().stream().map(Printable::ascii).toList())
                : reply;
        String text = new String(shown.toBytes(), StandardCharsets.UTF_8);
        return Arrays.stream(text.split("\n")).map(Printable::of).toList();
    }

    /** Whether it says that something was wrong. */
    public static boolean isError(Reply reply) {
        return reply instanceof Reply.Failure || reply instanceof Reply.InvalidCommand;
    }
}
