package io.socketz.server.command;

/** Whether a connection has proven that an administrator has made it. Owned by the connection's loop. */
public final class Credentials {
    /** After so many wrong tokens the connection ends. */
    static final int MAX_FAILURES = 3;

    private boolean proven;
    private int failures;

    /** Whether an administrator has made it. */
    public boolean areProven() {
        return proven;
    }

    void onRightToken() {
        proven = true;
    }

    /** Returns whether that was one too many. */
    boolean onWrongToken() {
        failures++;
        return failures >= MAX_FAILURES;
    }
}
