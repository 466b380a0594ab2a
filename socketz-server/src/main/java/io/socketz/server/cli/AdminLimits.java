package io.socketz.server.cli;

import java.util.Map;

/**
 * The limits of the JDK's HTTP server (module jdk.httpserver), which are properties of the process: so only the command sets
 * them, unless the user has. A program that embeds the server has its own.
 */
final class AdminLimits {
    private static final Map<String, String> PROPERTIES = Map.of(
            // Of the connections of readers. More are closed at once.
            "jdk.httpserver.maxConnections", "200",
            // Those of them that wait for their next request: so half of the places are left for the others.
            "sun.net.httpserver.maxIdleConnections", "100",
            // Seconds until a connection without its next request is closed.
            "sun.net.httpserver.idleInterval", "30",
            // Milliseconds between looks at those, and at the ones without a first request, which have as long as a
            // request.
            "sun.net.httpserver.clockTick", "1000",
            // Seconds from the first byte of a request to its last, so that slow senders do not keep threads.
            "sun.net.httpserver.maxReqTime", "5",
            // Seconds from the end of a request to that of its answer: more than a stream of events takes.
            "sun.net.httpserver.maxRspTime", "90",
            "sun.net.httpserver.maxReqHeaders", "100",
            "sun.net.httpserver.maxReqHeaderSize", "32768");

    private AdminLimits() {}

    /** Before the first use of the HTTP server. */
    static void apply() {
        PROPERTIES.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }
}
