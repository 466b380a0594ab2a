package io.socketz.it;

/** A topology cannot do what was asked. The message is for people: a line, sometimes with lines of a log. */
public final class TopologyException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** With a line that says what is wrong. */
    public TopologyException(String message) {
        super(message);
    }
}
