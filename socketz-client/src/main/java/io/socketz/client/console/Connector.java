package io.socketz.client.console;

import io.socketz.client.ClientListener;
import io.socketz.client.SocketzClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Connects as a person expects it: to the addresses in the order in which they were given.
 *
 * @param timeout how long an address may take to be connected, and a request to be answered; more than zero
 * @param reconnect whether another connection is made when one is lost
 */
public record Connector(Duration timeout, boolean reconnect) {
    /** Where servers are if nobody says it. */
    public static final String DEFAULT = "localhost";

    /** Long enough not to disturb, short enough for somebody who waits. */
    private static final Duration BACKOFF_MIN = Duration.ofMillis(100);

    private static final Duration BACKOFF_MAX = Duration.ofSeconds(2);

    /**
     * Checks a list of addresses as {@link #connect} takes it.
     *
     * @throws IllegalArgumentException if it is none, with a message of one line
     */
    public static void check(String addresses) {
        SocketzClient.builder().addresses(addresses);
    }

    /**
     * Connects to the first of {@code addresses} that serves. The future fails with a {@link NoConnectionException}.
     *
     * @param addresses {@code host[:port],...}
     * @throws IllegalArgumentException if it is no list of addresses
     */
    public CompletableFuture<SocketzClient> connect(String addresses, ClientListener listener) {
        SocketzClient.Builder builder = SocketzClient.builder()
                .addresses(addresses)
                .shuffle(false)
                .connectTimeout(timeout)
                .requestTimeout(timeout)
                .reconnect(reconnect)
                .backoff(BACKOFF_MIN, BACKOFF_MAX)
                .listener(listener);
        CompletableFuture<SocketzClient> connected;
        try {
            connected = builder.connectAsync();
        } catch (IOException e) {
            connected = CompletableFuture.failedFuture(e);
        }
        return connected.exceptionallyCompose(thrown -> {
            Throwable cause = thrown.getCause();
            Throwable e = thrown instanceof CompletionException && cause != null ? cause : thrown;
            return CompletableFuture.failedFuture(
                    new NoConnectionException("no connection: " + Printable.of(String.valueOf(e.getMessage())), e));
        });
    }
}
