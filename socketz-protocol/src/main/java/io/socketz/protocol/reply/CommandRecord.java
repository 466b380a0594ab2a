package io.socketz.protocol.reply;

/**
 * A command of a server: {@code WHO FRESH - the same, at least as new as the question}. It is a line of the answer to
 * {@code HELP}.
 *
 * @param syntax how the command is written; without {@code " - "} in it
 * @param help what it does; perhaps empty
 */
public record CommandRecord(String syntax, String help) implements ReplyRecord {
    private static final String SEPARATOR = " - ";

    /**
     * Checks that the line can be read back.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public CommandRecord {
        if (syntax.isEmpty() || syntax.contains(SEPARATOR) || !LineFormat.fits(syntax + SEPARATOR + help)) {
            throw new IllegalArgumentException("not a line about a command");
        }
    }

    static CommandRecord parse(String line) {
        int separator = line.indexOf(SEPARATOR);
        if (separator < 1 || !LineFormat.fits(line)) {
            throw new MalformedReplyException("a line about a command without its parts");
        }
        return new CommandRecord(line.substring(0, separator), line.substring(separator + SEPARATOR.length()));
    }

    @Override
    public void write(RecordBytes bytes) {
        bytes.text(line());
    }

    @Override
    public String line() {
        return syntax + SEPARATOR + help;
    }

    @Override
    public void describe(ReplyFields fields) {
        fields.text("syntax", syntax);
        fields.text("help", help);
    }
}
