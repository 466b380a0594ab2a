package io.socketz.server.cli;

import java.util.Map;

/**
 * The limits of the JDK's HTTP server (module jdk.httpserver), which are properties of the process: so only the command sets
 * them, unless the user has. A program that embeds the server has its own.
 */
final class AdminLimits {
    private static final Map<String, String> SECONDS_AND_COUNTS = Map.of(
            // Of the connections of readers. More are closed at once.
            "jdk.httpserver.maxConnections", "200",
            // A connection without a request.
            "sun.net.httpserver.idleInterval", "30",
            // From the first byte of a request to its last, so that slow readers do not keep threads.
            "sun.net.httpserver.maxReqTime", "5",
            // From the first byte of an answer to its last: more than a stream of events takes.
            "sun.net.httpserver.maxRspTime", "90",
            "sun.net.httpserver.maxReqHeaders", "100",
            "sun.net.httpserver.maxReqHeaderSize", "32768");

    private AdminLimits() {}

    /** Before the first use of the HTTP server. */
    static void apply() {
        SECONDS_AND_COUNTS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }
}
