package io.socketz.protocol.request;

import io.socketz.protocol.reply.Reply;
import java.nio.charset.StandardCharsets;

/**
 * A request for a command of the table; {@link CommandRow#command} makes one.
 *
 * @param row of the table that the command is in
 * @param text what follows the words of the row: at most {@value #MAX_TEXT_BYTES} bytes of UTF-8, without blanks at
 *     either end and without control characters, tabs included; empty if nothing follows
 */
public record Command(CommandRow row, String text) implements Request {
    /** Longest text, in bytes of UTF-8: a reply that repeats it still fits into a line of a reply. */
    public static final int MAX_TEXT_BYTES = 1000;

    /**
     * Checks the text, so that the line of a command is always read back as that command.
     *
     * @throws BadArgumentException if the row takes arguments, but not these
     * @throws IllegalArgumentException if this is no text that the row takes
     */
    public Command {
        row.check(text);
    }

    /** The arguments in the text, by their names in the syntax of the row. */
    public CommandArguments arguments() {
        return row.arguments(text);
    }

    /** This command as a person types it: {@code WHO FRESH}, {@code PING hello}, {@code WHO LONG LIMIT 5}. */
    public String line() {
        return text.isEmpty() ? row.words() : row.words() + " " + text;
    }

    /** The line that a client sends for this command, in UTF-8, with its LF. */
    public byte[] toBytes() {
        return (line() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <C> void dispatch(Handler<C> handler, C client) {
        handler.onCommand(this, client);
    }

    @Override
    public int replyCount() {
        return row.replies().size();
    }

    @Override
    public boolean admits(Reply reply, int place) {
        return row.replyType(place, text).admits(reply);
    }

    @Override
    public boolean endsConnection() {
        return row.endsConnection();
    }

    @Override
    public boolean asksFor(CommandRow asked) {
        return row == asked;
    }
}
