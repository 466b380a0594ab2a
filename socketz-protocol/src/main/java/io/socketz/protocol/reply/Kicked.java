package io.socketz.protocol.reply;

import java.util.regex.Pattern;

/**
 * Answers {@code KICK}: {@code kicked 3 at revision 1842}.
 *
 * @param clients how many were disconnected; 0 or more
 * @param revision at which none of them was on the roster any more; 0 or more
 */
public record Kicked(long clients, long revision) implements Reply.OneLine {
    private static final String PREFIX = "kicked ";
    private static final String AT_REVISION = " at revision ";
    private static final String NUMBER = "(?:0|[1-9][0-9]{0,17})";
    private static final Pattern FORM = Pattern.compile(PREFIX + NUMBER + AT_REVISION + NUMBER);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public Kicked {
        FreshnessFormat.check(revision);
        if (clients < 0) {
            throw new IllegalArgumentException("a negative number of clients");
        }
    }

    static boolean isKicked(String line) {
        return FORM.matcher(line).matches();
    }

    static Kicked parse(String line) {
        int end = line.indexOf(AT_REVISION);
        return new Kicked(
                Long.parseLong(line.substring(PREFIX.length(), end)),
                Long.parseLong(line.substring(end + AT_REVISION.length())));
    }

    @Override
    public ReplyType type() {
        return ReplyType.KICKED;
    }

    @Override
    public String line() {
        return PREFIX + clients + AT_REVISION + revision;
    }

    @Override
    public Tone tone() {
        return Tone.PLAIN;
    }

    @Override
    public void describe(ReplyFields fields) {
        fields.number("kicked", clients);
        fields.number("revision", revision);
    }
}
