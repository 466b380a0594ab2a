package io.socketz.state.etcd;

import java.util.function.Supplier;

/** Runs a model's events one at a time, in virtual or real time. */
interface Timeline {
    /** In nanoseconds. */
    long now();

    /** Runs {@code event} at a given time, or soon after it; events of the same time run in order of arrival. */
    void at(long time, Runnable event);

    /** Prints what happens when a single seed is run. */
    default void trace(Supplier<String> line) {}
}
