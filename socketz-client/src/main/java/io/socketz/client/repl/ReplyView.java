package io.socketz.client.repl;

import io.socketz.client.console.ReplyText;
import io.socketz.client.console.WhoTable;
import io.socketz.protocol.reply.Reply;
import java.util.ArrayList;
import java.util.List;

/** How replies look at the prompt. Owned by the thread that reads the lines. */
final class ReplyView {
    /** Of a list, so much is shown: more has scrolled by before anybody reads it. */
    static final int MOST_SCREENS = 10;

    private static final String REST = "/plain shows all";

    private final Inks inks;

    /** Whether a list is shown as the server sent it. */
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
        for (Reply reply : replies) {
            if (reply instanceof Reply.ClientList list && !plain) {
                lines.addAll(new WhoTable(list.clients(), columns, mostRows, own).lines(inks::own, REST));
                lines.add("connected clients: " + list.clients().size());
            } else {
                ReplyText.lines(reply).forEach(line -> lines.add(ink(reply, line)));
            }
        }
        return lines;
    }

    private String ink(Reply reply, String line) {
        if (ReplyText.isError(reply)) {
            return inks.error(line);
        }
        if (reply instanceof Reply.ServerId) {
            return inks.id(line);
        }
        return reply instanceof Reply.Stale ? inks.event(line) : reply instanceof Reply.Fresh ? inks.aside(line) : line;
    }
}
