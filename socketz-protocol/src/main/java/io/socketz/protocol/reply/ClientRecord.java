package io.socketz.protocol.reply;

import io.socketz.protocol.name.ClientId;
import java.time.Instant;
import java.util.Optional;

/**
 * All that is known about a client: {@code id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17 addr=203.0.113.7:50814
 * via=10.0.0.2:40022 server=server01 since=2026-01-31T12:00:00.123Z name=web-7}. It answers {@code WHOAMI} and {@code
 * NAME}, and is a line of the answer to {@code WHO LONG}.
 *
 * @param id of the client, never used again
 * @param address {@code address:port} of the client
 * @param via {@code address:port} of the proxy in between; empty if the client connected directly
 * @param server name of its server
 * @param since when it joined, in milliseconds
 * @param name what the client calls itself; empty if it does not
 */
public record ClientRecord(
        ClientId id, String address, Optional<String> via, String server, Instant since, Optional<String> name)
        implements Reply.OneLine, ReplyRecord {
    private static final String PREFIX = "id=";

    /** Whether a line is a reply of this type: another server's line may begin in the same way. */
    static boolean isRecord(String line) {
        return line.startsWith(PREFIX) && ReplyParser.reads(ClientRecord::parse, line);
    }

    static ClientRecord parse(String line) {
        RecordText record = RecordText.parse(line);
        return new ClientRecord(
                record.clientId("id"),
                record.text("addr"),
                record.find("via"),
                record.text("server"),
                record.instant("since"),
                record.find("name"));
    }

    @Override
    public ReplyType type() {
        return ReplyType.CLIENT;
    }

    @Override
    public void write(RecordBytes bytes) {
        bytes.field("id", id.toString()).field("addr", address);
        via.ifPresent(value -> bytes.field("via", value));
        bytes.field("server", server).field("since", since.toString());
        name.ifPresent(value -> bytes.field("name", value));
    }

    @Override
    public String line() {
        return ReplyRecord.super.line();
    }

    @Override
    public Tone tone() {
        return Tone.PLAIN;
    }

    @Override
    public void describe(ReplyFields fields) {
        fields.text("id", id.toString());
        fields.text("addr", address);
        via.ifPresent(value -> fields.text("via", value));
        fields.text("server", server);
        fields.text("since", since.toString());
        name.ifPresent(value -> fields.text("name", value));
    }

    @Override
    public void show(ReplyDisplay display) {
        display.record(this);
    }
}
