import io.etcd.jetcd.ByteSequence;
import io.socketz.state.Registry;
import io.socketz.state.etcd.ClusterSettings;
import io.etcd.jetcd.KV;
import io.socketz.it.EtcdCluster;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.EtcdRegistry;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.gateway.GatewayTransport;
import io.socketz.state.jetcd.JetcdTransport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Measures servers' registries on a real etcd of three members: how fast joins are written and seen, and how they recover
 * from faults.
 */
public final class ClusterBench {
    private static final int MANY = 10_000;

    private static String transport = "jetcd";

    /** A server's registry, without the server. */
    private static final class Node implements AutoCloseable {
        final StateThread state = new StateThread("state");
        final AtomicLong requests = new AtomicLong();
        final Registry registry;
        private EtcdTransport way;

        Node(EtcdCluster etcd) throws InterruptedException {
            CountDownLatch connected = new CountDownLatch(1);
            Member self = new Member(UUID.randomUUID(), "server", "127.0.0.1:5151", Instant.ofEpochMilli(0));
            registry = EtcdRegistry.factory(ClusterSettings.DEFAULT, owner -> {
                EtcdOptions options = EtcdOptions.of(etcd.endpoints());
                way = transport.equals("jetcd") ? new JetcdTransport(options, owner) : new GatewayTransport(options, owner);
                return counted(way);
            }, new EtcdRegistryListener() {
                @Override
                public void onConnected(int members, int clients, long revision) {
                    connected.countDown();
                }
            }).open(self, state);
            if (!connected.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not connected");
            }
        }

