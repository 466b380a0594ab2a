package io.socketz.protocol.reply;

/** Events, written to bytes and read from a line. */
final class EventFormat {
    private static final int USUAL_BYTES = 256;

    private EventFormat() {}

    static byte[] toBytes(Event event) {
        RecordBytes bytes = new RecordBytes(USUAL_BYTES);
        bytes.text(Event.PREFIX + event.revision() + " " + event.kind());
        event.writeContent(bytes);
        return bytes.endLine().toArray();
    }

    /** As {@link Event#parse}. */
    static Event parse(String line) {
        String[] parts = line.split(" ", 4);
        if (parts.length < 3 || !line.startsWith(Event.PREFIX) || !LineFormat.fits(line)) {
            throw new MalformedReplyException("an event without its parts");
        }
        long revision = BlockFormat.number(parts[1]);
        String content = parts.length == 3 ? "" : parts[3];
        return switch (parts[2]) {
            case Event.Join.KIND -> new Event.Join(revision, ClientRecord.parse(content));
            case Event.Leave.KIND -> new Event.Leave(revision, ClientRecord.parse(content), reason(content));
            case Event.Rename.KIND -> new Event.Rename(revision, ClientRecord.parse(content));
            case Event.ServerUp.KIND -> new Event.ServerUp(revision, ServerRecord.parse(content));
            case Event.ServerDown.KIND -> new Event.ServerDown(revision, ServerRecord.parse(content), reason(content));
            case Event.Now.KIND ->
                new Event.Now(revision, RecordText.parse(content).read("age", FreshnessFormat::parseSeconds));
            case Event.Resync.KIND -> new Event.Resync(revision);
            case Event.Message.KIND -> message(revision, content);
            default -> new Event.Other(revision, line.substring(Event.PREFIX.length() + parts[1].length() + 1));
        };
    }

    /** As {@link Event#isOutsideWatch}. */
    static boolean isOutsideWatch(String line) {
        try {
            return !parse(line).isOfWatch();
        } catch (MalformedReplyException e) {
            return false;
        }
    }

    private static String reason(String content) {
        return RecordText.parse(content).text(Event.REASON);
    }

    private static Event message(long revision, String text) {
        if (revision != 0) {
            throw new MalformedReplyException("a message with a revision");
        }
        return new Event.Message(text);
    }
}
