package io.socketz.client.bench;

import java.util.Locale;

/** Formats times for people. */
final class Times {
    private Times() {}

    /** About three digits and a unit: {@code 81.2 us}, {@code 1.25 ms}, {@code 3.00 s}. */
    static String text(double nanoseconds) {
        if (nanoseconds < 1e6) {
            return digits(nanoseconds / 1e3) + " us";
        }
        return nanoseconds < 1e9 ? digits(nanoseconds / 1e6) + " ms" : digits(nanoseconds / 1e9) + " s";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
