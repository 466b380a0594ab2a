package io.socketz.server.nio;

import java.util.Arrays;

/**
 * Errors in one line, for operators. Whoever calls code of the program that embeds the server catches {@link Throwable}:
 * languages other than Java throw checked exceptions where none are declared.
 */
public final class ErrorText {
    private ErrorText() {}

    /** The message of {@code e}, or its class where it has none. */
    public static String of(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** What code of the program that embeds the server has thrown, and where. */
    public static String ofThrown(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        String place = trace.length == 0 ? "" : " at " + trace[0];
        return (text(e) + place).replaceAll("\\p{Cntrl}+", " ");
    }

    /** It in words, or its class if it throws when it is asked. */
    private static String text(Throwable e) {
        try {
            return e.toString();
        } catch (Throwable again) {
            return e.getClass().getName();
        }
    }

    /** A defect of the server: what was thrown, and the first line of Socketz's own code in its stack trace. */
    public static String ofDefect(Throwable e) {
        String place = Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("io.socketz."))
                .findFirst()
                .map(frame -> " at " + frame)
                .orElse("");
        return "internal error: " + text(e) + place;
    }
}
