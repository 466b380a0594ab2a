package io.socketz.state.etcd;

import io.socketz.state.RegistryMetrics;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What a {@link Replication} tells of itself: published where each event ends, for any thread to read. */
final class ReplicationMetrics {
    private final Replica replica;
    private final Publication publication;
    private final Follower follower;
    private final Freshness freshness;
    private final Health health;
    private final BooleanSupplier published;

    /** Written by the owner. */
    private volatile ReplicationStatus status;

    /** @param published whether other servers see what this one writes */
    ReplicationMetrics(
            Replica replica,
            Publication publication,
            Follower follower,
            Freshness freshness,
            Health health,
            BooleanSupplier published) {
        this.replica = replica;
        this.publication = publication;
        this.follower = follower;
        this.freshness = freshness;
        this.health = health;
        this.published = published;
        this.status = status();
    }

    /** Ends an event. */
    void publish() {
        status = status();
    }

    private ReplicationStatus status() {
        return new ReplicationStatus(
                replica.size(),
                replica.others() + 1,
                replica.revision(),
                follower.isWatching(),
                freshness.confirmedAt(),
                published.getAsBoolean(),
                health.commitsFail(),
                health.committedAt(),
                health.failedCommits(),
                health.failures(),
                health.resyncs(),
                publication.pendingKeys(),
                publication.repaired(),
                publication.leaseEndsAt());
    }

    /** From any thread. */
    RegistryMetrics read(long now) {
        ReplicationStatus last = status;
        return new RegistryMetrics(
                last.roster(now),
                replica.ownCounter().read(),
                replica.changes().counter().read(),
                last.repaired(),
                Optional.of(last.store(now, health.commits().read())));
    }
}
