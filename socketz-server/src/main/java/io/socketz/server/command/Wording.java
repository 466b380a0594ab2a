package io.socketz.server.command;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.CommandTable;
import java.nio.charset.StandardCharsets;

/**
 * What a server understands, and what it says beside its answers.
 *
 * @param commands all that are answered, the built-in ones among them
 * @param greeting the first line of a session
 * @param usage what follows {@code invalid command: }
 * @param maxLineLength longest request, in bytes
 */
public record Wording(CommandTable commands, String greeting, String usage, int maxLineLength) {
    private static final int MAX_USAGE_BYTES = 1000;

    /**
     * Checks the texts.
     *
     * @throws IllegalArgumentException if one is not what {@link #isGreeting} and {@link #isUsage} admit
     */
    public Wording {
        if (!isUsage(usage)) {
            throw new IllegalArgumentException("not a usage line of at most " + MAX_USAGE_BYTES + " bytes");
        }
        if (!isGreeting(greeting)) {
            throw new IllegalArgumentException("not a greeting of one line");
        }
    }

    /** Whether this can be a greeting: a reply of one line, which begins neither as a block nor as an event. */
    public static boolean isGreeting(String line) {
        return Reply.Line.isLine(line);
    }

    /** Whether this can be a usage line: 1 to 1,000 bytes of UTF-8 without control characters. */
    public static boolean isUsage(String line) {
        return !line.isEmpty()
                && Reply.fitsALine(line)
                && line.getBytes(StandardCharsets.UTF_8).length <= MAX_USAGE_BYTES;
    }

    byte[] greetingBytes() {
        return (greeting + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
