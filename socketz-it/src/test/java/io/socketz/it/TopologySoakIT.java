package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.it.load.FreshObserver;
import io.socketz.it.load.PresenceHistory;
import io.socketz.it.load.Soak;
import io.socketz.protocol.reply.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many faults, one soon after the other, while 200 clients come, ask and go, and each fresh answer is checked. */
class TopologySoakIT extends TopologyFaults {
    /** Each fresh answer is explained by what clients did: see {@link PresenceHistory}. */
    @Test
    void whoeverIsGreetedIsInEveryFreshAnswerWhateverFails() throws Exception {
        FreshObserver observer = FreshObserver.start(topology, swarm.history());
        try {
            lastUntilFresh();
            String killed = topology.etcdLeader();
            topology.kill(killed);
            lastUntilFresh();
            topology.start(killed, line -> {});
            String paused = topology.etcdLeader();
            topology.pause(paused);
            last(TTL.plusSeconds(2)); // then it may revoke the leases of servers that are well
            topology.resume(paused);
            lastUntilFresh();
            topology.kill("server02");
            lastUntilFresh();
            topology.start("server02", line -> {});
            topology.pause("server03");
            last(TTL.plusSeconds(2));
            topology.resume("server03");
            lastUntilFresh();
            settle("clients after faults of etcd and servers");
        } finally {
            observer.close();
        }
        swarm.close();
        PresenceHistory.Verdict verdict = swarm.history().judge();
        report(
                "greeted means known",
                verdict.judged() + " presences in " + verdict.fresh() + " fresh answers, "
                        + verdict.violations().size() + " unexplained");
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.judged()).isGreaterThan(1_000);
        assertThat(verdict.dropped()).isZero();
    }

    /** Lets clients come and go for a moment, until each server that runs gives a fresh answer. */
    private static void lastUntilFresh() throws Exception {
        last(Duration.ofSeconds(1));
        for (String server : ids().values()) {
            Polling.until(() -> audit.freshness(server), Reply.Fresh.class::isInstance, server + " is not fresh");
        }
    }

    /** {@code ./socketz soak}, for a third of a minute. */
    @Test
    void recoversFromRandomFaults() throws Exception {
        swarm.close();
        List<Soak.Check> checks =
                Soak.run(topology, SEED, CLIENTS, Duration.ofSeconds(20), line -> report("at random", line));
        checks.forEach(check -> report("at random", check.toString()));
        assertThat(checks).isNotEmpty().allMatch(Soak.Check::passed);
    }
}
