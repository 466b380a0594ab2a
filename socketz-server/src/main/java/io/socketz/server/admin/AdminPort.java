package io.socketz.server.admin;

import java.net.InetSocketAddress;

/** The port by which operators see a server. Apart from {@link AdminListener}, so that a server without one needs no HTTP. */
public interface AdminPort extends AutoCloseable {
    /** Where it listens, with the port that was chosen. */
    InetSocketAddress address();

    /** From now on it answers for a server; before, it answers nobody. */
    void serve(AdminSource source);

    /** Ends all requests. */
    @Override
    void close();
}
