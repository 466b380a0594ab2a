package io.socketz.protocol.reply;

import io.socketz.protocol.name.ClientId;
import java.time.Instant;
import java.util.Optional;

/**
 * A client that has left: {@code id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17 addr=203.0.113.7:50814 server=server01
 * since=2026-01-31T12:00:00.123Z left=2026-01-31T12:01:00Z reason=CLIENT_QUIT name=web-7}. It is a line of the answer to
 * {@code WHO CLOSED}.
 *
 * @param id of the client
 * @param address {@code address:port} of the client
 * @param server name of its server
 * @param since when it joined, in milliseconds
 * @param left when it left, in milliseconds
 * @param reason why: a word such as {@code CLIENT_QUIT} or {@code SERVER_LOST}
 * @param name what the client called itself; empty if it did not
 */
public record DepartureRecord(
        ClientId id, String address, String server, Instant since, Instant left, String reason, Optional<String> name)
        implements ReplyRecord {
    static DepartureRecord parse(String line) {
        RecordText record = RecordText.parse(line);
        return new DepartureRecord(
                record.clientId("id"),
                record.text("addr"),
                record.text("server"),
                record.instant("since"),
                record.instant("left"),
                record.text("reason"),
                record.find("name"));
    }

    @Override
    public void write(RecordBytes bytes) {
        bytes.field("id", id.toString())
                .field("addr", address)
                .field("server", server)
                .field("since", since.toString())
                .field("left", left.toString())
                .field("reason", reason);
        name.ifPresent(value -> bytes.field("name", value));
    }

    @Override
    public void describe(ReplyFields fields) {
        fields.text("id", id.toString());
        fields.text("addr", address);
        fields.text("server", server);
        fields.text("since", since.toString());
        fields.text("left", left.toString());
        fields.text("reason", reason);
        name.ifPresent(value -> fields.text("name", value));
    }
}
