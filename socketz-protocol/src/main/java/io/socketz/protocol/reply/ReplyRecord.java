package io.socketz.protocol.reply;

import java.nio.charset.StandardCharsets;

/** One line of a {@link Block}: it knows how it is written, and what its fields are. */
public sealed interface ReplyRecord
        permits AuditRecord, ClientRecord, CommandRecord, DepartureRecord, LineRecord, ServerRecord {
    /** Adds the line to {@code bytes}, without its end. */
    void write(RecordBytes bytes);

    /** Writes the content into {@code fields}, field by field. */
    void describe(ReplyFields fields);

    /** The line, without its end. */
    default String line() {
        RecordBytes bytes = new RecordBytes(128);
        write(bytes);
        return new String(bytes.toArray(), StandardCharsets.UTF_8);
    }
}
