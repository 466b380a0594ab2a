package io.socketz.protocol.json;

import io.socketz.protocol.reply.ReplyFields;
import io.socketz.protocol.reply.ReplyRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** A JSON object (RFC 8259, section 4) that is written field by field, in one line of US-ASCII. Not thread-safe. */
public final class JsonObject implements ReplyFields {
    private final StringBuilder out = new StringBuilder("{");

    /** An object without fields. */
    public JsonObject() {}

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

    /** Seconds with three decimals. */
    public void preciseSeconds(String key, Duration value) {
        key(key).append(BigDecimal.valueOf(value.toMillis(), 3));
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

    @Override
    public void records(String key, List<? extends ReplyRecord> records) {
        key(key).append('[');
        String separator = "";
        for (ReplyRecord record : records) {
            out.append(separator).append('{');
            record.describe(this);
            out.append('}');
            separator = ",";
        }
        out.append(']');
    }

    /** A list of whole numbers. */
    public void numbers(String key, long... values) {
        key(key).append(Arrays.toString(values).replace(" ", ""));
    }

    /** An object in this one. */
    public void object(String key, JsonObject value) {
        key(key).append(value);
    }

    /** A list of objects. */
    public void objects(String key, Collection<JsonObject> values) {
        key(key).append('[');
        String separator = "";
        for (JsonObject value : values) {
            out.append(separator).append(value);
            separator = ",";
        }
        out.append(']');
    }

    private StringBuilder key(String key) {
        return out.append(out.charAt(out.length() - 1) == '{' ? "" : ",")
                .append(JsonText.quoted(key))
                .append(':');
    }

    /** The object with the fields so far. */
    @Override
    public String toString() {
        return out + "}";
    }
}
