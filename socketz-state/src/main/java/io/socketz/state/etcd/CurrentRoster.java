package io.socketz.state.etcd;

import io.socketz.state.Roster;
import java.util.List;

/** The roster that {@link Replica} and {@link Freshness} make up: the same object while nothing changes. */
final class CurrentRoster {
    private final Replica replica;
    private final Freshness freshness;
    private Roster roster;
    private long confirmedAt;

    CurrentRoster(Replica replica, Freshness freshness) {
        this.replica = replica;
        this.freshness = freshness;
        this.roster = Roster.replica(0, 0, replica.copy(), replica.servers(), List.of(), 0);
    }

    /** The roster as it is now. Its age is counted by the owner's clock. */
    Roster get() {
        if (!isCurrent()) {
            confirmedAt = freshness.confirmedAt();
            roster = Roster.replica(
                    replica.version(),
                    replica.revision(),
                    replica.copy(),
                    replica.servers(),
                    replica.departures(),
                    confirmedAt);
        }
        return roster;
    }

    private boolean isCurrent() {
        return isListCurrent() && roster.revision() == replica.revision() && confirmedAt == freshness.confirmedAt();
    }

    /** Whether {@link #get} would return a roster with the same lists as the last time. */
    boolean isListCurrent() {
        return roster.version() == replica.version();
    }
}
