package io.socketz.protocol.reply;

import java.time.Duration;
import java.util.List;

/** Takes the content of a reply field by field, for programs: {@link Reply#describe}. A reply uses each key once. */
public interface ReplyFields {
    /** A text. */
    void text(String key, String value);

    /** A whole number. */
    void number(String key, long value);

    /** True or false. */
    void flag(String key, boolean value);

    /** A time of 0 or more, in seconds with one decimal. */
    void seconds(String key, Duration value);

    /** A list of texts. */
    void texts(String key, List<String> values);

    /** A list of records, each of which has fields of its own: {@link ReplyRecord#describe}. */
    void records(String key, List<? extends ReplyRecord> records);
}
