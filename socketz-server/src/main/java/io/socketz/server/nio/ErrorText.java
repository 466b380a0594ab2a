package io.socketz.server.nio;

import java.util.Arrays;

/** Errors in one line, for operators. */
public final class ErrorText {
    private ErrorText() {}

    /** The message of {@code e}, or its class where it has none. */
    public static String of(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** A defect of the server: what was thrown, and the first line of Socketz's own code in its stack trace. */
    public static String ofDefect(Throwable e) {
        String place = Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("io.socketz."))
                .findFirst()
                .map(frame -> " at " + frame)
                .orElse("");
        return "internal error: " + e + place;
    }
}
