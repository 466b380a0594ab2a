package io.socketz.client.bench;

import java.util.regex.Pattern;

/**
 * Counts the replies on one connection by their line ends; decodes nothing. A reply is a fixed number of lines, or one
 * line that is an error. An event of Socketz, which may come between two replies, is none. Owned by one thread.
 *
 * <pre>{@code
 *   GREETING --a number of lines, or one known greeting--> REPLIES
 * }</pre>
 */
final class ReplyCounter {
    /** The first line is a greeting if {@link #isGreeting} knows it, and else the first line of a reply. */
    static final int AUTO = -1;

    private static final Pattern EVENT = Pattern.compile("event [0-9]+ [a-z].*");

    private final int lines;
    private final ErrorLines errors;

    /** Lines left of the greeting, or {@link #AUTO}. */
    private int greeting;

    /** Lines left of the current reply. */
    private int left;

    /** Whether the next byte begins a line. */
    private boolean atStart = true;

    /** Whether to keep the current line for a check at its end. */
    private boolean kept;

    private final byte[] line = new byte[ErrorLines.MAX_LENGTH];
    private int length;

    ReplyCounter(int lines, int greeting, ErrorLines errors) {
        this.lines = lines;
        this.left = lines;
        this.greeting = greeting;
        this.errors = errors;
    }

    /** Returns how many replies end in {@code buffer[from, to)}, the next bytes of the connection. */
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
        if (kept && greeting == 0 && isEvent(line, length)) {
            return 0;
        }
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

    /** {@code event 1843 join id=...}, or a message, which any client may get. */
    private static boolean isEvent(byte[] line, int length) {
        return line[0] == 'e' && EVENT.matcher(ErrorLines.text(line, length)).matches();
    }

    /**
     * Socketz lists its commands, NATS sends an object; for other greetings, the user must give the number of lines.
     */
    private static boolean isGreeting(String line) {
        return line.startsWith("use '") || line.startsWith("INFO {");
    }
}
