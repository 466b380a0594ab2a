package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.it.load.Audit;
import io.socketz.it.load.Conversation;
import io.socketz.it.load.Incident;
import io.socketz.it.load.MovingWatch;
import io.socketz.it.load.Swarm;
import io.socketz.protocol.reply.ClientRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One topology for all tests of a class: three etcd, three servers, HAProxy, as {@code ./socketz up} runs them, 200 clients
 * that come, ask and go, and one that watches them. Each test harms the topology and mends it. {@code -Dsocketz.seed=N}
 * replays the random choices.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class TopologyFaults {
    static final int CLIENTS = 200;
    static final Duration TTL = Duration.ofSeconds(5);
    static final Duration NO_GHOST_AFTER = TTL.plusSeconds(1);

    /** Only a failure takes this long. */
    static final Duration AT_LAST = Duration.ofSeconds(30);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pattern REVISION = Pattern.compile("\"revision\":(\\d+)");
    static final long SEED = Long.getLong("socketz.seed", System.nanoTime());

    @TempDir
    static Path folder;

    static Topology topology;
    static Audit audit;

    private final List<Conversation> guests = new ArrayList<>();
    Swarm swarm;

    /** Sees each change once, whatever happens. Begins at the first server. */
    MovingWatch watch;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("-Dsocketz.seed=" + SEED);
        var unused = Checkout.socketz(); // makes its class archive before seven processes start at once
        topology = Topology.in(Checkout.home(), folder).build();
        topology.start(System.out::println);
        audit = new Audit(topology);
    }

    @AfterAll
    static void stop() {
        topology.close();
    }

    /** Waits for HAProxy too: a mended server must get clients again. */
    @BeforeEach
    void gather() throws Exception {
        Set<UUID> missing = new HashSet<>(ids().keySet());
        Polling.until(
                () -> {
                    missing.remove(visitor().where());
                    return missing;
                },
                Set::isEmpty,
                "HAProxy sends nobody to some servers");
        leave();
        watch = MovingWatch.start(topology);
        Polling.until(() -> watch.revision(), revision -> revision > 0, "the watch does not begin");
        swarm = Swarm.start(topology, CLIENTS, SEED);
        awaitAll();
        swarm.wander();
    }

    /** Mends what a test has left broken. */
    @AfterEach
    void disperse() throws Exception {
        // First, so that nothing waits for a paused server; and the next test needs all members, whatever fails here.
        try {
            for (String name : topology.names()) {
                topology.resume(name);
                topology.start(name, line -> {});
            }
        } finally {
            leave();
            if (swarm != null) { // null if the test did not get that far
                swarm.close();
            }
            if (watch != null) {
                watch.close();
            }
        }
        assertEqual("and none when all have left", Set::of);
        for (MemberStatus status : topology.status()) {
            assertThat(status.health()).as(status.name()).isEqualTo("healthy");
        }
    }

    static void report(String what, String result) {
        System.out.println("topology " + what + ": " + result);
    }

    static String seconds(Duration time) {
        return "%.1f s".formatted(time.toMillis() / 1e3);
    }

    static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    /** Lets a fault last that long. */
    static void last(Duration time) throws InterruptedException {
        Thread.sleep(Math.max(0, time.toMillis()));
    }

    /** Has etcd forget all that happened up to now. */
    static void compact() {
        Matcher revision = REVISION.matcher(topology.etcdctl("get", "nothing", "-w", "json"));
        assertThat(revision.find()).isTrue();
        assertThat(topology.etcdctl("compact", revision.group(1))).contains("compacted");
    }

    // ---- Facts --------------------------------------------------------------------------------------------------

    /** The servers that run, and their names. */
    static Map<UUID, String> ids() throws IOException {
        Map<UUID, String> ids = new HashMap<>();
        for (String server : topology.serverNames()) {
            if (topology.isRunning(server)) {
                ids.put(audit.where(server), server);
            }
        }
        return ids;
    }

    static List<String> others(String server) {
        return topology.serverNames().stream()
                .filter(name -> !name.equals(server))
                .toList();
    }

    /** A client that connects to a server directly, and only waits. */
    Conversation guest(String server, int number) throws IOException {
        Conversation guest = Conversation.guest(topology.port(server), "192.0.2." + number, 1_000 + number, PATIENCE);
        guests.add(guest);
        return guest;
    }

    /** A client through HAProxy, beside the swarm. */
    Conversation visitor() throws IOException {
        Conversation visitor = Conversation.connect(topology.clientPorts().get(0), PATIENCE);
        guests.add(visitor);
        visitor.awaitGreeting();
        return visitor;
    }

    /** All guests and visitors leave. */
    void leave() {
        guests.forEach(Conversation::close);
        guests.clear();
    }

    Set<String> open() {
        Set<String> open = new HashSet<>(swarm.open());
        guests.forEach(guest -> open.add(guest.address()));
        return open;
    }

    // ---- Expectations -------------------------------------------------------------------------------------------

    /** All clients come back and stay; then each server knows exactly these, and the watcher has seen no others. */
    void settle(String what) throws Exception {
        awaitAll();
        assertEqual(what, this::open);
        awaitSeen(watch::clients, "the watcher does not see who is connected, but: " + watch.errors());
        assertThat(watch.errors()).as(what).isEmpty();
        report(what, "watched through " + watch.moves() + ", up to revision " + watch.revision());
    }

    /** Waits until a watch shows those who are connected. */
    final void awaitSeen(Supplier<Set<ClientRecord>> seen, String otherwise) throws Exception {
        Polling.until(
                () -> seen.get().stream().map(ClientRecord::address).collect(Collectors.toSet()),
                Set.copyOf(open())::equals,
                otherwise);
    }

    private void awaitAll() throws Exception {
        swarm.settle();
        Polling.until(() -> swarm.open().size(), open -> open == CLIENTS, "not all clients are connected");
    }

    private static void assertEqual(String what, Supplier<Set<String>> open) throws Exception {
        Audit.Finding finding = audit.await(open, AT_LAST);
        assertThat(finding.differences()).as(what).isEmpty();
        report(what, finding.clients() + " clients, on each roster after " + seconds(finding.after()));
    }

    /** Waits until each HAProxy takes {@code dead} for dead, and its clients are elsewhere. No client wanders then. */
    void awaitMoved(String dead, UUID id) throws Exception {
        for (String proxy : topology.proxyNames()) {
            Polling.until(
                    () -> lastWord(proxy, "Server servers/" + dead + " is "),
                    word -> word.contains(" is DOWN"),
                    proxy + " takes " + dead + " for alive");
        }
        awaitAll();
        Polling.until(() -> swarm.on(id), Set::isEmpty, "not all clients have noticed the end of " + dead);
        awaitAll();
    }

    private static String lastWord(String member, String about) throws IOException {
        try (Stream<String> lines = Files.lines(topology.log(member))) {
            return lines.filter(line -> line.contains(about))
                    .reduce((earlier, later) -> later)
                    .orElse("");
        }
    }

    /** Waits until none of {@code gone} is on the roster of {@code server}, unless it has come back. */
    void awaitGone(String server, Set<String> gone) throws Exception {
        Polling.until(
                () -> {
                    Set<String> ghosts = new HashSet<>(audit.who(server));
                    ghosts.retainAll(gone);
                    ghosts.removeAll(open());
                    return ghosts;
                },
                Set::isEmpty,
                server + " has ghosts");
    }

    /** Watches the member key of that server, whose lease bounds for how long its clients may outlive it. */
    static MemberKey memberKey(UUID server) throws IOException {
        MemberKey key = MemberKey.watch(topology.etcdEndpoints().get(0), server);
        assertThat(key.timeToLive()).isEqualTo(TTL);
        return key;
    }

    /**
     * Waits until etcd has deleted {@code key} and none of {@code gone} is on the rosters of the servers other than
     * {@code dead}. Returns the time in between. Etcd decides when the lease expires, and is late on a busy machine;
     * only what follows is up to the servers.
     */
    Duration awaitGoneWith(MemberKey key, String dead, Set<String> gone) throws Exception {
        long deletedAt = key.awaitDeletion();
        for (String server : others(dead)) {
            awaitGone(server, gone);
        }
        Duration ghosts = since(deletedAt);
        assertThat(ghosts).isLessThan(NO_GHOST_AFTER.minus(TTL));
        return ghosts;
    }

    List<Incident> incidentsSince(long at, Incident.Kind... kinds) {
        List<Incident.Kind> wanted = List.of(kinds);
        return swarm.incidents().stream()
                .filter(incident -> incident.at() - at >= 0 && (kinds.length == 0 || wanted.contains(incident.kind())))
                .toList();
    }

    /** How often each kind of incident happened. */
    Map<Incident.Kind, Long> counts() {
        return swarm.incidents().stream().collect(Collectors.groupingBy(Incident::kind, Collectors.counting()));
    }

    void assertNobodyNoticed() {
        assertThat(swarm.incidents()).isEmpty();
        assertThat(swarm.answers()).isPositive();
    }
}
