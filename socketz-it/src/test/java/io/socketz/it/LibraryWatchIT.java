package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.Server;
import io.socketz.client.SocketzClient;
import io.socketz.it.load.ToldRoster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A program watches the real topology with the client library, through HAProxy, while 200 clients come, ask and go: each
 * change is told once, whatever happens, and adds up to what the servers show at the same revision.
 */
class LibraryWatchIT extends TopologyFaults {
    /** Between two answers of a server. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ToldRoster told = new ToldRoster();
    private SocketzClient client;

    @BeforeEach
    void beginWatch() throws Exception {
        client = SocketzClient.builder()
                .addresses("127.0.0.1:" + topology.clientPorts().get(0))
                .connect();
        client.watch(told);
        Polling.until(told::states, states -> states > 0, "the watch does not begin");
        swarm.wander();
    }

    @AfterEach
    void endWatch() {
        client.close();
    }

    /** The one that watches is on the roster, too. */
    @Override
    Set<String> open() {
        Set<String> open = super.open();
        client.server()
                .map(Server::local)
                .ifPresent(local -> open.add(local.getAddress().getHostAddress() + ":" + local.getPort()));
        return open;
    }

    /** Has all servers that run shown again and again who is connected, for that time, and ten times at least. */
    private void observe(Duration time) throws Exception {
        Map<UUID, String> servers = ids();
        long begin = System.nanoTime();
        for (int i = 0; i < 10 || since(begin).compareTo(time) < 0; i++) {
            for (Map.Entry<UUID, String> server : servers.entrySet()) {
                told.saw(server.getKey(), audit.list(server.getValue()));
            }
            last(PAUSE);
        }
    }

    /** All settle; then those who are connected were told, and all that servers have shown. */
    private void assertExact(String what) throws Exception {
        observe(Duration.ofSeconds(1));
        settle(what);
        awaitSeen(told::clients, "not those who are connected were told");
        Polling.until(told::revision, revision -> revision > told.seen(), "the watch does not resume");
        ToldRoster.Verdict verdict = told.judge();
        assertThat(verdict.errors()).as(what).isEmpty();
        assertThat(verdict.compared()).as("answers of servers").isGreaterThan(10);
        report(
                what,
                "told up to revision " + told.revision() + " as " + verdict.compared() + " answers show it, "
                        + told.losses() + " connections lost, " + told.states() + " states");
    }

    private String server() throws Exception {
        Map<UUID, String> servers = ids();
        return Polling.until(
                () -> client.server().map(server -> servers.get(server.id())).orElse(""),
                name -> !name.isEmpty(),
                "the client has no server");
    }

    @Test
    void aWatchGoesOnAtAnotherServerWhenItsServerIsKilled() throws Exception {
        observe(Duration.ofSeconds(1));
        String first = server();
        topology.kill(first);
        Polling.until(told::resumed, resumed -> !resumed.isEmpty(), "the watch does not resume");
        assertThat(ids()).containsKey(told.resumed().get(0));
        observe(TTL.plusSeconds(2)); // the dead server leaves the roster meanwhile
        assertExact("library's watch while its server was killed");
        assertThat(told.losses()).as("the listener hears of the loss").isPositive();
        assertThat(told.states()).as("no state beside the first one").isEqualTo(1);
    }

    @Test
    void aWatchTellsEverythingWhenEtcdsLeaderIsKilled() throws Exception {
        observe(Duration.ofSeconds(1));
        String leader = topology.etcdLeader();
        topology.kill(leader);
        observe(Duration.ofSeconds(4));
        assertThat(topology.etcdLeader()).isNotEqualTo(leader);
        topology.start(leader, line -> {});
        assertExact("library's watch while etcd's leader was killed");
        assertThat(told.losses()).as("its own connection is not concerned").isZero();
    }

    @Test
    void aWatchGoesOnWithoutTheStateWhenEtcdWasCompactedInItsAbsence() throws Exception {
        observe(Duration.ofSeconds(1));
        watch.interrupt();
        whileAway(() -> {
            compact();
            observe(Duration.ofSeconds(1));
            watch.resume();
        });
        assertExact("library's watch across a compaction");
        assertThat(watch.resyncs()).as("of the watch without the library").isZero();
        assertThat(told.resumed()).as("a server knows its own history").hasSize(1);
        assertThat(told.states()).isEqualTo(1);
    }

    /** All servers are new then, and etcd cannot tell them what happened before. */
    @Test
    void aWatchTellsTheStateAgainWhenNobodyKnowsWhatHappenedInItsAbsence() throws Exception {
        observe(Duration.ofSeconds(1));
        int before = told.states();
        whileAway(() -> {
            for (String server : topology.serverNames()) {
                topology.stop(server, line -> {});
            }
            for (String server : topology.serverNames()) {
                topology.start(server, line -> {});
            }
            compact();
        });
        assertExact("library's watch of which nobody knows where it ended");
        // On a busy machine, a server may have to read everything again soon after its start.
        assertThat(told.states()).as("the state is told again").isGreaterThan(before);
        assertThat(told.resumed()).isEmpty();
    }

    private interface Absence {
        void run() throws Exception;
    }

    /** Cuts off the client, and all others, while that happens; then the listener has heard of both. */
    private void whileAway(Absence absence) throws Exception {
        List<String> proxies = topology.proxyNames();
        proxies.forEach(topology::kill);
        Polling.until(told::losses, losses -> losses == 1, "the listener does not hear of the loss");
        absence.run();
        for (String proxy : proxies) {
            topology.start(proxy, line -> {});
        }
        Polling.until(
                () -> told.resumed().size() + told.states(),
                count -> count == 2,
                "the watch does not resume by itself");
    }
}
