package io.socketz.protocol.request;

import java.nio.charset.StandardCharsets;

/** Tells what a line asks for (docs/protocol.md, Requests). Without state. */
public final class RequestParser {
    private static final Verb[] VERBS = Verb.values();

    private RequestParser() {}

    /** The request in a line as it is typed, without its end; it goes over the wire in UTF-8. */
    public static Request parse(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length);
    }

    /**
     * The request in {@code buffer[from, to)}, a line without its end. Words may be in any case; blanks, that is
     * spaces and tabs, separate words and mean nothing at either end.
     */
    public static Request parse(byte[] buffer, int from, int to) {
        int start = Word.begin(buffer, from, to);
        if (start == to) {
            return Request.Empty.INSTANCE;
        }
        int end = Word.end(buffer, start, to);
        long packed = Word.pack(buffer, start, end);
        for (Verb verb : VERBS) {
            if (verb.is(packed, end - start)) {
                return verb.read(buffer, end, to);
            }
        }
        return Request.Invalid.INSTANCE;
    }
}
