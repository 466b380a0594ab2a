package io.socketz.server.event;

import io.socketz.state.Client;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection that has ended, for {@link ServerListener#onClosed(EndedConnection)}.
 *
 * @param address {@code address:port} of the client; that in the PROXY header, if one has come
 * @param client as it was on the roster; empty if it never was: it was refused, or was a health check
 * @param reason why it ended
 * @param detail more about the reason, or the empty string
 * @param open how long it was open; zero if it was refused at once
 */
public record EndedConnection(
        String address, Optional<Client> client, CloseReason reason, String detail, Duration open) {
    /** A connection that was refused as soon as it was accepted. */
    public static EndedConnection atOnce(String address, CloseReason reason, String detail) {
        return new EndedConnection(address, Optional.empty(), reason, detail, Duration.ZERO);
    }
}
