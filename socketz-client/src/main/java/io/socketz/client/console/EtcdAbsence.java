package io.socketz.client.console;

import io.socketz.protocol.reply.Reply;
import java.time.Duration;
import java.util.Optional;

/**
 * A server that serves without etcd: what it knows of other servers is not confirmed, as its answer to {@code WHO FRESH} or
 * {@code WHO LONG FRESH} says.
 *
 * @param time for how long
 */
public record EtcdAbsence(Duration time) {
    /** In health, etcd confirms what a server knows every 2 s, and a slow answer, or an election, is no absence. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    /** The absence that an answer tells of; empty if it is fresh, or nearly so. */
    public static Optional<EtcdAbsence> of(Reply.Freshness freshness) {
        return freshness instanceof Reply.Stale stale ? of(stale.age()) : Optional.empty();
    }

    /** The absence of a server whose answer is stale by that time; empty if that is short. */
    public static Optional<EtcdAbsence> of(Duration staleBy) {
        return staleBy.compareTo(LEAST) < 0 ? Optional.empty() : Optional.of(new EtcdAbsence(staleBy));
    }

    /** {@code degraded: no etcd for 17 s}. */
    public String text() {
        return "degraded: no etcd for " + time.toSeconds() + " s";
    }
}
