package io.socketz.it;

import io.socketz.client.console.EtcdAbsence;
import java.util.Optional;

/**
 * A member of a topology at one moment.
 *
 * @param kind etcd, server or haproxy
 * @param pid of its process; 0 if it does not run
 * @param port where its clients connect: servers to etcd, HAProxy to servers
 * @param health starting, healthy, degraded, unhealthy, paused, draining, stopped, killed, or ended by itself
 * @param absence of a server that is degraded: how long it has been without etcd
 * @param clients connected through HAProxy; -1 for etcd, or if unknown
 */
public record MemberStatus(
        String name, String kind, long pid, int port, String health, Optional<EtcdAbsence> absence, int clients) {
    /** Its health for people: {@code degraded: no etcd for 17 s}. */
    public String healthText() {
        return absence.map(EtcdAbsence::text).orElse(health);
    }
}
