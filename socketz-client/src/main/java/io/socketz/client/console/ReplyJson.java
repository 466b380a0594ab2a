package io.socketz.client.console;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyFields;
import java.time.Duration;
import java.util.List;

/**
 * The answer to one command as one line of JSON (RFC 8259), in US-ASCII. {@code command} is what was asked; the other
 * fields are those that the replies state (docs/connect.md).
 */
public final class ReplyJson implements ReplyFields {
    private final StringBuilder out = new StringBuilder("{");

    private ReplyJson() {}

    /** {@code {"command":"WHY","answer":42}}. */
    public static String line(String command, List<Reply> replies) {
        ReplyJson json = new ReplyJson();
        json.text("command", command);
        replies.forEach(reply -> reply.describe(json));
        return json.out.append('}').toString();
    }

    @Override
    public void text(String key, String value) {
        key(key).append(JsonText.quoted(value));
    }

    @Override
    public void number(String key, long value) {
        key(key).append(value);
    }

    @Override
    public void flag(String key, boolean value) {
        key(key).append(value);
    }

    @Override
    public void seconds(String key, Duration value) {
        key(key).append(value.toSeconds()).append('.').append(value.toNanosPart() / 100_000_000);
    }

    @Override
    public void texts(String key, List<String> values) {
        key(key).append('[');
        String separator = "";
        for (String value : values) {
            out.append(separator).append(JsonText.quoted(value));
            separator = ",";
        }
        out.append(']');
    }

    private StringBuilder key(String key) {
        return out.append(out.length() == 1 ? "\"" : ",\"").append(key).append("\":");
    }
}
