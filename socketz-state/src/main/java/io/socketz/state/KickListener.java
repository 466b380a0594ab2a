package io.socketz.state;

/** Hears that a client of this server is to be disconnected. */
@FunctionalInterface
public interface KickListener {
    /**
     * Somebody, on any server, wants this client to be gone: whoever serves it ends its connection, and calls {@link
     * Registry#leave}. May be called again for the same client. On the registry's thread: must be quick.
     *
     * @param reason for the client; perhaps empty
     */
    void onKick(Client client, String reason);
}
