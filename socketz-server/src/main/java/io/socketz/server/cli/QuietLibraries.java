package io.socketz.server.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps jetcd, gRPC, Netty and Vert.x from writing to the console of the launcher, which reports trouble with etcd in its
 * own words. A level that somebody has set for one of them stays. A program that embeds the server decides on its own
 * logs.
 */
final class QuietLibraries {
    /** Held here because {@link java.util.logging.LogManager} forgets the level of a logger that nobody holds. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger("io.etcd"),
            Logger.getLogger("io.grpc"),
            Logger.getLogger("io.netty"),
            Logger.getLogger("io.vertx"));

    private QuietLibraries() {}

    static void hush() {
        for (Logger logger : LOGGERS) {
            if (logger.getLevel() == null) {
                logger.setLevel(Level.OFF);
            }
        }
    }
}
