package io.socketz.server;

import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.LineRecord;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyType;
import java.util.List;

/**
 * The answer to a command of the program that embeds a server: a line, a block or an error. It is encoded once, however
 * often it is given: a constant answer costs no more than {@code WHY}. Immutable.
 */
public final class CommandReply {
    private final Reply reply;
    private final byte[] bytes;

    private CommandReply(Reply reply) {
        this.reply = reply;
        this.bytes = reply.toBytes();
    }

    /**
     * A line.
     *
     * @param line 1 to 1,024 bytes of UTF-8 without control characters, which begin neither with a number and a blank nor
     *     with {@code event} and a blank: see {@link Reply.Line}
     * @throws IllegalArgumentException if it does not have this form
     */
    public static CommandReply line(String line) {
        return of(new Reply.Line(line));
    }

    /**
     * A block: a first line, {@code 2 rooms}, and the lines.
     *
     * @param title what follows the number: a word of small letters, and perhaps more
     * @param lines each at most 1,024 bytes of UTF-8 without control characters; readers take a million of them
     * @throws IllegalArgumentException if one does not have this form
     */
    public static CommandReply block(String title, List<String> lines) {
        return of(new Block.Lines(title, lines.stream().map(LineRecord::new).toList()));
    }

    /**
     * An error line: {@code error NO_ROOM expected one that ROOMS shows}. Any command may be answered with one.
     *
     * @param code a capital, then capitals, digits and underscores
     * @param text what was expected, for people; without control characters, and perhaps empty
     * @throws IllegalArgumentException if one does not have this form, or both are longer than a line
     */
    public static CommandReply error(String code, String text) {
        Reply.Failure failure = new Reply.Failure(code, text);
        if (!Reply.fitsALine(failure.line())) {
            throw new IllegalArgumentException("an error that is longer than a line");
        }
        return of(failure);
    }

    /**
     * A reply of any other type, such as one of the built-in ones.
     *
     * @throws IllegalArgumentException if it is of one line, which has more than 1,024 bytes or control characters
     */
    public static CommandReply of(Reply reply) {
        if (reply instanceof Reply.OneLine one && !Reply.fitsALine(one.line())) {
            throw new IllegalArgumentException("more than a line");
        }
        return new CommandReply(reply);
    }

    /** What kind of reply it is. */
    public ReplyType type() {
        return reply.type();
    }

    Reply reply() {
        return reply;
    }

    /** The reply as it goes over the wire. The array does not change. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return reply.toString();
    }
}
