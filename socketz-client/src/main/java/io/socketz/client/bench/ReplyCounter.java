package io.socketz.client.bench;

/**
 * Counts the replies on one connection by their line ends; nothing is decoded. A reply is so many lines, or one that is
 * an error. Owned by one thread.
 *
 * <pre>{@code
 *   GREETING --so many lines, or one that is known for a greeting--> REPLIES
 * }</pre>
 */
final class ReplyCounter {
    /** The first line is a greeting if it is one of {@link #isGreeting}, and else the first of a reply. */
    static final int AUTO = -1;

    private final int lines;
    private final ErrorLines errors;

    /** Lines of the greeting to come, or {@link #AUTO}. */
    private int greeting;

    /** Lines of the current reply to come. */
    private int left;

    /** Whether the next byte begins a line. */
    private boolean atStart = true;

    /** Whether the current line is kept to be looked at when it ends. */
    private boolean kept;

    private final byte[] line = new byte[ErrorLines.MAX_LENGTH];
    private int length;

    ReplyCounter(int lines, int greeting, ErrorLines errors) {
        this.lines = lines;
        this.left = lines;
        this.greeting = greeting;
        this.errors = errors;
    }

    /** How many replies end in {@code buffer[from, to)}, the next bytes of the connection. */
    int count(byte[] buffer, int from, int to) {
        int replies = 0;
        int i = from;
        while (i < to) {
            if (atStart) {
                atStart = false;
                length = 0;
                kept = greeting != 0 || (left == lines && ErrorLines.isSuspect(buffer[i]));
            }
            int end = Newlines.find(buffer, i, to);
            if (kept) {
                keep(buffer, i, end < 0 ? to : end);
            }
            if (end < 0) {
                break;
            }
            atStart = true;
            replies += onLine();
            i = end + 1;
        }
        return replies;
    }

    private void keep(byte[] buffer, int from, int to) {
        int taken = Math.min(to - from, line.length - length);
        System.arraycopy(buffer, from, line, length, taken);
        length += taken;
    }

    private int onLine() {
        if (kept && errors.take(line, length)) {
            greeting = 0;
            left = lines;
            return 1;
        }
        if (greeting > 0) {
            greeting--;
            return 0;
        }
        if (greeting == AUTO) {
            greeting = 0;
            if (isGreeting(ErrorLines.text(line, length))) {
                return 0;
            }
        }
        if (--left > 0) {
            return 0;
        }
        left = lines;
        return 1;
    }

    /** Socketz says what may be used, NATS sends an object; servers that greet otherwise need to be told of. */
    private static boolean isGreeting(String line) {
        return line.startsWith("use '") || line.startsWith("INFO {");
    }
}
