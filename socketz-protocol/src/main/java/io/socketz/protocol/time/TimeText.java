package io.socketz.protocol.time;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A length of time as people write it in options, commands and requests: {@code 500ms}, {@code 1.5s},
 * {@code 1m30s}, {@code 2h}. Units are {@code h}, {@code m}, {@code s} and {@code ms}, the largest first; a number without
 * a unit is seconds. Each number has up to six digits before the point and six after it.
 */
public final class TimeText {
    private static final String NUMBER = "\\d{1,6}(?:\\.\\d{1,6})?";

    private static final Pattern ALONE = Pattern.compile(NUMBER);
    private static final Pattern WITH_UNITS =
            Pattern.compile(Arrays.stream(Unit.values()).map(Unit::pattern).collect(Collectors.joining()));

    /** The largest first, as in a time. */
    private enum Unit {
        H(3_600_000),
        M(60_000),
        S(1_000),
        MS(1);

        private final long millis;

        Unit(long millis) {
            this.millis = millis;
        }

        /** Optional: a number, in a group with the unit's name, and the unit. */
        private String pattern() {
            return "(?:(?<" + name() + ">" + NUMBER + ")" + name().toLowerCase(Locale.ROOT) + ")?";
        }

        private Duration of(String number) {
            // Exact: a millisecond has 1,000,000 nanoseconds, so six decimals are enough.
            return Duration.ofNanos(new BigDecimal(number)
                    .multiply(BigDecimal.valueOf(millis * 1_000_000))
                    .longValueExact());
        }
    }

    private TimeText() {}

    /**
     * Reads a time.
     *
     * @return zero or more, at most 115 years
     * @throws IllegalArgumentException if the text is not a time, with a message of one line for the user
     */
    public static Duration parse(String text) {
        if (ALONE.matcher(text).matches()) {
            return Unit.S.of(text);
        }
        Matcher matcher = WITH_UNITS.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a time like 500ms, 1.5s, 1m30s or 2h");
        }
        Duration sum = Duration.ZERO;
        for (Unit unit : Unit.values()) {
            String number = matcher.group(unit.name());
            if (number != null) {
                sum = sum.plus(unit.of(number));
            }
        }
        return sum;
    }

    /** Writes a time of zero or more so that {@link #parse} reads it back: {@code 1m30s}. Parts of a microsecond are dropped. */
    public static String format(Duration time) {
        StringBuilder out = new StringBuilder();
        append(out, time.toHours(), "h");
        append(out, time.toMinutesPart(), "m");
        append(out, time.toSecondsPart(), "s");
        BigDecimal millis = BigDecimal.valueOf(time.toNanosPart() / 1_000, 3);
        if (millis.signum() > 0) {
            out.append(millis.stripTrailingZeros().toPlainString()).append("ms");
        }
        return out.length() == 0 ? "0s" : out.toString();
    }

    private static void append(StringBuilder out, long number, String unit) {
        if (number > 0) {
            out.append(number).append(unit);
        }
    }
}
