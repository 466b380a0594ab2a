package io.socketz.protocol.json;

import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import java.util.List;

/**
 * Replies as JSON (RFC 8259), each a line of US-ASCII: the fields that they state (docs/connect.md).
 *
 * <pre>{@code
 *   Reply -> describe -> JsonObject -> {"command":"WHY","answer":42}
 * }</pre>
 */
public final class ReplyJson {
    private ReplyJson() {}

    /** The answer to one command: {@code {"command":"WHY","answer":42}}; {@code command} is what was asked. */
    public static String line(String command, List<Reply> replies) {
        JsonObject json = new JsonObject();
        json.text("command", command);
        replies.forEach(reply -> reply.describe(json));
        return json.toString();
    }

    /** An event, which answers no command: {@code {"revision":1850,"event":"now","age":0.4}}. */
    public static String line(Event event) {
        return object(event).toString();
    }

    /** The fields of one reply. */
    public static JsonObject object(Reply reply) {
        JsonObject json = new JsonObject();
        reply.describe(json);
        return json;
    }
}
