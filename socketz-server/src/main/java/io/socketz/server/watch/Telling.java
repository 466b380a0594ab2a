package io.socketz.server.watch;

/** What is told to all who watch, each as far as it is meant. */
@FunctionalInterface
interface Telling {
    /** What {@code watch} gets; perhaps nothing. The array does not change any more. On the watcher's loop. */
    byte[] bytesFor(Watch watch);
}
