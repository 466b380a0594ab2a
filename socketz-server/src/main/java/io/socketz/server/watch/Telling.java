package io.socketz.server.watch;

/** What is told to all who watch, each as far as it is meant. */
interface Telling {
    /** Some microseconds for each: so the loop's other clients wait for less than a millisecond. */
    int WATCHES_AT_A_TIME = 32;

    /** What {@code watch} gets; perhaps nothing. The array does not change any more. On the watcher's loop. */
    byte[] bytesFor(Watch watch);

    /** Whether it is the whole state: whoever filters gets a text of its own, made of all clients. */
    default boolean isState() {
        return false;
    }

    /** How many get it one after the other before the loop serves others. */
    default int watchesAtATime() {
        return isState() ? 1 : WATCHES_AT_A_TIME;
    }
}
