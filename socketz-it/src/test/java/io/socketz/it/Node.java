package io.socketz.it;

import io.socketz.state.AuditResult;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.KickResult;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.EtcdRegistry;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.EtcdTransport;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A server without connections: a registry with its own thread and, kept apart from it, the clients that have joined.
 */
final class Node implements AutoCloseable {
    /** The shortest useful lease: etcd looks for expired leases twice a second. */
    static final Duration TTL = Duration.ofSeconds(2);

    private final Way way;
    private final StateThread state;
    private final EtcdTransport transport;
    private final Registry registry;

    /** What its listener has heard. */
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    /** The clients, in the order in which they joined. Owned by the thread that lets them join. */
    private final List<Client> clients = new ArrayList<>();

    private int addresses;

    private Node(Way way, Member self, String prefix, List<URI> endpoints) {
        this.way = way;
        this.state = new StateThread("state of " + self.name());
        AtomicReference<@Nullable EtcdTransport> opened = new AtomicReference<>();
        this.registry = EtcdRegistry.factory(
                        new ClusterSettings(prefix, TTL),
                        owner -> {
                            EtcdTransport transport = way.open(EtcdOptions.of(endpoints), owner);
                            opened.set(transport);
                            return transport;
                        },
                        new Listener())
                .open(self, state);
        EtcdTransport transport = opened.get();
        if (transport == null) {
            throw new AssertionError("no transport");
        }
        this.transport = transport;
    }

    /** Opens a node without clients. */
    static Node open(Way way, String name, String prefix, List<URI> endpoints) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new Node(way, new Member(UUID.randomUUID(), name, "127.0.0.1:5151", now), prefix, endpoints);
    }

    Way way() {
        return way;
    }

    UUID id() {
        return registry.self().id();
    }

    List<Client> clients() {
        return clients;
    }

    /** What its listener has heard so far. */
    List<String> told() {
        synchronized (told) {
            return List.copyOf(told);
        }
    }

    Client join() {
        int number = addresses++ % 65_000;
        Client client = registry.join("192.0.2.1:" + (1 + number), number % 3 == 0 ? "10.0.0.2:" + number : null);
        clients.add(client);
        return client;
    }

    void join(int count) {
        for (int i = 0; i < count; i++) {
            join();
        }
    }

    /** Has clients of any server disconnected. */
    CompletableFuture<KickResult> kick(List<Client> others) {
        return registry.kick(others, "a reason");
    }

    /** Compares its clients with its keys. */
    CompletableFuture<Optional<AuditResult>> audit() {
        return registry.audit();
    }

    void leave(int index) {
        registry.leave(clients.remove(index));
    }

    Roster roster() {
        return io.socketz.state.Await.get(registry.roster());
    }

    CompletableFuture<FreshRoster> fresh() {
        return registry.freshRoster();
    }

    /** Ends it as a power cut does: sends nothing to etcd, and closes connections. */
    void kill() {
        state.close();
        transport.close();
    }

    /** Ends it as an operator does. */
    @Override
    public void close() {
        registry.close();
        state.close();
    }

    @Override
    public String toString() {
        return registry.self().name() + " by " + way;
    }

    private final class Listener implements EtcdRegistryListener {
        @Override
        public void onConnected(int members, int clients, long revision) {
            told.add("connected: " + members + " members");
        }

        @Override
        public void onDisconnected(EtcdFailure failure) {
            told.add("disconnected: " + failure.kind() + " " + failure);
        }

        @Override
        public void onLapsed(Duration sinceRenewed) {
            told.add("lapsed: " + sinceRenewed.toMillis() + " ms after it was renewed");
        }

        @Override
        public void onDataLost(long revision, long before) {
            told.add("data lost: revision " + revision + " after " + before);
        }

        @Override
        public void onSkipped(String key, String why) {
            told.add("skipped: " + key + ": " + why);
        }
    }
}
