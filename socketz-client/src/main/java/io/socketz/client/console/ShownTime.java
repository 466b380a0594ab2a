package io.socketz.client.console;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** A time as people see it: {@code 13:05:09} if it is of today, or else {@code 2026-01-31 13:05}. */
public final class ShownTime {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private ShownTime() {}

    /**
     * The time to show.
     *
     * @param now what is today, and in which time zone
     */
    public static String of(Instant instant, ZonedDateTime now) {
        ZonedDateTime time = instant.atZone(now.getZone());
        return time.format(time.toLocalDate().equals(now.toLocalDate()) ? TIME : DAY_AND_TIME);
    }
}
