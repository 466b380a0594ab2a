package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Four servers and some 300 clients, who come and go all the time, on an etcd of three members. Two servers reach etcd
 * by jetcd and two by the gateway; one of each by a network that can fail. Each test harms what all of them share, and
 * mends it; soon after that all rosters must be right. {@code -Dsocketz.seed=N} repeats who comes and goes.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterFaultsIT {
    /** Something that harms, and returns when the harm is over. */
    private interface Fault {
        void run() throws Exception;
    }

    private static final String PREFIX = "/socketz";
    private static final String CLIENTS = PREFIX + "/v1/clients/";
    private static final String MEMBERS = PREFIX + "/v1/members/";
    private static final int CLIENTS_EACH = 75;
    private static final Duration SOON = Node.TTL.plusSeconds(2);
    private static final Duration NO_GHOST_AFTER = Node.TTL.plusSeconds(1);

    /** What is asked takes 2 s to fail; that a watch is silent is noticed after 6 s, and it takes another request or two. */
    private static final Duration AFTER_SILENCE = Duration.ofSeconds(12);

    private static final Duration AT_LAST = Duration.ofSeconds(20);
    private static final long SEED = Long.getLong("socketz.seed", System.nanoTime());

    private static final List<TcpProxy> PROXIES = new ArrayList<>();
    private static final Fleet FLEET = new Fleet();

    private static EtcdCluster cluster;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void start() {
        System.out.println("ClusterFaultsIT: -Dsocketz.seed=" + SEED);
        cluster = EtcdCluster.start(3);
        for (URI endpoint : cluster.endpoints()) {
            PROXIES.add(TcpProxy.to(endpoint));
        }
        // A name may be used twice.
        FLEET.add(Node.open(Way.JETCD, "server01", PREFIX, cluster.endpoints()));
        FLEET.add(Node.open(Way.GATEWAY, "server01", PREFIX, cluster.endpoints()));
        FLEET.add(Node.open(Way.JETCD, "server02", PREFIX, proxied()));
        FLEET.add(Node.open(Way.GATEWAY, "server03", PREFIX, proxied()));
        FLEET.nodes().forEach(node -> node.join(CLIENTS_EACH));
    }

    @AfterAll
    static void stop() {
        FLEET.nodes().forEach(Node::close);
        PROXIES.forEach(TcpProxy::close);
        cluster.close();
    }

    /** Whatever the test before has left behind. */
    @BeforeEach
    void mend() {
        PROXIES.forEach(TcpProxy::resume);
        for (int i = 0; i < cluster.size(); i++) {
            cluster.resume(i);
        }
        cluster.startAll();
        FLEET.awaitRight(System.nanoTime(), AT_LAST);
    }

    private static List<URI> proxied() {
        return PROXIES.stream().map(TcpProxy::endpoint).toList();
    }

    private static List<Node> direct() {
        return FLEET.nodes().subList(0, 2);
    }

    private static List<Node> behindProxies() {
        return FLEET.nodes().subList(2, 4);
    }

    /** Clients come and go until the fault is over; then all must be right soon. */
    private void during(String name, Fault fault) throws Exception {
        Churn churn = Churn.start(FLEET, random);
        long end;
        try {
            fault.run();
        } finally {
            end = System.nanoTime();
            assertThat(churn.stop()).isPositive();
        }
        report(name, FLEET.awaitRight(end, SOON));
    }

    private static void report(String fault, String result) {
        System.out.println("fault " + fault + ": " + result);
    }

    private static void last(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    // ---------------------------------------------------------------- etcd's members

    @Test
    void theLeaderIsKilled() throws Exception {
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
    void theLeaderIsStoppedForLongerThanALeaseLives() throws Exception {
        int leader = cluster.leader();
        during("leader paused for longer than a lease lives", () -> {
            cluster.pause(leader);
            last(Node.TTL.plusSeconds(1));
            cluster.resume(leader);
            cluster.awaitHealthy();
        });
    }

    /** The other two are a cluster: whoever was connected to the silent one goes on to them, and need not wait for it. */
    @Test
    void aMemberSaysNothingAnyMore() throws Exception {
        int silent = IntStream.range(0, cluster.size())
                .filter(member -> PROXIES.get(member).connections() > 0)
                .findFirst()
                .orElseThrow();
        long pausedAt = System.nanoTime();
        cluster.pause(silent);
        FLEET.nodes().forEach(Node::join);
        report("member silent, others asked instead", FLEET.awaitRight(pausedAt, AFTER_SILENCE));
        during("silent member goes on", () -> {
            cluster.resume(silent);
            cluster.awaitHealthy();
        });
    }

    @Test
    void allMembersAreRestarted() throws Exception {
        during("all members restarted", () -> {
            cluster.stopAll();
            cluster.startAll();
        });
    }

    @Test
    void twoOfThreeMembersAreAwayForAWhile() throws Exception {
        Set<UUID> all = FLEET.nodes().stream().map(Node::id).collect(Collectors.toSet());
        during("two of three members down for 10 s", () -> {
            cluster.kill(0);
            cluster.kill(1);
            last(Duration.ofSeconds(10));
            for (Node node : FLEET.nodes()) {
                FreshRoster answer = io.socketz.state.Await.get(node.fresh());
                assertThat(answer.fresh()).as("%s", node).isFalse();
                assertThat(answer.age()).as("%s", node).isGreaterThan(Duration.ofSeconds(5));
                assertThat(servers(answer.roster())).as("%s", node).isEqualTo(all);
            }
            cluster.startAll();
        });
    }

    @Test
    void allDataIsLost() throws Exception {
        during("all data lost", () -> cluster.wipe());
        for (Node node : FLEET.nodes()) {
            assertThat(node.told()).as("%s", node).anyMatch(told -> told.startsWith("data lost"));
        }
    }

    // ---------------------------------------------------------------- the network

    @Test
    void theNetworkIsCutAndHistoryCompactedMeanwhile() throws Exception {
        during("cut off while history was compacted", () -> {
            PROXIES.forEach(TcpProxy::cut);
            long cutAt = revision();
            Await.until(ClusterFaultsIT::revision, revision -> revision > cutAt + 50, "nothing is written");
            long compacted = revision();
            assertThat(cluster.etcdctl("compact", Long.toString(compacted))).contains("compacted");
            PROXIES.forEach(TcpProxy::resume);
        });
    }

    @Test
    void theNetworkIsSilent() throws Exception {
        Set<UUID> all = servers(FLEET.nodes());
        during("network silent for 8 s", () -> {
            PROXIES.forEach(TcpProxy::stall);
            long stalledAt = System.nanoTime();
            for (Node node : direct()) {
                Await.until(
                        () -> servers(node.roster()),
                        servers -> servers.equals(servers(direct())),
                        node + " has ghosts");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - stalledAt)).isLessThan(NO_GHOST_AFTER);
            last(Duration.ofSeconds(8).minusNanos(System.nanoTime() - stalledAt));
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
    void theNetworkIsCutForLongerThanALeaseLives() throws Exception {
        during("network cut for longer than a lease lives", () -> {
            PROXIES.forEach(TcpProxy::cut);
            for (Node node : direct()) {
                Await.until(
                        () -> servers(node.roster()),
                        servers -> servers.equals(servers(direct())),
                        node + " has ghosts");
            }
            PROXIES.forEach(TcpProxy::resume);
        });
    }

    /** So slow that nothing is fresh within half a second; all the same nothing is wrong, and nobody is taken for dead. */
    @Test
    void theNetworkIsSlow() throws Exception {
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

    // ---------------------------------------------------------------- people

    @Test
    void aMemberLeaseIsRevokedByHand() throws Exception {
        for (Node node : FLEET.nodes()) {
            during("member lease revoked of " + node, () -> revokeLeaseOf(MEMBERS + node.id()));
            assertThat(node.told()).anyMatch(told -> told.startsWith("lapsed"));
        }
    }

    @Test
    void aClientLeaseIsRevokedByHand() throws Exception {
        for (Node node : FLEET.nodes()) {
            during("client lease revoked of " + node, () -> revokeLeaseOf(firstKey(CLIENTS + node.id())));
        }
    }

    @Test
    void keysAreDeletedByHand() throws Exception {
        for (Node node : FLEET.nodes()) {
            during(
                    "client key deleted of " + node,
                    () -> assertThat(delete(firstKey(CLIENTS + node.id()))).isOne());
            during(
                    "client keys deleted of " + node,
                    () -> assertThat(delete("--prefix", CLIENTS + node.id() + "/"))
                            .isGreaterThan(40));
            during(
                    "member key deleted of " + node,
                    () -> assertThat(delete(MEMBERS + node.id())).isOne());
        }
        during("all keys deleted", () -> assertThat(delete("--prefix", PREFIX)).isGreaterThan(150));
    }

    @Test
    void valuesAreAlteredByHand() throws Exception {
        for (Node node : FLEET.nodes()) {
            String client = firstKey(CLIENTS + node.id());
            during(
                    "client altered of " + node,
                    () -> put(client, "{\"addr\":\"198.51.100.1:1\",\"since\":\"2026-01-31T12:00:00Z\"}"));
            during("garbage at a client of " + node, () -> put(firstKey(CLIENTS + node.id()), "{\"addr\":"));
            during("garbage at the member key of " + node, () -> put(MEMBERS + node.id(), "garbage"));
        }
    }

    @Test
    void keysOfNobodyAreWrittenByHand() throws Exception {
        Node node = FLEET.nodes().get(random.nextInt(FLEET.nodes().size()));
        UUID nobody = new UUID(random.nextLong(), random.nextLong());
        String client = "{\"addr\":\"198.51.100.1:1\",\"since\":\"2026-01-31T12:00:00Z\"}";
        List<String> garbage = List.of(
                PREFIX + "/v1/garbage",
                CLIENTS + "nobody/1",
                CLIENTS + node.id() + "/01",
                CLIENTS + nobody + "/1",
                MEMBERS + nobody);
        during("garbage under the prefix", () -> {
            put(garbage.get(0), "garbage");
            put(garbage.get(1), client);
            put(garbage.get(2), client);
            put(garbage.get(3), client);
            put(garbage.get(4), "garbage");
            put(CLIENTS + node.id() + "/999999", client);
            put(PREFIX + "/v2", "of a later version");
        });
        for (Node each : FLEET.nodes()) {
            assertThat(each.told()).as("%s", each).anyMatch(told -> told.startsWith("skipped: " + garbage.get(0)));
        }
        assertThat(cluster.etcdctl("get", CLIENTS + node.id() + "/999999"))
                .as("who it claims to be of has deleted it")
                .isEmpty();
        garbage.forEach(ClusterFaultsIT::delete);
        delete(PREFIX + "/v2");
    }

    // ---------------------------------------------------------------- servers

    @Test
    void theClientsOfAServerThatIsKilledGoInOneStep() {
        for (Way way : Way.values()) {
            Node dying = Node.open(way, "dying", PREFIX, cluster.endpoints());
            FLEET.add(dying);
            try {
                dying.join(50);
                FLEET.awaitRight(System.nanoTime(), AT_LAST);
            } finally {
                FLEET.remove(dying);
            }
            List<Roster> before = FLEET.nodes().stream().map(Node::roster).toList();
            long killedAt = System.nanoTime();
            dying.kill();

            List<Roster> after = new ArrayList<>(before);
            while (hasEqual(before, after)) {
                for (int i = 0; i < after.size(); i++) {
                    after.set(i, FLEET.nodes().get(i).roster());
                }
                assertThat(Duration.ofNanos(System.nanoTime() - killedAt)).isLessThan(NO_GHOST_AFTER);
                Fleet.pause();
            }
            report(way + " server killed", FLEET.awaitRight(killedAt, NO_GHOST_AFTER));
            for (int i = 0; i < after.size(); i++) {
                assertThat(after.get(i).size()).isEqualTo(before.get(i).size() - 50);
                assertThat(after.get(i).version())
                        .as("of one change")
                        .isEqualTo(before.get(i).version() + 1);
            }
        }
    }

    private static boolean hasEqual(List<Roster> before, List<Roster> after) {
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).version() == after.get(i).version()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aServerThatIsClosedTakesItsClientsWithIt() {
        for (Way way : Way.values()) {
            Node leaving = Node.open(way, "leaving", PREFIX, cluster.endpoints());
            FLEET.add(leaving);
            try {
                leaving.join(50);
                FLEET.awaitRight(System.nanoTime(), AT_LAST);
            } finally {
                FLEET.remove(leaving);
            }
            long closedAt = System.nanoTime();
            leaving.close();
            report(way + " server closed", FLEET.awaitRight(closedAt, SOON));
            assertThat(cluster.etcdctl("get", "--prefix", "--keys-only", PREFIX))
                    .doesNotContain(leaving.id().toString());
        }
    }

    /** Whatever their prefixes have in common. */
    @Test
    void deploymentsWithOtherPrefixesAreNotSeen() {
        List<String> prefixes = List.of("/one", "/one2", "/one/v1/clients");
        List<Fleet> fleets = new ArrayList<>();
        try {
            for (String prefix : prefixes) {
                Fleet fleet = new Fleet();
                fleets.add(fleet);
                for (Way way : Way.values()) {
                    Node node = Node.open(way, "server01", prefix, cluster.endpoints());
                    fleet.add(node);
                    node.join(3);
                }
            }
            fleets.forEach(fleet -> fleet.awaitRight(System.nanoTime(), AT_LAST));
            fleets.add(FLEET);
            fleets.forEach(fleet -> fleet.awaitRight(System.nanoTime(), SOON));
            fleets.remove(FLEET);
        } finally {
            fleets.forEach(fleet -> fleet.nodes().forEach(Node::close));
        }
    }

    // ---------------------------------------------------------------- etcd, by hand

    private static Set<UUID> servers(Roster roster) {
        Set<UUID> servers = new HashSet<>();
        for (Client client : roster.clients()) {
            servers.add(client.server());
        }
        return servers;
    }

    private static Set<UUID> servers(List<Node> nodes) {
        return nodes.stream().map(Node::id).collect(Collectors.toSet());
    }

    private static long revision() {
        return number("\"revision\":(\\d+)", cluster.etcdctl("get", "nothing", "-w", "json"));
    }

    private static String firstKey(String prefix) {
        return cluster.etcdctl("get", "--prefix", "--keys-only", "--limit=1", prefix)
                .strip();
    }

    private static void revokeLeaseOf(String key) {
        long lease = number("\"lease\":(\\d+)", cluster.etcdctl("get", key, "-w", "json"));
        assertThat(cluster.etcdctl("lease", "revoke", Long.toHexString(lease))).contains("revoked");
    }

    /** How many keys it were. */
    private static long delete(String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.add(0, "del");
        return Long.parseLong(cluster.etcdctl(command.toArray(String[]::new)).strip());
    }

    private static void put(String key, String value) {
        assertThat(cluster.etcdctl("put", key, "--", value)).isEqualTo("OK\n");
    }

    private static long number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
