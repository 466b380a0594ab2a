package io.socketz.server;

import java.util.Arrays;

/** Defects in one line: what was thrown, and the first place of ours that it came from. */
final class Defects {
    private Defects() {}

    static String describe(Throwable e) {
        String place = Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("io.socketz."))
                .findFirst()
                .map(frame -> " at " + frame)
                .orElse("");
        return "internal error: " + e + place;
    }
}
