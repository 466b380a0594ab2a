package io.socketz.server.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps jetcd, gRPC, Netty and Vert.x from writing to the console of the launcher, which says itself what goes wrong with
 * etcd. Where somebody has set a level for one of them, for the sake of its log, it stays. A program that embeds the
 * server decides on its logs itself.
 */
final class QuietLibraries {
    /** Held, as {@link java.util.logging.LogManager} forgets levels of loggers that nobody holds. */
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
