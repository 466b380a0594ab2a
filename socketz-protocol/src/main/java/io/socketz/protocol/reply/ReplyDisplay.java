package io.socketz.protocol.reply;

import java.util.List;

/** Where a reply shows itself to a person: {@link Reply#show}. */
public interface ReplyDisplay {
    /** A line, without its end. It is as a server sent it, which may be anything. */
    void line(Tone tone, String line);

    /** The addresses of clients, in the order in which they joined. */
    void clients(List<String> addresses);
}
