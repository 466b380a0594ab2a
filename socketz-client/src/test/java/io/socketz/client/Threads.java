package io.socketz.client;

import java.util.List;

/** The threads that clients have. */
final class Threads {
    private Threads() {}

    static List<Thread> ofClients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("socketz-client"))
                .toList();
    }
}
