package io.socketz.state.etcd;

import java.util.function.Supplier;

/** Where a model's events stand in line: virtual time, or the real one. Whatever it runs, it runs one at a time. */
interface Timeline {
    /** In nanoseconds. */
    long now();

    /** Runs {@code event} at a time, or as soon as it can; those of one time in the order in which they came. */
    void at(long time, Runnable event);

    /** Tells who repeats a run what happens. */
    default void trace(Supplier<String> line) {}
}
