package io.socketz.client.console;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Verb;
import java.util.List;
import java.util.Locale;

/**
 * The answer to one command as one line of JSON (RFC 8259), in US-ASCII. {@code command} is what was asked, the other
 * fields are those of docs/connect.md.
 */
public final class ReplyJson {
    private final StringBuilder out = new StringBuilder("{");

    private ReplyJson() {}

    /** {@code {"command":"WHY","answer":42}}. */
    public static String line(String command, List<Reply> replies) {
        ReplyJson json = new ReplyJson();
        json.text("command", command);
        replies.forEach(json::reply);
        return json.out.append('}').toString();
    }

    private void reply(Reply reply) {
        if (reply instanceof Reply.Answer) {
            number("answer", "42");
        } else if (reply instanceof Reply.ClientList list) {
            clients(list.clients());
        } else if (reply instanceof Reply.Fresh fresh) {
            number("fresh", "true");
            number("revision", Long.toString(fresh.revision()));
        } else if (reply instanceof Reply.Stale stale) {
            number("fresh", "false");
            number("age", String.format(Locale.ROOT, "%.1f", stale.age().toMillis() / 1e3));
            number("revision", Long.toString(stale.revision()));
        } else if (reply instanceof Reply.ServerId id) {
            text("id", id.id().toString());
        } else if (reply instanceof Reply.InvalidCommand) {
            text("error", "INVALID_COMMAND");
            text("message", Verb.USAGE);
        } else if (reply instanceof Reply.Failure failure) {
            text("error", failure.code());
            text("message", failure.text());
        }
    }

    private void clients(List<String> clients) {
        key("clients").append('[');
        String separator = "";
        for (String client : clients) {
            out.append(separator);
            out.append(JsonText.quoted(client));
            separator = ",";
        }
        out.append(']');
        number("count", Integer.toString(clients.size()));
    }

    private void text(String key, String value) {
        key(key).append(JsonText.quoted(value));
    }

    /** A number, or another literal. */
    private void number(String key, String value) {
        key(key).append(value);
    }

    private StringBuilder key(String key) {
        return out.append(out.length() == 1 ? "\"" : ",\"").append(key).append("\":");
    }
}
