package io.socketz.state.jetcd;

/**
 * Keeps the Netty inside grpc-netty-shaded from loading its native library, of which JDK 24 and later warn at the console.
 * Where somebody has set the property, it stays. No other Netty looks at it.
 */
final class NativeTransport {
    private static final String PROPERTY = "io.grpc.netty.shaded.io.netty.transport.noNative";

    private NativeTransport() {}

    /** To be called before the first class of that Netty is loaded. */
    static void leaveOut() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "true");
        }
    }
}
