package io.socketz.protocol.reply;

import java.time.Duration;
import java.util.List;

/** Where a reply states its content field by field, for programs: {@link Reply#describe}. A key comes once. */
public interface ReplyFields {
    /** A text. */
    void text(String key, String value);

    /** A whole number. */
    void number(String key, long value);

    /** A yes or no. */
    void flag(String key, boolean value);

    /** A time in seconds, to a tenth. */
    void seconds(String key, Duration value);

    /** Texts in their order. */
    void texts(String key, List<String> values);
}
