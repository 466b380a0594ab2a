package io.socketz.protocol.reply;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a server sends (docs/protocol.md, Replies). The first line of a reply tells how many lines it has;
 * every line ends with LF. Each reply knows how it is written, how it is read ({@link #type}), what its fields are, and how
 * it is shown to a person.
 */
public sealed interface Reply permits Block, Reply.ClientList, Reply.OneLine {
    /** Longest line of a reply, except a list of clients, in bytes of UTF-8 without its LF (docs/protocol.md, Replies). */
    int MAX_LINE_BYTES = 1024;

    /** The type, which reads such a reply. */
    ReplyType type();

    /** This reply as it goes over the wire, in UTF-8, with the LF of its last line. */
    byte[] toBytes();

    /** Writes the content into {@code fields}, field by field. */
    void describe(ReplyFields fields);

    /** Shows this reply to a person. */
    void show(ReplyDisplay display);

    /** A reply of one line. */
    sealed interface OneLine extends Reply
            permits Answer,
                    AuditRecord,
                    ClientCount,
                    ClientRecord,
                    Event,
                    Failure,
                    Freshness,
                    Greeting,
                    InvalidCommand,
                    Kicked,
                    Line,
                    ServerId,
                    Watching {
        /** The line, without its end. */
        String line();

        /** What the line means to a person. */
        Tone tone();

        @Override
        default byte[] toBytes() {
            return (line() + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        default void show(ReplyDisplay display) {
            display.line(tone(), line());
        }
    }

    /**
     * The first line of a session: {@code use 'WHY', 'WHO', 'WHERE', 'QUIT'}.
     *
     * @param line begins with {@code use} and a blank
     */
    record Greeting(String line) implements OneLine {
        static final String PREFIX = "use ";

        @Override
        public ReplyType type() {
            return ReplyType.GREETING;
        }

        @Override
        public Tone tone() {
            return Tone.PLAIN;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.text("usage", line);
        }
    }

    /** Answers {@code WHY}: {@code 42}. */
    record Answer() implements OneLine {
        static final String TEXT = "42";

        @Override
        public ReplyType type() {
            return ReplyType.ANSWER;
        }

        @Override
        public String line() {
            return TEXT;
        }

        @Override
        public Tone tone() {
            return Tone.PLAIN;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.number("answer", 42);
        }
    }

    /**
     * Answers {@code WHO}, and begins the answer to {@code WHO FRESH}, with two lines: {@code client list: {'127.0.0.1:50814', '[2001:db8::1]:50812'}} and
     * {@code connected clients: 2}.
     *
     * @param clients {@code address:port} of each client, in the order in which they joined; US-ASCII
     */
    record ClientList(List<String> clients) implements Reply {
        @Override
        public ReplyType type() {
            return ReplyType.CLIENT_LIST;
        }

        @Override
        public byte[] toBytes() {
            return ClientListFormat.format(clients);
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.texts("clients", clients);
            fields.number("count", clients.size());
        }

        @Override
        public void show(ReplyDisplay display) {
            display.clients(clients);
        }
    }

    /**
     * Answers {@code WHERE}: the UUID in the form of RFC 9562, section 4, in lower case: {@code 08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a}.
     *
     * @param id the server's id, new each time the server starts
     */
    record ServerId(UUID id) implements OneLine {
        /** The form that {@link UUID#toString} writes. {@link UUID#fromString} also reads others, such as {@code 1-1-1-1-1}. */
        private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

        static boolean isId(String line) {
            return ID.matcher(line).matches();
        }

        static ServerId parse(String line) {
            return new ServerId(UUID.fromString(line));
        }

        @Override
        public ReplyType type() {
            return ReplyType.SERVER_ID;
        }

        @Override
        public String line() {
            return id.toString();
        }

        @Override
        public Tone tone() {
            return Tone.IDENTITY;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.text("id", id.toString());
        }
    }

    /**
     * Answers a line that is not a command: {@code invalid command: use 'WHY', 'WHO', 'WHERE', 'QUIT'}.
     *
     * @param usage what the server understands
     */
    record InvalidCommand(String usage) implements OneLine {
        static final String PREFIX = "invalid command: ";

        static InvalidCommand parse(String line) {
            return new InvalidCommand(line.substring(PREFIX.length()));
        }

        @Override
        public ReplyType type() {
            return ReplyType.INVALID_COMMAND;
        }

        @Override
        public String line() {
            return PREFIX + usage;
        }

        @Override
        public Tone tone() {
            return Tone.ERROR;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.text("error", "INVALID_COMMAND");
            fields.text("message", usage);
        }
    }

    /**
     * Says what went wrong: {@code error LINE_TOO_LONG max 1024 bytes}.
     *
     * @param code a capital, then capitals, digits and underscores
     * @param text the rest of the line, for people; without control characters, and perhaps empty
     */
    record Failure(String code, String text) implements OneLine {
        static final String PREFIX = "error ";

        private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]*");

        /**
         * Checks the parts.
         *
         * @throws IllegalArgumentException if code or text does not have this form
         */
        public Failure {
            if (!CODE.matcher(code).matches() || LineFormat.hasControls(text)) {
                throw new IllegalArgumentException("not an error code, or not a line of text");
            }
        }

        /** The request was longer than {@code maxLength} bytes. */
        public static Failure lineTooLong(int maxLength) {
            return new Failure("LINE_TOO_LONG", "max " + maxLength + " bytes");
        }

        static Failure parse(String line) {
            String[] parts = line.substring(PREFIX.length()).split(" ", 2);
            try {
                return new Failure(parts[0], parts.length == 1 ? "" : parts[1]);
            } catch (IllegalArgumentException e) {
                throw new MalformedReplyException("an error without a code");
            }
        }

        @Override
        public ReplyType type() {
            return ReplyType.FAILURE;
        }

        @Override
        public String line() {
            return text.isEmpty() ? PREFIX + code : PREFIX + code + " " + text;
        }

        @Override
        public Tone tone() {
            return Tone.ERROR;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.text("error", code);
            fields.text("message", text);
        }
    }

    /**
     * The line after the {@link ClientList} that answers {@code WHO FRESH}: how fresh that list is. It is a separate
     * reply, so that a client can read it without knowing the request.
     */
    sealed interface Freshness extends OneLine {
        /** The revision at which the list was exact; 0 or more. */
        long revision();

        @Override
        default ReplyType type() {
            return ReplyType.FRESHNESS;
        }
    }

    /**
     * The list is at least as new as the request: {@code fresh at revision 1842}.
     *
     * @param revision 0 or more
     */
    record Fresh(long revision) implements Freshness {
        /**
         * Checks the revision.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Fresh {
            FreshnessFormat.check(revision);
        }

        @Override
        public String line() {
            return FreshnessFormat.format(this);
        }

        @Override
        public Tone tone() {
            return Tone.REMARK;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.flag("fresh", true);
            fields.number("revision", revision);
        }
    }

    /**
     * No list that fresh was available in time: {@code stale by 12.3 s at revision 1842}.
     *
     * @param age the time since the list was last known to be true: 0 to 2<sup>63</sup> - 1 s. It is rounded up to a tenth
     *     of a second, so that it is never shown as less than it is
     * @param revision 0 or more
     */
    record Stale(Duration age, long revision) implements Freshness {
        /**
         * Rounds the age and checks both.
         *
         * @throws IllegalArgumentException if one is negative
         */
        public Stale {
            FreshnessFormat.check(revision);
            age = FreshnessFormat.round(age);
        }

        @Override
        public String line() {
            return FreshnessFormat.format(this);
        }

        @Override
        public Tone tone() {
            return Tone.WARNING;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.flag("fresh", false);
            fields.seconds("age", age);
            fields.number("revision", revision);
        }
    }

    /**
     * Answers a command whose reply has no type of its own: {@code PONG hello}. A line that looks like another reply of one
     * line, such as {@code 42}, is read back as that reply.
     *
     * @param line 1 to {@value #MAX_LINE_BYTES} bytes of UTF-8 without control characters. It does not begin with a number
     *     and a word, as a block does, with {@code event}, or as a list of clients does: a client would wait for more lines.
     *     Nor does it begin as another reply that it is not, such as {@code error occurred} or {@code fresh bread}
     */
    record Line(String line) implements OneLine {
        /**
         * Checks the line.
         *
         * @throws IllegalArgumentException if it does not have this form
         */
        public Line {
            if (!isLine(line)) {
                throw new IllegalArgumentException("not a reply of one line");
            }
        }

        /** Whether {@code line} has this form. */
        public static boolean isLine(String line) {
            return LineFormat.isLine(line);
        }

        @Override
        public ReplyType type() {
            return ReplyType.LINE;
        }

        @Override
        public Tone tone() {
            return Tone.PLAIN;
        }

        @Override
        public void describe(ReplyFields fields) {
            fields.text("line", line);
        }
    }

    /** Whether {@code line} has no control characters, and {@value #MAX_LINE_BYTES} bytes at most. */
    static boolean fitsALine(String line) {
        return LineFormat.fits(line);
    }
}
