package io.socketz.it;

/**
 * A member of a topology at one moment.
 *
 * @param pid of its process; 0 if it does not run
 * @param port where its clients connect: servers to etcd, HAProxy to servers
 * @param health starting, healthy, degraded and why, unhealthy, paused, draining, stopped, killed, or ended by itself
 * @param clients connected through HAProxy; -1 for etcd, or if unknown
 */
public record MemberStatus(String name, long pid, int port, String health, int clients) {
    boolean isHealthy() {
        return health.equals(Daemon.Health.HEALTHY.text());
    }

    MemberStatus withHealth(String other) {
        return new MemberStatus(name, pid, port, other, clients);
    }
}
