package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.concurrent.TimeUnit;

/**
 * How long etcd may take for an answer: 2 s, so that a server whose member of etcd is silent soon asks another. After three
 * late answers in a row, 4 s, and then 8 s: a machine that needs longer than 2 s to connect would never get one. That lasts until
 * an answer takes 2 s or less: a commit whose earlier attempt was applied needs two answers in a row.
 */
final class Patience {
    /** How long an answer may take at first. */
    static final long USUAL_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** So that each of three members is asked before the server waits for longer. */
    private static final int OFTEN = 3;

    private static final int MOST_DOUBLINGS = 2;

    private int late;

    /** How long the next answer may take. */
    long nanos() {
        int doublings = Math.max(0, Math.min(MOST_DOUBLINGS, late - OFTEN + 1));
        return USUAL_NANOS << doublings;
    }

    /** For messages: {@code 2 s}. */
    String text() {
        return TimeUnit.NANOSECONDS.toSeconds(nanos()) + " s";
    }

    /** There was an answer, after so many nanoseconds. */
    void onAnswer(long nanos) {
        if (nanos <= USUAL_NANOS) {
            late = 0;
        }
    }

    /** There was no answer, for a reason of this kind. */
    void onFailure(Kind kind) {
        if (kind == Kind.TIMEOUT) {
            late = Math.min(late + 1, OFTEN + MOST_DOUBLINGS);
        }
    }
}
