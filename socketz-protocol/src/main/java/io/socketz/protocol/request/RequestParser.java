package io.socketz.protocol.request;

/** Tells what a line asks for (docs/protocol.md, Requests). Without state. */
public final class RequestParser {
    private static final Verb[] VERBS = Verb.values();

    private RequestParser() {}

    /**
     * The request in {@code buffer[from, to)}, a line without its end. The verb may be in any case; blanks, that is
     * spaces and tabs, separate words and mean nothing at either end.
     */
    public static Request parse(byte[] buffer, int from, int to) {
        int start = skipBlanks(buffer, from, to);
        if (start == to) {
            return Request.Empty.INSTANCE;
        }
        int end = skipWord(buffer, start, to);
        long word = Verb.word(buffer, start, end);
        for (Verb verb : VERBS) {
            if (verb.is(word, end - start)) {
                return countWords(buffer, end, to) <= verb.maxArguments() ? verb.command() : Request.Invalid.INSTANCE;
            }
        }
        return Request.Invalid.INSTANCE;
    }

    private static int countWords(byte[] buffer, int from, int to) {
        int count = 0;
        for (int i = skipBlanks(buffer, from, to); i < to; i = skipBlanks(buffer, skipWord(buffer, i, to), to)) {
            count++;
        }
        return count;
    }

    private static int skipBlanks(byte[] buffer, int from, int to) {
        int i = from;
        while (i < to && isBlank(buffer[i])) {
            i++;
        }
        return i;
    }

    private static int skipWord(byte[] buffer, int from, int to) {
        int i = from;
        while (i < to && !isBlank(buffer[i])) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
