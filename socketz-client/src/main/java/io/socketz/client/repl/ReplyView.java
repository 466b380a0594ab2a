package io.socketz.client.repl;

import io.socketz.client.console.Printable;
import io.socketz.client.console.RecordTable;
import io.socketz.client.console.ReplyText;
import io.socketz.client.console.WhoTable;
import io.socketz.protocol.reply.CommandRecord;
import io.socketz.protocol.reply.LineRecord;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDisplay;
import io.socketz.protocol.reply.ReplyRecord;
import io.socketz.protocol.reply.Tone;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/** How replies look at the prompt. Owned by the thread that reads the lines. */
final class ReplyView {
    /** Screens of a list that are shown: more would scroll by before anybody could read it. */
    static final int MOST_SCREENS = 10;

    private static final String REST = "/plain shows all";

    private final Inks inks;

    /** Whether everything is shown as the server sent it. */
    private boolean plain;

    ReplyView(Inks inks, boolean plain) {
        this.inks = inks;
        this.plain = plain;
    }

    void plain(boolean plain) {
        this.plain = plain;
    }

    /**
     * The lines to show.
     *
     * @param columns of the window
     * @param mostRows of a list
     * @param own the address of the person at this end; empty if it is not known
     */
    List<String> lines(List<Reply> replies, int columns, int mostRows, String own) {
        List<String> lines = new ArrayList<>();
        ReplyText text = new ReplyText(lines, this::ink);
        ReplyDisplay display = plain ? text : new Tables(text, lines, columns, mostRows, own);
        replies.forEach(reply -> reply.show(display));
        return lines;
    }

    private String ink(Tone tone, String line) {
        return switch (tone) {
            case PLAIN -> line;
            case IDENTITY -> inks.id(line);
            case REMARK -> inks.aside(line);
            case WARNING -> inks.event(line);
            case ERROR -> inks.error(line);
        };
    }

    /** Shows lists of clients and records as tables, commands as help does, and everything else as it came. */
    private final class Tables implements ReplyDisplay {
        private final ReplyText text;
        private final List<String> lines;
        private final int columns;
        private final int mostRows;
        private final String own;

        private Tables(ReplyText text, List<String> lines, int columns, int mostRows, String own) {
            this.text = text;
            this.lines = lines;
            this.columns = columns;
            this.mostRows = mostRows;
            this.own = own;
        }

        @Override
        public void line(Tone tone, String line) {
            text.line(tone, line);
        }

        @Override
        public void clients(List<String> addresses) {
            lines.addAll(new WhoTable(addresses, columns, mostRows, own).lines(inks::own, REST));
            lines.add("connected clients: " + addresses.size());
        }

        @Override
        public void record(ReplyRecord record) {
            lines.addAll(RecordTable.fields(record));
        }

        @Override
        public void block(String header, List<? extends ReplyRecord> records) {
            if (records.stream().allMatch(LineRecord.class::isInstance)) {
                text.block(header, records);
            } else if (records.stream().allMatch(CommandRecord.class::isInstance)) {
                records.forEach(each -> command((CommandRecord) each));
            } else {
                lines.addAll(new RecordTable(records, columns, mostRows, own, ZonedDateTime.now(ZoneId.systemDefault()))
                        .lines(inks::own, inks::aside, REST));
                text.line(Tone.PLAIN, header);
            }
        }

        private void command(CommandRecord command) {
            lines.addAll(Help.entry(Printable.of(command.syntax()), Printable.of(command.help()), columns));
        }
    }
}
