package io.socketz.client;

/**
 * What a client has done since it was made, as it was read: {@link SocketzClient#statistics}. Counters, except {@code
 * pending}. Requests are those of the program and the client's own, such as {@code WATCH} and pings, but not the {@code WHERE}
 * that begins each connection. Values that were read one after the other need not fit together exactly.
 *
 * @param connects how often a server was found: 1, and 1 more after each loss that was overcome
 * @param sent requests that were sent
 * @param answered requests that the server has answered, also with an error
 * @param failed requests that have failed without an answer: not sent, not answered in time, or lost with their connection
 * @param pending requests that take room ({@link SocketzClient.Builder#maxPending}); also those that have failed because their
 *     time was up, until their replies come or their connection ends; a gauge
 * @param receivedBytes from all connections, those included that led to no server
 * @param sentBytes that the system has taken, on the same connections
 */
public record ClientStatistics(
        long connects, long sent, long answered, long failed, int pending, long receivedBytes, long sentBytes) {}
