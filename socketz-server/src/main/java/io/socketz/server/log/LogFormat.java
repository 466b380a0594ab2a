package io.socketz.server.log;

import io.socketz.protocol.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How a line of the log looks. */
public enum LogFormat {
    /** The message alone, as the original server prints it. */
    PLAIN {
        @Override
        String line(LogEntry entry) {
            return printable(entry.message());
        }
    },
    /** Time, level, server and message, with a blank between them. */
    TEXT {
        @Override
        String line(LogEntry entry) {
            return time(entry) + " " + entry.level().text() + " " + word(entry.server()) + " "
                    + printable(entry.message());
        }
    },
    /** The message after its priority (sd-daemon(3)): journald adds the time and the name of the unit itself. */
    JOURNAL {
        @Override
        String line(LogEntry entry) {
            return "<" + entry.level().priority() + ">" + printable(entry.message());
        }
    },
    /** An object with all that is known, in US-ASCII. */
    JSON {
        @Override
        String line(LogEntry entry) {
            JsonObject json = new JsonObject();
            json.text("time", time(entry));
            json.text("level", entry.level().text());
            if (!entry.server().isEmpty()) {
                json.text("server", entry.server());
            }
            json.text("event", entry.event().text());
            entry.fields().accept(json);
            json.text("message", entry.message());
            return json.toString();
        }
    };

    /** RFC 3339, with milliseconds. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final String UNKNOWN_SERVER = "-";

    /** As {@code --log-format} names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract String line(LogEntry entry);

    private static String time(LogEntry entry) {
        return TIME.format(Instant.ofEpochMilli(entry.timeMillis()));
    }

    private static String word(String server) {
        return server.isEmpty() ? UNKNOWN_SERVER : printable(server).replace(' ', '_');
    }

    /** In one line, which does nothing to a terminal, whatever others have written. */
    private static String printable(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            return text;
        }
        return text.codePoints()
                .map(c -> isPrintable(c) ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT, // such as those that change the direction of writing
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
