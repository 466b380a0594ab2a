package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Client;
import io.socketz.state.Roster;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * Four servers and some 300 clients, which come and go all the time, on an etcd of three members. Two servers reach
 * etcd by jetcd and two by the gateway, one of each over a network that can fail. Each test harms what they share, and
 * mends it; soon after that all rosters must be right. {@code -Dsocketz.seed=N} replays the coming and going.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ClusterFaults {
    /** A fault; returns when it is over. */
    interface Fault {
        void run() throws Exception;
    }

    private static final int CLIENTS_EACH = 75;
    /** A lease, and much for a busy machine. How long it really took is reported. */
    static final Duration SOON = Node.TTL.plusSeconds(18);

    /** A request takes 2 s to fail, and another 2 s if the leader fell silent. */
    static final Duration AFTER_SILENCE = SOON.plusSeconds(4);

    static final Duration AT_LAST = Duration.ofSeconds(60);
    private static final long SEED = Long.getLong("socketz.seed", System.nanoTime());

    static final List<TcpProxy> PROXIES = new ArrayList<>();
    private static int tests;

    static EtcdCluster cluster;
    static Operator operator;

    /** Every test has keys of its own. */
    final String prefix = "/faults" + ++tests;

    final String clientKeys = prefix + "/v1/clients/";
    final String memberKeys = prefix + "/v1/members/";
    final Random random = new Random(SEED);
    final Fleet fleet = new Fleet();

    @BeforeAll
    static void start() {
        System.out.println("-Dsocketz.seed=" + SEED);
        cluster = EtcdCluster.start(3);
        operator = new Operator(cluster);
        for (URI endpoint : cluster.endpoints()) {
            PROXIES.add(TcpProxy.to(endpoint));
        }
    }

    @AfterAll
    static void stop() {
        PROXIES.forEach(TcpProxy::close);
        PROXIES.clear();
        cluster.close();
    }

    /** Mends what an earlier test may have left behind. */
    @BeforeEach
    void open() {
        PROXIES.forEach(TcpProxy::resume);
        for (int i = 0; i < cluster.size(); i++) {
            cluster.resume(i);
        }
        cluster.startAll();
        // A name may be used twice.
        fleet.add(Node.open(Way.JETCD, "server01", prefix, cluster.endpoints()));
        fleet.add(Node.open(Way.GATEWAY, "server01", prefix, cluster.endpoints()));
        fleet.add(Node.open(Way.JETCD, "server02", prefix, proxied()));
        fleet.add(Node.open(Way.GATEWAY, "server03", prefix, proxied()));
        fleet.nodes().forEach(node -> node.join(CLIENTS_EACH));
        fleet.awaitRight(System.nanoTime(), AT_LAST);
    }

    @AfterEach
    void close() {
        fleet.nodes().forEach(Node::close);
    }

    private static List<URI> proxied() {
        return PROXIES.stream().map(TcpProxy::endpoint).toList();
    }

    List<Node> direct() {
        return fleet.nodes().subList(0, 2);
    }

    List<Node> behindProxies() {
        return fleet.nodes().subList(2, 4);
    }

    /** Clients come and go until the fault is over; then all must be right soon. */
    void during(String name, Fault fault) throws Exception {
        Churn churn = Churn.start(fleet, random);
        long end;
        try {
            fault.run();
        } finally {
            end = System.nanoTime();
            assertThat(churn.stop()).isPositive();
        }
        report(name, fleet.awaitRight(end, SOON));
    }

    static void report(String fault, String result) {
        System.out.println("fault " + fault + ": " + result);
    }

    /** Lets a fault last that long. */
    static void last(Duration time) throws InterruptedException {
        Thread.sleep(Math.max(0, time.toMillis()));
    }

    static Set<UUID> servers(Roster roster) {
        Set<UUID> servers = new HashSet<>();
        for (Client client : roster.clients()) {
            servers.add(client.server());
        }
        return servers;
    }

    static Set<UUID> servers(List<Node> nodes) {
        return nodes.stream().map(Node::id).collect(Collectors.toSet());
    }
}
