package io.socketz.protocol.reply;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first lines of blocks, written and read; and whole blocks as bytes. */
final class BlockFormat {
    /** The most lines that a reader takes after the first one (docs/protocol.md, Replies). */
    static final int MAX_LINES = 1_000_000;

    static final String COMMANDS = " commands";
    static final String SERVERS = " servers";
    static final String CLIENTS_OF = " clients of ";
    static final String DEPARTURES = " departures";
    static final String AT_REVISION = " at revision ";

    /** About what a record takes. */
    private static final int RECORD_BYTES = 160;

    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final Pattern HEADER = Pattern.compile(NUMBER + " ([a-z]+(?: .*)?)", Pattern.DOTALL);
    private static final Pattern COMMANDS_HEADER = Pattern.compile(NUMBER + COMMANDS);
    private static final Pattern SERVERS_HEADER = Pattern.compile(NUMBER + SERVERS + AT_REVISION + NUMBER);
    private static final Pattern CLIENTS_HEADER =
            Pattern.compile(NUMBER + CLIENTS_OF + NUMBER + AT_REVISION + NUMBER + "( fresh| stale by .*)?");
    private static final Pattern DEPARTURES_HEADER = Pattern.compile(NUMBER + DEPARTURES + AT_REVISION + NUMBER);

    private BlockFormat() {}

    static boolean isTitle(String title) {
        String header = "0 " + title;
        return LineFormat.fits(MAX_LINES + " " + title) && isBlock(header) && ReplyType.of(header) == ReplyType.BLOCK;
    }

    static boolean isBlock(String line) {
        return HEADER.matcher(line).matches();
    }

    static boolean isCommands(String line) {
        return COMMANDS_HEADER.matcher(line).matches();
    }

    static boolean isServers(String line) {
        return SERVERS_HEADER.matcher(line).matches();
    }

    static boolean isClients(String line) {
        return CLIENTS_HEADER.matcher(line).matches();
    }

    static boolean isDepartures(String line) {
        return DEPARTURES_HEADER.matcher(line).matches();
    }

    static byte[] format(Block block) {
        List<? extends ReplyRecord> records = block.records();
        RecordBytes bytes =
                new RecordBytes((int) Math.min(Integer.MAX_VALUE / 2, (records.size() + 1L) * RECORD_BYTES));
        bytes.text(block.header()).endLine();
        for (ReplyRecord record : records) {
            record.write(bytes);
            bytes.endLine();
        }
        return bytes.toArray();
    }

    static ReplyParser commands() {
        return new BlockParser<>(CommandRecord::parse, (header, records) -> new Block.Commands(records));
    }

    static ReplyParser servers() {
        return new BlockParser<>(
                ServerRecord::parse,
                (header, records) -> new Block.Servers(
                        records, number(match(SERVERS_HEADER, header).group(2))));
    }

    static ReplyParser clients() {
        return new BlockParser<>(ClientRecord::parse, (header, records) -> {
            Matcher matcher = match(CLIENTS_HEADER, header);
            long revision = number(matcher.group(3));
            Optional<Reply.Freshness> freshness = Optional.ofNullable(matcher.group(4))
                    .map(suffix -> FreshnessFormat.parse(suffix.substring(1) + AT_REVISION + revision));
            return new Block.Clients(records, number(matcher.group(2)), revision, freshness);
        });
    }

    static ReplyParser departures() {
        return new BlockParser<>(
                DepartureRecord::parse,
                (header, records) -> new Block.Departures(
                        records, number(match(DEPARTURES_HEADER, header).group(2))));
    }

    static ReplyParser lines() {
        return new BlockParser<>(LineRecord::parse, (header, records) -> new Block.Lines(title(header), records));
    }

    private static String title(String header) {
        String title = match(HEADER, header).group(2);
        if (!isTitle(title)) {
            throw new MalformedReplyException("a block whose first line has control characters, or is too long");
        }
        return title;
    }

    /**
     * How many lines follow {@code header}.
     *
     * @throws MalformedReplyException if there are too many
     */
    static int lines(String header) {
        long lines = number(match(HEADER, header).group(1));
        if (lines > MAX_LINES) {
            throw new MalformedReplyException("a block of more than " + MAX_LINES + " lines");
        }
        return (int) lines;
    }

    /**
     * Reads a decimal number of 0 or more.
     *
     * @throws MalformedReplyException if it is not one, or too large
     */
    static long number(String text) {
        if (!text.matches(NUMBER)) {
            throw new MalformedReplyException("something other than a number");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedReplyException("a number that is too large");
        }
    }

    private static Matcher match(Pattern pattern, String header) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.matches()) {
            throw new MalformedReplyException("the first line of a block that has another form");
        }
        return matcher;
    }
}
