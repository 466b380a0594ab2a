package io.socketz.protocol.reply;

import io.socketz.protocol.request.Verb;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a server sends (docs/protocol.md, Replies). A reply is one line, or a block whose number of lines its first
 * line settles; every line ends with LF.
 */
public sealed interface Reply {
    /** This reply as it goes over the wire, in UTF-8, with the LF of its last line. */
    byte[] toBytes();

    /** The first line of a session: {@code use 'WHY', 'WHO', 'WHERE', 'QUIT'}. */
    record Greeting() implements Reply {
        @Override
        public byte[] toBytes() {
            return line(Verb.USAGE);
        }
    }

    /** Answers {@code WHY}: {@code 42}. */
    record Answer() implements Reply {
        static final String TEXT = "42";

        @Override
        public byte[] toBytes() {
            return line(TEXT);
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
        public byte[] toBytes() {
            return ClientListFormat.format(clients);
        }
    }

    /**
     * Answers {@code WHERE}: the UUID in its usual form, as {@code 08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a}.
     *
     * @param id the server's id, new at every start of it
     */
    record ServerId(UUID id) implements Reply {
        @Override
        public byte[] toBytes() {
            return line(id.toString());
        }
    }

    /** Answers what is no command: {@code invalid command: use 'WHY', 'WHO', 'WHERE', 'QUIT'}. */
    record InvalidCommand() implements Reply {
        static final String PREFIX = "invalid command: ";

        @Override
        public byte[] toBytes() {
            return line(PREFIX + Verb.USAGE);
        }
    }

    /**
     * Says what went wrong: {@code error LINE_TOO_LONG max 1024 bytes}.
     *
     * @param code a capital, then capitals, digits and underscores
     * @param text the rest of the line, for people; without control characters, and perhaps empty
     */
    record Failure(String code, String text) implements Reply {
        static final String PREFIX = "error ";

        private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]*");

        /**
         * Checks the parts.
         *
         * @throws IllegalArgumentException if they do not make one line of that form
         */
        public Failure {
            if (!CODE.matcher(code).matches() || text.chars().anyMatch(Character::isISOControl)) {
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
        public byte[] toBytes() {
            return line(text.isEmpty() ? PREFIX + code : PREFIX + code + " " + text);
        }
    }

    /**
     * The line behind the {@link ClientList} that answers {@code WHO FRESH}: how that list stands to the moment of asking.
     * A reply of its own, so that a stream can be read without knowing what was asked.
     */
    sealed interface Freshness extends Reply {
        /** The revision at which the list was exact; 0 or more. */
        long revision();
    }

    /**
     * The list is at least as new as the question: {@code fresh at revision 1842}.
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
        public byte[] toBytes() {
            return line(FreshnessFormat.format(this));
        }
    }

    /**
     * A list that new was not to be had in time: {@code stale by 12.3 s at revision 1842}.
     *
     * @param age how long ago the list was last known to be the truth. Rounded up to a tenth of a second, so that it never
     *     shows less than the truth; 2<sup>63</sup> - 1 s at most
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
        public byte[] toBytes() {
            return line(FreshnessFormat.format(this));
        }
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
