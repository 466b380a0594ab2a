package io.socketz.protocol.reply;

import java.util.regex.Pattern;

/**
 * Answers {@code WHO COUNT}: {@code connected clients: 2}, as the second line of {@code WHO} does.
 *
 * @param count 0 or more
 */
public record ClientCount(long count) implements Reply.OneLine {
    private static final Pattern FORM = Pattern.compile(ClientListFormat.COUNT_PREFIX + "(?:0|[1-9][0-9]{0,17})");

    /**
     * Checks the count.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ClientCount {
        if (count < 0) {
            throw new IllegalArgumentException("a negative count");
        }
    }

    static boolean isCount(String line) {
        return FORM.matcher(line).matches();
    }

    static ClientCount parse(String line) {
        return new ClientCount(Long.parseLong(line.substring(ClientListFormat.COUNT_PREFIX.length())));
    }

    @Override
    public ReplyType type() {
        return ReplyType.CLIENT_COUNT;
    }

    @Override
    public String line() {
        return ClientListFormat.COUNT_PREFIX + count;
    }

    @Override
    public Tone tone() {
        return Tone.PLAIN;
    }

    @Override
    public void describe(ReplyFields fields) {
        fields.number("count", count);
    }
}
