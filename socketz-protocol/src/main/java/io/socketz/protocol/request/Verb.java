package io.socketz.protocol.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The command table: the one place that says which commands there are, in the order in which they are shown, how many
 * arguments each takes, and what it does. Parser, usage line, completion and the table of docs/protocol.md are made
 * from it or checked against it.
 */
public enum Verb {
    /** Asks why. */
    WHY(0, "the answer to everything", new Command.Why()),
    /** Asks who is connected. */
    WHO(0, "all clients of all servers, in the order they joined, and how many they are", new Command.Who()),
    /** Asks which server this is. */
    WHERE(0, "the server's id, a UUID new at every start", new Command.Where()),
    /** Ends the session. */
    QUIT(0, "closes the connection, after everything before it was answered", new Command.Quit());

    /** What a server understands: {@code use 'WHY', 'WHO', 'WHERE', 'QUIT'}. */
    public static final String USAGE =
            Arrays.stream(values()).map(verb -> "'" + verb + "'").collect(Collectors.joining(", ", "use ", ""));

    /** Longest verb, in letters: one is compared as a single {@code long}. */
    static final int MAX_LENGTH = Long.BYTES;

    private final int maxArguments;
    private final String help;
    private final Command command;
    private final int length;
    private final long word;

    Verb(int maxArguments, String help, Command command) {
        byte[] name = name().getBytes(StandardCharsets.US_ASCII);
        this.maxArguments = maxArguments;
        this.help = help;
        this.command = command;
        this.length = name.length;
        this.word = word(name, 0, name.length);
    }

    /** Most words that may follow the verb; 0 or more. */
    public int maxArguments() {
        return maxArguments;
    }

    /** What the command does, in a few words. */
    public String help() {
        return help;
    }

    /** The command that this verb alone, without arguments, stands for. */
    public Command command() {
        return command;
    }

    /**
     * Whether this is the verb of {@code length} bytes that {@link #word} packed into {@code word}. The length counts:
     * leading NUL bytes do not show in a packed word.
     */
    boolean is(long word, int length) {
        return this.word == word && this.length == length;
    }

    /** Packs bytes into a long, letters in upper case; of more than {@link #MAX_LENGTH}, the last ones. */
    static long word(byte[] bytes, int from, int to) {
        long word = 0;
        for (int i = from; i < to; i++) {
            // Without bit 5 'w' is 'W', and nothing else is: no other byte turns into a letter.
            word = (word << Byte.SIZE) | (bytes[i] & 0xDF);
        }
        return word;
    }
}
