package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.FreshRoster;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Faults of etcd's members and of the network. */
class RosterFaultsIT extends ClusterFaults {
    // ---------------------------------------------------------------- etcd's members

    @Test
    void rostersAreRightAfterTheLeaderIsKilled() throws Exception {
        int leader = cluster.leader();
        during("leader killed, another one elected", () -> {
            cluster.kill(leader);
            cluster.awaitHealthy();
        });
        assertThat(cluster.leader()).isNotEqualTo(leader);
        during("member back", () -> {
            cluster.startMember(leader);
            cluster.awaitHealthy();
        });
    }

    @Test
    void rostersAreRightAfterTheLeaderWasPausedForLongerThanALeaseLives() throws Exception {
        int leader = cluster.leader();
        during("leader paused for longer than a lease lives", () -> {
            cluster.pause(leader);
            last(Node.TTL.plusSeconds(1));
            cluster.resume(leader);
            cluster.awaitHealthy();
        });
    }

    /** The other two are a quorum: servers connected to the silent member move on to them without waiting for it. */
    @Test
    void serversMoveOnWhenAMemberFallsSilent() throws Exception {
        for (int i = 0; i < cluster.size(); i++) {
            int silent = i;
            long pausedAt = System.nanoTime();
            cluster.pause(silent);
            fleet.nodes().forEach(Node::join);
            report("member " + i + " silent, others asked instead", fleet.awaitRight(pausedAt, AFTER_SILENCE));
            during("silent member continues", () -> {
                cluster.resume(silent);
                cluster.awaitHealthy();
            });
        }
    }

    @Test
    void rostersAreRightAfterAllMembersAreRestarted() throws Exception {
        during("all members restarted", () -> {
            cluster.stopAll();
            cluster.startAll();
        });
    }

    @Test
    void withoutAMajorityRostersStayAndTellTheirAge() throws Exception {
        Set<UUID> all = fleet.nodes().stream().map(Node::id).collect(Collectors.toSet());
        during("two of three members down for 10 s", () -> {
            cluster.kill(0);
            cluster.kill(1);
            last(Duration.ofSeconds(10));
            for (Node node : fleet.nodes()) {
                FreshRoster answer = io.socketz.state.Await.get(node.fresh());
                assertThat(answer.fresh()).as("%s", node).isFalse();
                assertThat(answer.age()).as("%s", node).isGreaterThan(Duration.ofSeconds(5));
                assertThat(servers(answer.roster())).as("%s", node).isEqualTo(all);
            }
            cluster.startAll();
        });
    }

    @Test
    void everythingIsWrittenAgainWhenAllDataIsLost() throws Exception {
        during("all data lost", () -> cluster.wipe());
        for (Node node : fleet.nodes()) {
            assertThat(node.told()).as("%s", node).anyMatch(told -> told.startsWith("data lost"));
        }
    }

    // ---------------------------------------------------------------- the network

    @Test
    void rostersAreRightAfterACutDuringWhichHistoryWasCompacted() throws Exception {
        during("cut off while history was compacted", () -> {
            PROXIES.forEach(TcpProxy::cut);
            long cutAt = operator.revision();
            Polling.until(operator::revision, revision -> revision > cutAt + 50, "nothing is written");
            long compacted = operator.revision();
            assertThat(cluster.etcdctl("compact", Long.toString(compacted))).contains("compacted");
            PROXIES.forEach(TcpProxy::resume);
        });
    }

    @Test
    void aSilentNetworkLeavesNoGhostsAndRostersTellTheirAge() throws Exception {
        Set<UUID> all = servers(fleet.nodes());
        during("network silent for 8 s", () -> {
            PROXIES.forEach(TcpProxy::stall);
            long stalledAt = System.nanoTime();
            for (Node node : direct()) {
                Polling.until(
                        () -> servers(node.roster()),
                        servers -> servers.equals(servers(direct())),
                        node + " has ghosts");
            }
            Duration ghosts = Duration.ofNanos(System.nanoTime() - stalledAt);
            report("network silent", "no ghosts after " + ghosts.toMillis() + " ms");
            last(Duration.ofSeconds(8).minus(ghosts));
            for (Node node : behindProxies()) {
                FreshRoster answer = io.socketz.state.Await.get(node.fresh());
                assertThat(answer.fresh()).as("%s", node).isFalse();
                assertThat(answer.age()).as("%s", node).isGreaterThan(Duration.ofSeconds(5));
                assertThat(servers(answer.roster())).as("%s", node).isEqualTo(all);
            }
            PROXIES.forEach(TcpProxy::resume);
        });
    }

    @Test
    void aCutLongerThanALeaseLeavesNoGhosts() throws Exception {
        during("network cut for longer than a lease lives", () -> {
            PROXIES.forEach(TcpProxy::cut);
            for (Node node : direct()) {
                Polling.until(
                        () -> servers(node.roster()),
                        servers -> servers.equals(servers(direct())),
                        node + " has ghosts");
            }
            PROXIES.forEach(TcpProxy::resume);
        });
    }

    /**
     * So slow that nothing is fresh within half a second; even so nothing is wrong, and no server is taken for dead.
     */
    @Test
    void onASlowNetworkNothingIsFreshAndNothingIsWrong() throws Exception {
        List<String> toldBefore =
                behindProxies().stream().flatMap(node -> node.told().stream()).toList();
        during("network slow for 3 s", () -> {
            PROXIES.forEach(proxy -> proxy.delay(Duration.ofMillis(300)));
            last(Duration.ofSeconds(3));
            for (Node node : behindProxies()) {
                assertThat(io.socketz.state.Await.get(node.fresh()).fresh())
                        .as("%s", node)
                        .isFalse();
            }
            PROXIES.forEach(proxy -> proxy.delay(Duration.ZERO));
        });
        assertThat(behindProxies().stream().flatMap(node -> node.told().stream()))
                .isEqualTo(toldBefore);
    }
}
