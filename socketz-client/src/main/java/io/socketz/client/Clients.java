package io.socketz.client;

import io.socketz.protocol.reply.Reply;
import java.util.List;
import java.util.Optional;

/**
 * Who is connected to any server of the cluster.
 *
 * @param addresses {@code address:port} of each client, in the order in which they joined
 * @param freshness whether the list is as new as the request, {@link Reply.Fresh} or {@link Reply.Stale}; empty if that
 *     was not asked for
 */
public record Clients(List<String> addresses, Optional<Reply.Freshness> freshness) {
    /** Copies the list unless it is immutable. */
    public Clients {
        addresses = List.copyOf(addresses);
    }

    /** How many there are. */
    public int count() {
        return addresses.size();
    }

    /** The list of the first reply, and the freshness of the second where there is one. */
    static Clients of(List<Reply> replies) {
        List<String> addresses = ((Reply.ClientList) replies.get(0)).clients();
        return new Clients(
                addresses, replies.size() < 2 ? Optional.empty() : Optional.of((Reply.Freshness) replies.get(1)));
    }
}