        private EtcdTransport counted(EtcdTransport transport) {
            return (EtcdTransport) Proxy.newProxyInstance(
                    ClusterBench.class.getClassLoader(), new Class<?>[] {EtcdTransport.class}, (proxy, method, args) -> {
                        requests.incrementAndGet();
                        try {
                            return method.invoke(transport, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        List<Client> clients() throws Exception {
            return registry.roster().get().clients();
        }

        /** Waits until the roster holds {@code count} clients, 60 s at most. */
        void await(int count) throws Exception {
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (clients().size() != count) {
                if (System.nanoTime() > limit) {
                    throw new IllegalStateException(clients().size() + " clients, not " + count);
                }
                Thread.sleep(1);
            }
        }

        void join(int count) {
            for (int i = 0; i < count; i++) {
                registry.join("10.0." + (i >> 8) + "." + (i & 255) + ":50814", null);
            }
        }

        /** Ends it as a crash would: etcd hears nothing. */
        void crash() {
            way.close();
            state.close();
        }

        @Override
        public void close() {
            registry.close();
            state.close();
        }
    }

    public static void main(String[] args) throws Exception {
        Set<String> what = new HashSet<>(Arrays.asList(args));
        if (what.remove("--gateway")) {
            transport = "gateway";
        }
        System.out.println("three etcd members, transport " + transport);
        for (String part : List.of("joins", "seen", "killed", "idle", "back")) {
            if (what.isEmpty() || what.contains(part)) {
                try (EtcdCluster etcd = EtcdCluster.start(3)) { // each part begins with an empty cluster
                    measure(part, etcd);
                }
            }
        }
        System.exit(0);
    }

    private static void measure(String part, EtcdCluster etcd) throws Exception {
        switch (part) {
            case "joins" -> joins(etcd);
            case "seen" -> seen(etcd);
            case "killed" -> killed(etcd);
            case "idle" -> idle(etcd);
            default -> back(etcd);
        }
    }

    private static void joins(EtcdCluster etcd) throws Exception {
        for (int round = 0; round < 3; round++) {
            if (round > 0) {
                etcd.wipe(); // removes what has not expired yet
            }
            double single = naiveJoins(etcd, 1);
            double windowed = naiveJoins(etcd, 256);
            double ours;
            try (Node a = new Node(etcd); Node b = new Node(etcd)) {
                int warm = 20_000;
                a.join(warm);
                b.await(warm);
                int count = 100_000;
                long start = System.nanoTime();
                a.join(count);
                b.await(warm + count);
                ours = count / seconds(start);
            }
            System.out.printf("joins a second       %,8.0f by one server, all seen by another%n", ours);
            System.out.printf("                     %,8.0f by three servers, all seen by all%n", joinsOfThree(etcd));
            System.out.printf("  one put a join     %,8.0f, one at a time: ratio %.0f%n", single, ours / single);
            System.out.printf("                     %,8.0f, 256 at a time: ratio %.1f%n", windowed, ours / windowed);
        }
    }

    private static double joinsOfThree(EtcdCluster etcd) throws Exception {
        try (Node a = new Node(etcd); Node b = new Node(etcd); Node c = new Node(etcd)) {
            Node[] nodes = {a, b, c};
            int warm = 10_000;
            int count = 40_000;
            for (Node node : nodes) {
                node.join(warm);
            }
            for (Node node : nodes) {
                node.await(3 * warm);
            }
            long start = System.nanoTime();
            for (Node node : nodes) {
                node.join(count);
            }
            for (Node node : nodes) {
                node.await(3 * (warm + count));
            }
            return 3 * count / seconds(start);
        }
    }

    /** One put a join through jetcd, {@code window} in flight at a time, for 3 s. */
    private static double naiveJoins(EtcdCluster etcd, int window) throws Exception {
        try (io.etcd.jetcd.Client client =
                io.etcd.jetcd.Client.builder().endpoints(etcd.endpoints().toArray(URI[]::new)).build()) {
            KV kv = client.getKVClient();
            Semaphore free = new Semaphore(window);
            AtomicInteger done = new AtomicInteger();
            long start = System.nanoTime();
            int i = 0;
            while (seconds(start) < 3) {
                free.acquire();
                var unused = kv.put(bytes("/naive/" + i++), bytes("10.0.0.1:50814")).whenComplete((put, e) -> {
                    done.incrementAndGet();
                    free.release();
                });
            }
            double rate = done.get() / seconds(start);
            free.acquire(window);
            etcd.etcdctl("del", "--prefix", "/naive/");
            return rate;
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    /** 500 joins and leaves a second over three servers; each join is awaited on another one. */
    private static void seen(EtcdCluster etcd) throws Exception {
        Random random = new Random(1);
        try (Node a = new Node(etcd); Node b = new Node(etcd); Node c = new Node(etcd)) {
            Node[] nodes = {a, b, c};
            Deque<Runnable> leaves = new ArrayDeque<>();
            Map<Client, Long> waiting = new HashMap<>();
            long[] took = new long[5_000];
            int n = 0;
            int changes = 0;
            long start = System.nanoTime();
            while (n < took.length) {
                while (changes < 500 * seconds(start)) {
                    if (changes++ % 2 == 0 || leaves.isEmpty()) {
                        Node node = nodes[random.nextInt(3)];
                        long now = System.nanoTime();
                        Client client = node.registry.join("10.0.0.1:" + (changes % 60_000), null);
                        leaves.add(() -> node.registry.leave(client));
                        if (node != c) {
                            waiting.put(client, now);
                        }
                    }
                    if (leaves.size() > 300) {
                        leaves.remove().run();
                    }
                }
                List<Client> clients = c.clients();
                long now = System.nanoTime();
                for (int i = clients.size() - 1; i >= Math.max(0, clients.size() - 400) && n < took.length; i--) {
                    Long joined = waiting.remove(clients.get(i));
                    if (joined != null) {
                        took[n++] = now - joined;
                    }
                }
                Thread.sleep(0, 200_000);
            }
            Arrays.sort(took);
            System.out.printf("join seen elsewhere  %8.1f ms at the median, %.1f ms at p99, of %,d%n",
                    took[took.length / 2] / 1e6, took[took.length * 99 / 100] / 1e6, took.length);
        }
    }

    private static void killed(EtcdCluster etcd) throws Exception {
        try (Node a = new Node(etcd)) {
            Node dying = new Node(etcd);
            a.join(100);
            dying.join(MANY);
            a.await(100 + MANY);
            dying.crash();
            long start = System.nanoTime();
            Set<Integer> sizes = new HashSet<>();
            int size;
            do {
                size = a.clients().size();
                sizes.add(size);
                Thread.sleep(1);
            } while (size == 100 + MANY && seconds(start) < 30);
            System.out.printf("killed server gone   %8.1f s after (TTL 5 s); sizes seen on the way %s%n", seconds(start), sizes);
            for (int i = 0; i < 100; i++) {
                if (a.clients().size() != 100) {
                    throw new IllegalStateException("back again: " + a.clients().size());
                }
                Thread.sleep(10);
            }
        }
    }

    private static void idle(EtcdCluster etcd) throws Exception {
        try (Node a = new Node(etcd)) {
            a.join(15_000);
            a.await(15_000);
            Thread.sleep(2_000);
            long before = a.requests.get();
            Thread.sleep(120_000);
            System.out.printf("idle, 15,000 clients %8.2f requests a second%n", (a.requests.get() - before) / 120.0);
        }
    }

    private static void back(EtcdCluster etcd) throws Exception {
        for (int round = 0; round < 3; round++) {
            try (Node a = new Node(etcd); Node b = new Node(etcd)) {
                a.join(MANY);
                b.await(MANY);
                etcd.wipe();
                long start = System.nanoTime();
                long limit = start + TimeUnit.SECONDS.toNanos(30);
                while (count(etcd) < MANY && System.nanoTime() < limit) {
                    Thread.sleep(5);
                }
                System.out.printf("re-registered        %8.0f ms after etcd is back, empty%n", seconds(start) * 1000);
                b.await(MANY);
            }
        }
    }

    private static int count(EtcdCluster etcd) {
        String keys = etcd.etcdctl("get", "--prefix", "/socketz/v1/clients/", "--keys-only");
        return (int) keys.lines().filter(line -> !line.isEmpty()).count();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
