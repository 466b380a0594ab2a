package io.socketz.client.console;

import io.socketz.protocol.reply.ReplyFields;
import io.socketz.protocol.reply.ReplyRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of a record as text, in their order, fit for a terminal. */
final class RecordFields implements ReplyFields {
    private final Map<String, String> values = new LinkedHashMap<>();

    private RecordFields() {}

    static Map<String, String> of(ReplyRecord record) {
        RecordFields fields = new RecordFields();
        record.describe(fields);
        return fields.values;
    }

    @Override
    public void text(String key, String value) {
        values.put(key, Printable.of(value));
    }

    @Override
    public void number(String key, long value) {
        text(key, Long.toString(value));
    }

    @Override
    public void flag(String key, boolean value) {
        text(key, Boolean.toString(value));
    }

    @Override
    public void seconds(String key, Duration value) {
        text(key, value.toSeconds() + "." + value.toNanosPart() / 100_000_000 + " s");
    }

    @Override
    public void texts(String key, List<String> list) {
        text(key, String.join(" ", list));
    }

    @Override
    public void records(String key, List<? extends ReplyRecord> records) {
        number(key, records.size());
    }
}
