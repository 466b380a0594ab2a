package io.socketz.protocol.reply;

import java.util.List;

/** Takes a reply that is to be shown to a person: {@link Reply#show}. */
public interface ReplyDisplay {
    /** A line, without its end, as the server sent it: it may contain anything except LF. */
    void line(Tone tone, String line);

    /** The addresses of clients, in the order in which they joined. */
    void clients(List<String> addresses);

    /** A record that is a reply of its own. */
    void record(ReplyRecord record);

    /**
     * Records of one kind.
     *
     * @param header the line, without its end, that came before them: it may contain anything except LF
     */
    void block(String header, List<? extends ReplyRecord> records);
}
