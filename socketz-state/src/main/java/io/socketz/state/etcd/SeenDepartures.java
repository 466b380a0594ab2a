package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.DepartureLog;
import io.socketz.state.OrderedClients;
import io.socketz.state.etcd.ClosedClients.Closed;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom this server has seen leave, and why, as far as that was said. */
final class SeenDepartures {
    private final DepartureLog log = new DepartureLog();
    private final InstantSource clock;

    /** @param clock tells when clients have left of which it is not said */
    SeenDepartures(InstantSource clock) {
        this.clock = clock;
    }

    List<List<Departure>> copy() {
        return log.copy();
    }

    /** One of this server's clients has left. */
    void addOwn(Client client, Closed why) {
        log.add(new Departure(client, why.reason(), why.at(), 0));
    }

    /** A client has left at {@code revision}, or before. */
    void add(Client client, @Nullable Closed why, long revision) {
        if (why == null) {
            log.add(new Departure(client, Departure.UNKNOWN, clock.millis(), revision));
        } else {
            log.add(new Departure(client, why.reason(), why.at(), revision));
        }
    }

    /** A server has left at {@code revision}, or before, with these clients. */
    void addAll(OrderedClients clients, @Nullable ClosedClients said, long revision) {
        Closed why = said == null
                ? null
                : new Closed(said.isStopping() ? Departure.SERVER_STOPPING : Departure.SERVER_LOST, clock.millis());
        int forgotten = clients.size() - DepartureLog.MAX_PER_SERVER;
        for (Client client : clients) {
            if (forgotten-- <= 0) {
                Closed own = said == null ? null : said.find(client.number());
                add(client, own == null ? why : own, revision);
            }
        }
    }
}
