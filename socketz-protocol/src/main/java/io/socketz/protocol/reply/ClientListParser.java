package io.socketz.protocol.reply;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the two lines that answer {@code WHO}. */
final class ClientListParser implements ReplyParser {
    /** Null until the first line has come. */
    private @Nullable List<String> clients;

    @Override
    public @Nullable Reply onLine(String line) {
        if (clients == null) {
            clients = ClientListFormat.parseList(line);
            return null;
        }
        ClientListFormat.checkCount(line, clients.size());
        return new Reply.ClientList(clients);
    }
}
