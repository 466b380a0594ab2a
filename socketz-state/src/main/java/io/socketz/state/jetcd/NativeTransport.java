package io.socketz.state.jetcd;

/**
 * Keeps the Netty inside grpc-netty-shaded from loading its native library, about which JDK 24 and later print a warning. If
 * the property is set already, it stays as it is. No other Netty reads it.
 */
final class NativeTransport {
    private static final String PROPERTY = "io.grpc.netty.shaded.io.netty.transport.noNative";

    private NativeTransport() {}

    /** Must be called before the first class of that Netty is loaded. */
    static void leaveOut() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "true");
        }
    }
}
