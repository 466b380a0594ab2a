package io.socketz.protocol.reply;

/**
 * Answers {@code WATCH SINCE 1842} if all events since then are known: {@code watching since revision 1842}. They follow.
 *
 * @param revision 0 or more
 */
public record Watching(long revision) implements Reply.OneLine {
    private static final String PREFIX = "watching since revision ";

    /**
     * Checks the revision.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Watching {
        FreshnessFormat.check(revision);
    }

    static boolean isWatching(String line) {
        return line.startsWith(PREFIX);
    }

    static Watching parse(String line) {
        return new Watching(BlockFormat.number(line.substring(PREFIX.length())));
    }

    @Override
    public ReplyType type() {
        return ReplyType.WATCHING;
    }

    @Override
    public String line() {
        return PREFIX + revision;
    }

    @Override
    public Tone tone() {
        return Tone.REMARK;
    }

    @Override
    public void describe(ReplyFields fields) {
        fields.flag("watching", true);
        fields.number("revision", revision);
    }
}
