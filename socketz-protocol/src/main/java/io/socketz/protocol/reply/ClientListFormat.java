package io.socketz.protocol.reply;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The two lines that answer {@code WHO}, written to bytes and parsed from text. A list may hold a million clients. */
final class ClientListFormat {
    static final String LIST_PREFIX = "client list: {";
    static final String COUNT_PREFIX = "connected clients: ";

    private static final String LIST_SUFFIX = "}";
    private static final String SEPARATOR = ", ";

    private ClientListFormat() {}

    static byte[] format(List<String> clients) {
        byte[] end = (LIST_SUFFIX + "\n" + COUNT_PREFIX + clients.size() + "\n").getBytes(StandardCharsets.US_ASCII);
        long size = (long) LIST_PREFIX.length() + end.length;
        for (String client : clients) {
            size += client.length() + 2 + SEPARATOR.length();
        }
        if (!clients.isEmpty()) {
            size -= SEPARATOR.length();
        }
        byte[] bytes = new byte[Math.toIntExact(size)];
        int at = put(LIST_PREFIX, bytes, 0);
        boolean first = true;
        for (String client : clients) {
            if (!first) {
                at = put(SEPARATOR, bytes, at);
            }
            first = false;
            bytes[at++] = '\'';
            at = put(client, bytes, at);
            bytes[at++] = '\'';
        }
        System.arraycopy(end, 0, bytes, at, end.length);
        return bytes;
    }

    /** Copies US-ASCII without a temporary array; only this deprecated method can do that. */
    @SuppressWarnings("deprecation")
    private static int put(String ascii, byte[] bytes, int at) {
        ascii.getBytes(0, ascii.length(), bytes, at);
        return at + ascii.length();
    }

    /**
     * Reads the first line.
     *
     * @throws MalformedReplyException if it is not as {@link #format} writes it
     */
    static List<String> parseList(String line) {
        if (!line.endsWith(LIST_SUFFIX)) {
            throw new MalformedReplyException("a client list without its end");
        }
        List<String> clients = new ArrayList<>();
        int at = LIST_PREFIX.length();
        int end = line.length() - LIST_SUFFIX.length();
        while (at < end) {
            if (!clients.isEmpty()) {
                if (!line.startsWith(SEPARATOR, at)) {
                    throw new MalformedReplyException("a client list without a separator at " + at);
                }
                at += SEPARATOR.length();
            }
            int quote = line.indexOf('\'', at + 1);
            if (line.charAt(at) != '\'' || quote <= at + 1) {
                throw new MalformedReplyException("a client list without a quote at " + at);
            }
            clients.add(line.substring(at + 1, quote));
            at = quote + 1;
        }
        return Collections.unmodifiableList(clients);
    }

    /**
     * Reads the second line.
     *
     * @throws MalformedReplyException if it is not as {@link #format} writes it for {@code count} clients
     */
    static void checkCount(String line, int count) {
        if (!line.equals(COUNT_PREFIX + count)) {
            throw new MalformedReplyException("a client list of " + count + " is not followed by that number");
        }
    }
}
