package io.socketz.state.etcd;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * Fresh answers that show changes of this server which etcd does not have yet. They are held until it has: what one fresh
 * answer shows, every later one on any server must show, too. One for each asker at most.
 */
final class HeldAnswers {
    private record Held(long until, long change, Runnable answer, LongConsumer onLate) {}

    /** In order of arrival, which is nearly the order of time; that of changes exactly. */
    private final Deque<Held> held = new ArrayDeque<>();

    /**
     * Holds an answer.
     *
     * @param until when it is too late
     * @param change the last change of this server that the answer shows
     * @param answer run when etcd has that change and all before it
     * @param onLate hears the time when that has not happened in time
     */
    void hold(long until, long change, Runnable answer, LongConsumer onLate) {
        held.addLast(new Held(until, change, answer, onLate));
    }

    /** @param pending whether etcd does not have a change, or one before it */
    void onCommitted(LongPredicate pending) {
        while (!held.isEmpty() && !pending.test(held.getFirst().change)) {
            held.removeFirst().answer.run();
        }
    }

    /** When the first answer is too late. */
    long deadline() {
        return held.isEmpty() ? Long.MAX_VALUE : held.getFirst().until;
    }

    void onTime(long now) {
        while (now >= deadline()) {
            held.removeFirst().onLate.accept(now);
        }
    }

    /** The server leaves. */
    void end(long now) {
        while (!held.isEmpty()) {
            held.removeFirst().onLate.accept(now);
        }
    }
}
