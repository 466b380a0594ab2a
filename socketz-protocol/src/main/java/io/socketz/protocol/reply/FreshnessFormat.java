package io.socketz.protocol.reply;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line that ends the answer to {@code WHO FRESH}, written to text and parsed from it. The locale does not matter. */
final class FreshnessFormat {
    private static final String AT_REVISION = " at revision ";

    static final String FRESH_PREFIX = "fresh" + AT_REVISION;
    static final String STALE_PREFIX = "stale by ";

    private static final int TENTH_NANOS = 100_000_000;
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE);

    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final Pattern FRESH = Pattern.compile(FRESH_PREFIX + NUMBER);
    private static final Pattern STALE = Pattern.compile(STALE_PREFIX + NUMBER + "\\.([0-9]) s at revision " + NUMBER);

    private static final Pattern SECONDS = Pattern.compile(NUMBER + "\\.([0-9])");

    private FreshnessFormat() {}

    static void check(long revision) {
        if (revision < 0) {
            throw new IllegalArgumentException("a negative revision");
        }
    }

    /** Rounds up to a tenth of a second, and to {@link #LONGEST} at most. */
    static Duration round(Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("a negative age");
        }
        if (age.compareTo(LONGEST) >= 0) {
            return LONGEST;
        }
        int tenths = (age.getNano() + TENTH_NANOS - 1) / TENTH_NANOS;
        return Duration.ofSeconds(age.getSeconds(), (long) tenths * TENTH_NANOS);
    }

    static String format(Reply.Fresh fresh) {
        return FRESH_PREFIX + fresh.revision();
    }

    static String format(Reply.Stale stale) {
        return STALE_PREFIX + seconds(stale.age()) + " s at revision " + stale.revision();
    }

    /** Writes a rounded age in seconds, with one decimal. */
    static String seconds(Duration age) {
        return age.getSeconds() + "." + age.getNano() / TENTH_NANOS;
    }

    /** Reads what {@link #seconds} writes. */
    static Duration parseSeconds(String text) {
        Matcher matcher = SECONDS.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no seconds with one decimal");
        }
        return Duration.ofSeconds(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)) * TENTH_NANOS);
    }

    /** What the first line of a block says instead of that line: {@code " fresh"} or {@code " stale by 12.3 s"}. */
    static String suffix(Reply.Freshness freshness) {
        String line = freshness.line();
        return " " + line.substring(0, line.indexOf(AT_REVISION));
    }

    /**
     * Reads a line that begins with one of the prefixes.
     *
     * @throws MalformedReplyException if it is not as {@link #format} writes it
     */
    static Reply.Freshness parse(String line) {
        try {
            Matcher fresh = FRESH.matcher(line);
            if (fresh.matches()) {
                return new Reply.Fresh(Long.parseLong(fresh.group(1)));
            }
            Matcher stale = STALE.matcher(line);
            if (stale.matches()) {
                long tenths = Long.parseLong(stale.group(2));
                Duration age = Duration.ofSeconds(Long.parseLong(stale.group(1)), tenths * TENTH_NANOS);
                return new Reply.Stale(age, Long.parseLong(stale.group(3)));
            }
        } catch (NumberFormatException e) {
            throw new MalformedReplyException("a line about freshness with a number that is too large");
        }
        throw new MalformedReplyException("a line about freshness that has another form");
    }
}
