package io.socketz.server.watch;

/** What is told to all who watch, each as far as it is meant. */
interface Telling {
    /** What {@code watch} gets; perhaps nothing. The array does not change any more. On the watcher's loop. */
    byte[] bytesFor(Watch watch);

    /**
     * How many get it one after the other before the loop serves others. With some microseconds for each, those wait for less
     * than a millisecond.
     */
    default int watchesAtATime() {
        return 32;
    }
}
