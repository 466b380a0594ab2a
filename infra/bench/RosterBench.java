import io.socketz.protocol.reply.Reply;
import io.socketz.state.Registry;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.EtcdRegistry;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.etcd.transport.Write;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/** Measures what a roster of a million clients costs: heap, a join, a rendering. etcd is simulated, so nothing else counts. */
public final class RosterBench implements EtcdTransport {
    private static final int SERVERS = 3;
    private static final int PAGE = 4_000;
    private static final String PREFIX = "/socketz/v1/";

    private final int clients;
    private final UUID[] servers = new UUID[SERVERS];
    private final CallbackExecutor owner;
    private WatchListener watch;
    private long revision = 1;
    private long lease;

    private RosterBench(int clients, CallbackExecutor owner) {
        this.clients = clients;
        this.owner = owner;
        for (int i = 0; i < SERVERS; i++) {
            servers[i] = new UUID(1, i);
        }
    }

    public static void main(String[] args) throws Exception {
        int clients = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        long before = heap();
        StateThread state = new StateThread("state");
        RosterBench[] etcd = new RosterBench[1];
        CountDownLatch connected = new CountDownLatch(1);
        Member self = new Member(new UUID(0, 0), "server", "127.0.0.1:5151", Instant.EPOCH);
        long started = System.nanoTime();
        Registry registry = EtcdRegistry.factory(ClusterSettings.DEFAULT,
                owner -> etcd[0] = new RosterBench(clients, owner), new EtcdRegistryListener() {
                    @Override
                    public void onConnected(int members, int all, long revision) {
                        connected.countDown();
                    }
                }).open(self, state);
        connected.await();
        registry.roster().get();
        System.out.printf("%,d clients on %d servers, half of them behind a proxy%n", clients, SERVERS);
        System.out.printf("read                 %,8d ms%n", (System.nanoTime() - started) / 1_000_000);
        System.out.printf("heap                 %,8d bytes a client%n", (heap() - before) / clients);
        for (int round = 0; round < 3; round++) {
            System.out.printf("join and leave       %8.2f us each%n", etcd[0].applyJoins(50_000, 100) / 1000.0);
        }
        for (int round = 0; round < 5; round++) {
            long[] snapshot = new long[1];
            long rendering = time(() -> etcd[0].applyJoins(2, 2), registry, snapshot);
            System.out.printf("first WHO            %8.1f ms to render, after %.1f ms to copy%n", rendering / 1e6, snapshot[0] / 1e6);
        }
        registry.close();
        state.close();
    }

    private static long time(LongSupplier change, Registry registry, long[] snapshot) throws Exception {
        change.getAsLong();
        long asked = System.nanoTime();
        Roster roster = registry.roster().get();
        long got = System.nanoTime();
        byte[] text = new Reply.ClientList(
                        roster.clients().stream().map(Client::address).toList())
                .toBytes();
        long rendered = System.nanoTime();
        if (text.length < 20 * roster.size()) {
            throw new AssertionError(text.length);
        }
        snapshot[0] = got - asked;
        return rendered - got;
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Joins, and then leaves, of other servers' clients, in batches as a watch delivers them; returns nanoseconds per change. */
    private long applyJoins(int count, int batch) {
        List<List<WatchEvent>> batches = new ArrayList<>();
        for (int leaving = 0; leaving < 2; leaving++) {
            for (int from = 0; from < count; from += batch) {
                List<WatchEvent> events = new ArrayList<>();
                for (int i = from; i < from + batch; i++) {
                    KeyValue entry = client(clients + i, ++revision);
                    events.add(new WatchEvent(entry.key(), leaving == 1 ? null : entry, revision));
                }
                batches.add(events);
            }
        }
        CountDownLatch done = new CountDownLatch(1);
        long[] took = new long[1];
        owner.execute(now -> {
            long start = System.nanoTime();
            batches.forEach(events -> watch.onEvents(now, events));
            took[0] = System.nanoTime() - start;
            done.countDown();
        });
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return took[0] / (2L * count);
    }

    private KeyValue client(int i, long revision) {
        int number = i / SERVERS + 1;
        String address = "10." + (i >> 16 & 255) + "." + (i >> 8 & 255) + "." + (i & 255) + ":" + (1024 + i % 60_000);
        String via = i % 2 == 0 ? "" : "\",\"via\":\"10.0.0.2:" + (1024 + i % 60_000);
        long millis = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli() + i;
        String value = "{\"addr\":\"" + address + via + "\",\"since\":\"" + Instant.ofEpochMilli(millis) + "\"}";
        return new KeyValue(PREFIX + "clients/" + servers[i % SERVERS] + "/" + number,
                value.getBytes(StandardCharsets.US_ASCII), 1, revision);
    }

    /** Clients first, not ordered by key, since the order does not matter; then the members. */
    @Override
    public Call range(String from, String to, long at, int limit, Answer<RangePage> answer) {
        int first = from.equals(PREFIX) ? 0 : Integer.parseInt(from.substring(from.lastIndexOf('#') + 1, from.length() - 1));
        owner.execute(now -> {
            List<KeyValue> entries = new ArrayList<>();
            for (int i = first; i < Math.min(clients, first + PAGE - 1); i++) {
                entries.add(client(i, 1));
            }
            int next = Math.min(clients, first + PAGE - 1);
            boolean more = next < clients;
            if (more) {
                entries.add(new KeyValue(PREFIX + "#" + next, new byte[0], 0, 1)); // where the next page begins; the roster skips it
            } else {
                for (UUID server : servers) {
                    entries.add(new KeyValue(PREFIX + "members/" + server,
                            "{\"name\":\"s\",\"addr\":\"10.0.0.1:5151\",\"since\":\"2026-01-31T12:00:00Z\"}"
                                    .getBytes(StandardCharsets.US_ASCII), 1, 1));
                }
            }
            answer.onAnswer(now, new RangePage(entries, more, 1));
        });
        return () -> {};
    }

    @Override
    public Call watch(String from, String to, long at, WatchListener listener) {
        watch = listener;
        owner.execute(listener::onCreated);
        return () -> {};
    }

    @Override
    public Call grantLease(long ttlSeconds, Answer<Long> answer) {
        return answer(answer, ++lease);
    }

    @Override
    public Call keepAlive(long lease, Answer<Long> answer) {
        return answer(answer, 5L);
    }

    @Override
    public Call revokeLease(long lease, Answer<Long> answer) {
        return answer(answer, revision);
    }

    @Override
    public Call commit(List<Write> writes, Answer<Long> answer) {
        return answer(answer, ++revision);
    }

    @Override
    public Call revision(String key, Answer<Long> answer) {
        return answer(answer, revision);
    }

    private <T> Call answer(Answer<T> answer, T value) {
        owner.execute(now -> answer.onAnswer(now, value));
        return () -> {};
    }

    @Override
    public void close() {}
}
