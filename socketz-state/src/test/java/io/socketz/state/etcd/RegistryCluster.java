package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Registries on one etcd, with clients that come and go, and what all of them should show. Used by one test thread. */
public final class RegistryCluster implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(50);

    private final LiveEtcd etcd;
    private String prefix = "/socketz";
    private Keys keys = new Keys(prefix);
    private final List<Server> servers = new ArrayList<>();
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();

    /** What the registries reported, for people. */
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    private final AtomicInteger lapses = new AtomicInteger();

    public RegistryCluster(LiveEtcd etcd) {
        this.etcd = etcd;
    }

    /** Sets the prefix of all keys. Must be called first. */
    public void usePrefix(String prefix) {
        this.prefix = prefix;
        keys = new Keys(prefix);
    }

    /** A server. */
    public final class Server {
        private final StateThread state = new StateThread("state");
        private final Registry registry;
        private final Deque<Client> clients = new ArrayDeque<>();

        private Server(
                int number, long leaseSeconds, Function<EtcdTransport.CallbackExecutor, EtcdTransport> transport) {
            Member self = new Member(
                    UUID.randomUUID(),
                    "server0" + number,
                    "10.0.0.1" + number + ":5151",
                    Instant.now().truncatedTo(ChronoUnit.MILLIS));
            registry = EtcdRegistry.factory(
                            new ClusterSettings(prefix, Duration.ofSeconds(leaseSeconds)),
                            transport,
                            new EtcdRegistryListener() {
                                @Override
                                public void onDisconnected(EtcdFailure failure) {
                                    told.add(self.name() + ": " + failure.kind() + ": " + failure);
                                }

                                @Override
                                public void onLapsed(Duration sinceRenewed) {
                                    lapses.incrementAndGet();
                                    told.add(self.name() + ": lapsed");
                                }
                            })
                    .open(self, state);
        }

        public Client join() {
            Client client = registry.join("203.0.113.7:" + (50_000 + clients.size()), null);
            clients.addLast(client);
            return client;
        }

        /** The oldest client leaves. */
        public Client leave() {
            Client client = clients.removeFirst();
            registry.leave(client);
            return client;
        }

        /** That client leaves. */
        public void leave(Client client) {
            clients.remove(client);
            registry.leave(client);
        }

        /** The prefix of its clients' keys. */
        public String clientKeys() {
            String first = keys.client(registry.self().id(), 1);
            return first.substring(0, first.length() - 1);
        }

        public String memberKey() {
            return keys.member(registry.self().id());
        }

        public String key(Client client) {
            return keys.client(client.server(), client.number());
        }

        /** Blocks its state thread until the latch opens. */
        public void holdUntil(CountDownLatch go) {
            state.execute(() -> Await.latch(go));
        }

        /** How many clients it shows. */
        public int shown() {
            return Await.get(registry.roster()).size();
        }
    }

    public Server open(long leaseSeconds, Function<EtcdTransport.CallbackExecutor, EtcdTransport> transport) {
        Server server = new Server(servers.size() + 1, leaseSeconds, transport);
        servers.add(server);
        return server;
    }

    public Server server(int index) {
        return servers.get(index);
    }

    /** At every server, two join and one leaves. */
    public void churn() {
        for (Server server : servers) {
            server.join();
            server.join();
            server.leave();
        }
    }

    /** How many times a server was no member any more, while etcd was there. */
    public int lapses() {
        return lapses.get();
    }

    /** Whether a watch was in doubt for the sake of its silence alone. */
    public boolean toldOfSilence() {
        return told.stream().anyMatch(line -> line.contains("the watch is silent"));
    }

    /** Waits until all show all clients, each as the one that it is, and etcd has their keys and no others. */
    public void awaitRight() {
        awaitNothing(() -> {
            String wrong = wrongShown();
            return wrong.isEmpty() ? wrongKeys() : wrong;
        });
    }

    /** Waits until etcd has the keys of all, and no others. */
    public void awaitWritten() {
        awaitNothing(this::wrongKeys);
    }

    /** Waits until etcd has the member keys of all. */
    public void awaitMembers() {
        await(
                "all are members",
                () -> etcd.keys()
                        .containsAll(servers.stream().map(Server::memberKey).toList()));
    }

    /** Waits until a condition holds. */
    public void await(String what, BooleanSupplier condition) {
        awaitNothing(() -> condition.getAsBoolean() ? "" : "not so after 50 s: " + what);
    }

    private void awaitNothing(Supplier<String> wrong) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (String now = wrong.get(); !now.isEmpty(); now = wrong.get()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(now + "\ntold: " + told);
            }
            awaitChange(20);
        }
    }

    private void awaitChange(long millis) {
        try {
            etcd.nextChange().get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // the condition may need no change in etcd
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What is shown wrong; empty for nothing. */
    private String wrongShown() {
        List<Client> all = new ArrayList<>();
        servers.forEach(server -> all.addAll(server.clients));
        all.sort(Client.JOIN_ORDER);
        for (Server server : servers) {
            List<Client> shown = Await.get(server.registry.roster()).clients();
            if (!shown.equals(all)) {
                Set<Client> ghosts = new LinkedHashSet<>(shown);
                all.forEach(ghosts::remove);
                Set<Client> missing = new LinkedHashSet<>(all);
                shown.forEach(missing::remove);
                String name = server.registry.self().name();
                return name + " shows ghosts " + brief(ghosts) + " and misses " + brief(missing);
            }
        }
        return "";
    }

    /** What is wrong in etcd; empty for nothing. */
    private String wrongKeys() {
        Set<String> keys = new TreeSet<>();
        for (Server server : servers) {
            keys.add(server.memberKey());
            server.clients.forEach(client -> keys.add(server.key(client)));
        }
        Set<String> there = etcd.keys();
        there.removeIf(this.keys::isClosed);
        return there.equals(keys) ? "" : "etcd has " + brief(there) + " instead of " + brief(keys);
    }

    private static String brief(Collection<?> all) {
        return all.size() <= 20 ? all.toString() : all.size() + " items";
    }

    /**
     * Writes the keys of another server, on a single lease.
     *
     * @return the lease
     */
    public long addStranger(int clients) {
        UUID id = UUID.randomUUID();
        return etcd.ask(() -> {
            long lease = etcd.grant(600);
            Member self = new Member(id, "stranger", "10.0.0.99:5151", Instant.EPOCH);
            List<Write> writes = new ArrayList<>();
            writes.add(new Write.Put(keys.member(id), EtcdValues.of(self), lease));
            for (int number = 1; number <= clients; number++) {
                Client client = new Client(id, number, "198.51.100.7:" + number, null, number);
                writes.add(new Write.Put(keys.client(id, number), EtcdValues.of(client), lease));
            }
            etcd.commit(writes);
            return lease;
        });
    }

    /** Closes all servers. */
    @Override
    public void close() {
        for (Server server : servers) {
            server.registry.close();
            server.state.close();
        }
    }

    /** Checks that no threads are left once all is closed, except shared ones that gRPC ends later. */
    public void assertNothingLeft() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && !isShared(thread)) {
                Await.end(thread);
            }
        }
    }

    private static boolean isShared(Thread thread) {
        return thread.getName().startsWith("grpc-")
                || thread.getName().startsWith("ForkJoinPool")
                || thread.getName().startsWith("junit-");
    }

    /** Checks that all servers have deleted their keys. */
    public void assertLeft() {
        assertThat(etcd.keys()).isEmpty();
    }
}
