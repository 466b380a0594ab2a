package io.socketz.state.jetcd;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps jetcd, gRPC, Netty and Vert.x from writing to the console: whatever goes wrong is told as an {@link
 * io.socketz.state.etcd.EtcdFailure}. Where somebody has set a level for one of them, for the sake of its log, it stays.
 */
final class QuietLibraries {
    /** Held, as {@link java.util.logging.LogManager} forgets levels of loggers that nobody holds. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger("io.etcd"),
            Logger.getLogger("io.grpc"),
            Logger.getLogger("io.netty"),
            Logger.getLogger("io.vertx"));

    /** Of Netty inside grpc-netty-shaded. */
    private static final String NO_NATIVE = "io.grpc.netty.shaded.io.netty.transport.noNative";

    static {
        if (System.getProperty(NO_NATIVE) == null) {
            System.setProperty(NO_NATIVE, "true"); // from JDK 24 on the JVM warns of libraries that load native code
        }
        for (Logger logger : LOGGERS) {
            if (logger.getLevel() == null) {
                logger.setLevel(Level.OFF);
            }
        }
    }

    private QuietLibraries() {}

    /** Does it, the first time. */
    static void hush() {
        // The class is loaded by now.
    }
}
