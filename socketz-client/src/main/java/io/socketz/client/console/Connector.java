package io.socketz.client.console;

import io.socketz.client.Attempt;
import io.socketz.client.ClientListener;
import io.socketz.client.SocketzClient;
import io.socketz.client.SocketzException;
import io.socketz.client.SocketzException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Connects as a person expects it: to the addresses in the order in which they were given.
 *
 * @param timeout how long an address may take to be connected, and a request to be answered; more than zero
 * @param reconnect whether another connection is made when one is lost
 */
public record Connector(Duration timeout, boolean reconnect) {
    /** Where servers are if nobody says it: HAProxy, or a server alone; that one only if nothing is at the first. */
    public static final List<String> DEFAULT = List.of("localhost:4141", "localhost:5151");

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
     * Connects to the first of {@code choices} where there is anything. The future fails with a
     * {@link NoConnectionException}.
     *
     * @param choices lists of addresses, each {@code host[:port],...}; one or more
     * @throws IllegalArgumentException if one is no list of addresses
     */
    public CompletableFuture<SocketzClient> connect(List<String> choices, ClientListener listener) {
        return connect(choices, 0, "", listener);
    }

    private CompletableFuture<SocketzClient> connect(
            List<String> choices, int turn, String before, ClientListener listener) {
        CompletableFuture<SocketzClient> connected;
        try {
            connected = SocketzClient.builder()
                    .addresses(choices.get(turn))
                    .shuffle(false)
                    .connectTimeout(timeout)
                    .requestTimeout(timeout)
                    .reconnect(reconnect)
                    .backoff(BACKOFF_MIN, BACKOFF_MAX)
                    .listener(listener)
                    .connectAsync();
        } catch (IOException e) {
            connected = CompletableFuture.failedFuture(e);
        }
        return connected.exceptionallyCompose(thrown -> {
            Throwable cause = thrown.getCause();
            Throwable e = thrown instanceof CompletionException && cause != null ? cause : thrown;
            String why = before + Printable.of(String.valueOf(e.getMessage()));
            return turn + 1 < choices.size() && isNothingThere(e)
                    ? connect(choices, turn + 1, why + "; ", listener)
                    : CompletableFuture.failedFuture(new NoConnectionException("no connection: " + why, e));
        });
    }

    /** Whether nobody listens there: one who listens and does not serve has to be told of, not passed by. */
    private static boolean isNothingThere(Throwable e) {
        return e instanceof SocketzException failure
                && failure.attempts().stream()
                        .map(Attempt::failure)
                        .allMatch(each -> each.reason() == Reason.CONNECT_FAILED);
    }
}
