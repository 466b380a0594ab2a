package io.socketz.protocol.reply;

import java.time.Instant;
import java.util.UUID;

/**
 * A server of the cluster: {@code id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a name=server01 addr=10.0.0.11:5151 clients=17
 * since=2026-01-31T12:00:00Z}. It is a line of the answer to {@code SERVERS}.
 *
 * @param id new each time the server starts
 * @param name what people call it; need not be unique
 * @param address {@code address:port} where it listens
 * @param clients how many are connected to it, 0 or more
 * @param since when it started, in milliseconds
 */
public record ServerRecord(UUID id, String name, String address, long clients, Instant since) implements ReplyRecord {
    static ServerRecord parse(String line) {
        RecordText record = RecordText.parse(line);
        return new ServerRecord(
                record.read("id", ServerRecord::id),
                record.text("name"),
                record.text("addr"),
                record.number("clients"),
                record.instant("since"));
    }

    private static UUID id(String text) {
        if (!Reply.ServerId.isId(text)) {
            throw new IllegalArgumentException("not the id of a server");
        }
        return UUID.fromString(text);
    }

    @Override
    public void write(RecordBytes bytes) {
        bytes.field("id", id.toString())
                .field("name", name)
                .field("addr", address)
                .field("clients", clients)
                .field("since", since.toString());
    }

    @Override
    public void describe(ReplyFields fields) {
        fields.text("id", id.toString());
        fields.text("name", name);
        fields.text("addr", address);
        fields.number("clients", clients);
        fields.text("since", since.toString());
    }
}
