package io.socketz.protocol.reply;

/**
 * Answers {@code AUDIT}: {@code missing=0 ghosts=0 repaired=3 pending=0 clients=17 revision=1842 server=server01}.
 *
 * @param missing how many clients of the server are not on the roster of the cluster as they should be, and could not be
 *     put there, 0 or more
 * @param ghosts how many on that roster are not connected to the server, and could not be removed, 0 or more
 * @param repaired how many differences have been repaired since the server started, 0 or more
 * @param pending how many joins, names and leaves are on their way to the roster of the cluster, 0 or more
 * @param clients how many clients the server has, 0 or more
 * @param revision at which they were compared, 0 or more
 * @param server name of the server
 */
public record AuditRecord(
        long missing, long ghosts, long repaired, long pending, long clients, long revision, String server)
        implements Reply.OneLine, ReplyRecord {
    private static final String PREFIX = "missing=";

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public AuditRecord {
        if (missing < 0 || ghosts < 0 || repaired < 0 || pending < 0 || clients < 0 || revision < 0) {
            throw new IllegalArgumentException("a negative number");
        }
    }

    /** Whether a line is a reply of this type: another server's line may begin in the same way. */
    static boolean isRecord(String line) {
        return line.startsWith(PREFIX) && ReplyParser.reads(AuditRecord::parse, line);
    }

    static AuditRecord parse(String line) {
        RecordText record = RecordText.parse(line);
        return new AuditRecord(
                record.number("missing"),
                record.number("ghosts"),
                record.number("repaired"),
                record.number("pending"),
                record.number("clients"),
                record.number("revision"),
                record.text("server"));
    }

    @Override
    public ReplyType type() {
        return ReplyType.AUDIT;
    }

    @Override
    public void write(RecordBytes bytes) {
        bytes.field("missing", missing)
                .field("ghosts", ghosts)
                .field("repaired", repaired)
                .field("pending", pending)
                .field("clients", clients)
                .field("revision", revision)
                .field("server", server);
    }

    @Override
    public String line() {
        return ReplyRecord.super.line();
    }

    @Override
    public Tone tone() {
        return Tone.PLAIN;
    }

    @Override
    public void describe(ReplyFields fields) {
        fields.number("missing", missing);
        fields.number("ghosts", ghosts);
        fields.number("repaired", repaired);
        fields.number("pending", pending);
        fields.number("clients", clients);
        fields.number("revision", revision);
        fields.text("server", server);
    }

    @Override
    public void show(ReplyDisplay display) {
        display.record(this);
    }
}
