package io.socketz.protocol.reply;

/**
 * A line of a block without a type of its own.
 *
 * @param line at most {@value Reply#MAX_LINE_BYTES} bytes of UTF-8 without control characters; perhaps empty
 */
public record LineRecord(String line) implements ReplyRecord {
    /**
     * Checks the line.
     *
     * @throws IllegalArgumentException if it does not have this form
     */
    public LineRecord {
        if (!LineFormat.fits(line)) {
            throw new IllegalArgumentException("not a line");
        }
    }

    static LineRecord parse(String line) {
        if (!LineFormat.fits(line)) {
            throw new MalformedReplyException("a block with a line of control characters");
        }
        return new LineRecord(line);
    }

    @Override
    public void write(RecordBytes bytes) {
        bytes.text(line);
    }

    @Override
    public void describe(ReplyFields fields) {
        fields.text("line", line);
    }
}
