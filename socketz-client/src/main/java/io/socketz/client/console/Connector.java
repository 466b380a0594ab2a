package io.socketz.client.console;

import io.socketz.client.ClientListener;
import io.socketz.client.SocketzClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Connects as a person expects: to the first address that works, in the order given.
 *
 * @param timeout of a connection attempt, and of a request; more than zero
 * @param reconnect whether to connect again when the connection is lost
 * @param tls what connections are secured with; null if they are not
 */
public record Connector(
        Duration timeout, boolean reconnect, @Nullable SSLContext tls) {
    /** Where servers are unless the user says otherwise. */
    public static final String DEFAULT = "localhost";

    /** Long enough not to flood a server, short enough for a person who waits. */
    private static final Duration BACKOFF_MIN = Duration.ofMillis(100);

    private static final Duration BACKOFF_MAX = Duration.ofSeconds(2);

    /**
     * Checks a list of addresses as {@link #connect} takes it.
     *
     * @throws IllegalArgumentException if it is not one, with a message of one line
     */
    public static void check(String addresses) {
        SocketzClient.builder().addresses(addresses);
    }

    /**
     * Connects to the first of {@code addresses} that answers. The future fails with a {@link NoConnectionException}.
     *
     * @param addresses {@code host[:port],...}
     * @throws IllegalArgumentException if that is not a list of addresses
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
        if (tls != null) {
            builder.tls(tls);
        }
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
