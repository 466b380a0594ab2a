package io.socketz.client.console;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDisplay;
import io.socketz.protocol.reply.ReplyRecord;
import io.socketz.protocol.reply.Tone;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Replies as the server sent them, line by line, fit for a terminal. */
public final class ReplyText implements ReplyDisplay {
    private final List<String> lines;
    private final BiFunction<Tone, String, String> ink;

    /**
     * A display that adds lines to {@code lines}.
     *
     * @param ink colours a line
     */
    public ReplyText(List<String> lines, BiFunction<Tone, String, String> ink) {
        this.lines = lines;
        this.ink = ink;
    }

    /** The lines of a reply, without colours. */
    public static List<String> lines(Reply reply) {
        List<String> lines = new ArrayList<>();
        reply.show(new ReplyText(lines, (tone, line) -> line));
        return lines;
    }

    @Override
    public void line(Tone tone, String line) {
        lines.add(ink.apply(tone, Printable.of(line)));
    }

    @Override
    public void clients(List<String> addresses) {
        // The format takes US-ASCII alone, and a server may have sent anything.
        List<String> printable = addresses.stream().map(Printable::ascii).toList();
        String text = new String(new Reply.ClientList(printable).toBytes(), StandardCharsets.US_ASCII);
        text.lines().forEach(line -> line(Tone.PLAIN, line));
    }

    @Override
    public void record(ReplyRecord record) {
        line(Tone.PLAIN, record.line());
    }

    @Override
    public void block(String header, List<? extends ReplyRecord> records) {
        line(Tone.PLAIN, header);
        records.forEach(this::record);
    }
}
