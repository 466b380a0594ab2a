package io.socketz.it;

/** A topology can not do what it was asked for. The message is for people: a line, at times with lines of a log. */
public final class TopologyException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** With the line that says what is wrong. */
    public TopologyException(String message) {
        super(message);
    }
}
