package io.socketz.it;

import io.socketz.client.console.EtcdAbsence;
import java.util.Optional;

/**
 * How a member is at one moment.
 *
 * @param absence of a server that is degraded: how long it has been without etcd
 */
record Condition(Daemon.Health health, Optional<EtcdAbsence> absence) {
    static Condition of(Daemon.Health health) {
        return new Condition(health, Optional.empty());
    }

    /** Healthy, or degraded. */
    static Condition serving(Optional<EtcdAbsence> absence) {
        return new Condition(absence.isPresent() ? Daemon.Health.DEGRADED : Daemon.Health.HEALTHY, absence);
    }

    /** For people: {@code healthy}, {@code degraded: no etcd for 17 s}. */
    String text() {
        return absence.map(EtcdAbsence::text).orElse(health.text());
    }
}
