package io.socketz.server.event;

import io.socketz.state.DurationHistogram;
import io.socketz.state.RegistryMetrics;
import java.util.Map;

/**
 * Counters and gauges of a server, as they were read: {@link io.socketz.server.SocketzServer#metrics}. A program hands them to the library that
 * it collects metrics with. Counters count from the start of the server. Values that were read one after the other need not
 * fit together exactly.
 *
 * @param state whether the server should get clients
 * @param rebalancing whether the server lets clients go, since it has more than its share
 * @param connections of clients, of health checks, and those whose PROXY header has not come or whose TLS handshake is not done
 * @param requests of all clients
 * @param traffic of all clients
 * @param descriptors of the process
 * @param audits of this server
 * @param registry the roster, and the store that keeps it
 */
public record ServerMetrics(
        ServerState state,
        boolean rebalancing,
        Connections connections,
        Requests requests,
        Traffic traffic,
        Descriptors descriptors,
        Audits audits,
        RegistryMetrics registry) {
    /**
     * Connections.
     *
     * @param open now; a gauge
     * @param clients open now that take a place; a gauge
     * @param places how many there are; a gauge
     * @param watchers clients that watch now, and streams of events of the admin port; a gauge
     * @param accepted connections, those that were refused included; a counter
     * @param closed how many have ended, for each reason there is; counters
     * @param lifetimes how long those were open that have ended, to a hundredth of a second
     * @param greetings how long clients waited for their greeting, since they had connected or their PROXY header had come
     */
    public record Connections(
            int open,
            int clients,
            int places,
            int watchers,
            long accepted,
            Map<CloseReason, Long> closed,
            DurationHistogram lifetimes,
            DurationHistogram greetings) {}

    /**
     * Requests. Counters.
     *
     * @param commands by the words of each command there is, such as {@code WHO FRESH}, in the order of {@code HELP}; also
     *     those with arguments that are refused
     * @param badArguments those of these with arguments that the command does not take
     * @param invalid lines that are not a command
     * @param tooLong lines that are longer than allowed
     */
    public record Requests(Map<String, Long> commands, long badArguments, long invalid, long tooLong) {}

    /**
     * Bytes from clients and to them. PROXY headers and telnet's own count; what TCP adds does not, nor does the line for a
     * client that is refused at once.
     *
     * @param receivedBytes a counter
     * @param sentBytes a counter
     * @param heldBytes what the server holds for clients that fall behind; a gauge
     * @param maxHeldBytes what it may hold: {@link io.socketz.server.SocketzServer.Builder#maxOutbound}; a gauge
     */
    public record Traffic(long receivedBytes, long sentBytes, long heldBytes, long maxHeldBytes) {}

    /**
     * File descriptors of the whole process, and what comes of their limit.
     *
     * @param open now, counted within the last second, 0 if the platform does not tell; a gauge
     * @param max the limit on open files, a large number if the platform does not tell; a gauge
     * @param shortages how often they began to be short, so that new clients were refused; a counter
     * @param acceptPauses how often the server paused accepting for 10 ms, since it had no room or accepting failed; a counter
     */
    public record Descriptors(long open, long max, long shortages, long acceptPauses) {}

    /**
     * Comparisons of the connections with the roster, and of that with the store. Counters.
     *
     * @param made those that were completed
     * @param failed those that were not, since the store did not answer
     * @param missing clients that were found missing
     * @param ghosts entries without a client that were found
     * @param repaired entries and keys that were repaired, whether or not an audit found them wrong
     */
    public record Audits(long made, long failed, long missing, long ghosts, long repaired) {}
}
