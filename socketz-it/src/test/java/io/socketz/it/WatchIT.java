package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.it.load.MovingWatch;
import io.socketz.protocol.reply.ClientRecord;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A watcher of the real topology sees each change once, whatever happens, while 200 clients come, ask and go. */
class WatchIT extends TopologyFaults {
    private MovingWatch watch;

    @BeforeEach
    void watch() throws Exception {
        watch = MovingWatch.start(topology);
        Polling.until(() -> watch.revision(), revision -> revision > 0, "the watch does not begin");
    }

    @AfterEach
    void endWatch() throws Exception {
        watch.close();
    }

    /** All settle; then the mirror holds exactly those who are connected, and its stream had no gap and no double. */
    private void assertExact(String what) throws Exception {
        settle(what);
        Polling.until(
                () -> watch.clients().stream().map(ClientRecord::address).collect(Collectors.toSet()),
                Set.copyOf(open())::equals,
                "the watcher does not see who is connected, but: " + watch.errors());
        assertThat(watch.errors()).as(what).isEmpty();
        report(what, "watched through " + watch.moves() + ", up to revision " + watch.revision());
    }

    @Test
    void aWatchGoesOnAtAnotherServerWhenItsServerIsKilled() throws Exception {
        String first = watch.moves().get(0);
        topology.kill(first);
        Polling.until(() -> watch.moves(), moves -> moves.size() > 1, "the watcher does not move");
        assertExact("watch while " + first + " was killed");
        assertThat(watch.resyncs()).isZero();
    }

    @Test
    void aWatchSeesNothingOfTheEndOfEtcdsMembers() throws Exception {
        for (String member : topology.etcdNames()) {
            topology.kill(member);
            last(Duration.ofSeconds(3));
            topology.start(member, line -> {});
        }
        assertExact("watch while each member of etcd was killed in turn");
    }

    @Test
    void aWatchGoesOnThroughARestartOfAllServers() throws Exception {
        for (String server : topology.serverNames()) {
            topology.stop(server, line -> {});
            topology.start(server, line -> {});
        }
        assertExact("watch during a rolling restart");
        assertThat(watch.moves()).hasSizeGreaterThan(1);
    }

    @Test
    void aWatchThatWasAwayWhileHistoryWasCompactedGoesOn() throws Exception {
        swarm.wander();
        watch.interrupt();
        last(Duration.ofSeconds(2));
        compact();
        last(Duration.ofSeconds(1));
        watch.resume();
        assertExact("watch across a compaction");
        assertThat(watch.resyncs()).as("a server knows its own history").isZero();
    }
}
