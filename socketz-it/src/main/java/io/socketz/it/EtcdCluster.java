package io.socketz.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An etcd cluster of real processes on loopback, to start, harm and mend. For one thread. It ends with the JVM and
 * leaves nothing behind. Members are numbered from 0.
 *
 * <p>Elections take half a second, so that tests are fast; the shortest lease is therefore 1 s.
 *
 * <p>Nothing waits for more than 30 s: then an {@link IllegalStateException} says what was missing.
 */
public final class EtcdCluster implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;
    private static final List<String> QUICK_ELECTIONS = List.of("--heartbeat-interval=50", "--election-timeout=500");
    private static final String FOLDER = "socketz-etcd";
    private static final Path MEMORY = Path.of("/dev/shm");

    /** For some clusters at once: a member takes 64 MB for its log before it writes anything. */
    private static final long ENOUGH_BYTES = 2L << 30;

    private static final Set<EtcdCluster> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(EtcdCluster::close), "end of etcd"));
    }

    private final Path folder;
    private final List<EtcdMember> members;
    private final List<String> etcdctlFlags;

    /** How often all data was wiped: the new cluster must not accept members of the old one. */
    private int generation;

    private EtcdCluster(Path folder, List<EtcdMember> members, List<String> etcdctlFlags) {
        this.folder = folder;
        this.members = members;
        this.etcdctlFlags = etcdctlFlags;
    }

    /** Starts {@code members} members without TLS and waits until they are healthy. */
    public static EtcdCluster start(int members) {
        return start(members, "http", List.of(), List.of());
    }

    /**
     * Starts a cluster and waits until it is healthy.
     *
     * @param members how many; usually an odd number
     * @param scheme for clients: {@code http} or {@code https}
     * @param etcdFlags of every member, such as {@code --auth-token-ttl=5} or {@code --cert-file=...}
     * @param etcdctlFlags that {@link #etcdctl} needs to connect, such as {@code --cacert=...}
     */
    public static EtcdCluster start(int members, String scheme, List<String> etcdFlags, List<String> etcdctlFlags) {
        for (int attempt = 1; ; attempt++) {
            EtcdCluster cluster = create(members, scheme, etcdFlags, etcdctlFlags);
            OPEN.add(cluster);
            try {
                cluster.startAll();
                return cluster;
            } catch (PortTaken e) {
                cluster.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (RuntimeException | Error e) {
                cluster.close();
                throw e;
            }
        }
    }

    private static EtcdCluster create(int count, String scheme, List<String> etcdFlags, List<String> etcdctlFlags) {
        List<Integer> ports = FreePorts.take(3 * count);
        List<String> flags = new ArrayList<>(QUICK_ELECTIONS);
        flags.addAll(etcdFlags);
        List<EtcdMember> members = new ArrayList<>();
        try {
            Path folder = createFolder();
            for (int i = 0; i < count; i++) {
                members.add(new EtcdMember(i, folder, scheme, ports.subList(3 * i, 3 * i + 3), flags));
            }
            return new EtcdCluster(folder, members, List.copyOf(etcdctlFlags));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In memory if possible: etcd waits for its disk at every write, which tests do not need. */
    private static Path createFolder() throws IOException {
        String chosen = System.getenv("SOCKETZ_ETCD_DATA");
        if (chosen != null) {
            return Files.createTempDirectory(Path.of(chosen), FOLDER);
        }
        return hasRoom(MEMORY) ? Files.createTempDirectory(MEMORY, FOLDER) : Files.createTempDirectory(FOLDER);
    }

    /** In a container there are often only 64 MiB, which a single member fills, and then ends with SIGBUS. */
    private static boolean hasRoom(Path folder) throws IOException {
        return Files.isWritable(folder) && Files.getFileStore(folder).getUsableSpace() >= ENOUGH_BYTES;
    }

    /** How many members there are, running or not. */
    public int size() {
        return members.size();
    }

    /** The addresses of all members, running or not: {@code http://127.0.0.1:port}. */
    public List<URI> endpoints() {
        return members.stream().map(EtcdMember::endpoint).toList();
    }

    /** The address of a member. */
    public URI endpoint(int member) {
        return members.get(member).endpoint();
    }

    /** Kills a member, as a power cut does (SIGKILL). */
    public void kill(int member) {
        members.get(member).kill();
    }

    /** Stops a member as an operator does (SIGTERM): it tells its clients, and hands over its leadership. */
    public void terminate(int member) {
        EtcdMember target = members.get(member);
        target.terminate();
        if (!target.awaitEnd(LIMIT)) {
            throw new IllegalStateException(target.name() + " does not end\n" + target.lastLines());
        }
    }

    /** Stops a member without closing its connections, as a broken network does (SIGSTOP). */
    public void pause(int member) {
        members.get(member).pause();
    }

    /** Lets a paused member continue (SIGCONT). */
    public void resume(int member) {
        members.get(member).resume();
    }

    /** Starts a member that has ended, with the data it had. Does not wait for it: see {@link #awaitHealthy}. */
    public void startMember(int member) {
        String all = members.stream().map(EtcdMember::peer).collect(Collectors.joining(","));
        members.get(member).join(all, "socketz" + generation);
        members.get(member).start();
    }

    /** Kills a member and starts it again with the data it had. */
    public void restart(int member) {
        kill(member);
        startMember(member);
    }

    /** Kills all members. */
    public void stopAll() {
        members.forEach(Daemon::kill);
    }

    /** Starts all members that do not run, and waits until they are healthy. */
    public void startAll() {
        for (int i = 0; i < members.size(); i++) {
            if (!members.get(i).isRunning()) {
                startMember(i);
            }
        }
        awaitHealthy();
    }

    /** Loses all data: kills all members, and starts an empty cluster in their place. */
    public void wipe() {
        stopAll();
        for (EtcdMember member : members) {
            Folders.delete(member.data());
        }
        generation++;
        startAll();
    }

    /**
     * Waits until every member that runs and is not paused is healthy: it knows a leader, and answers linearizable
     * reads.
     */
    public void awaitHealthy() {
        await("etcd is not healthy", () -> awake().allMatch(EtcdMember::isHealthy));
    }

    /** The number of the member that leads; waits until one does. */
    public int leader() {
        int[] leader = new int[1];
        await("etcd has no leader", () -> {
            int[] leaders = IntStream.range(0, size())
                    .filter(i -> members.get(i).isAwake() && members.get(i).isLeader())
                    .toArray();
            System.arraycopy(leaders, 0, leader, 0, Math.min(1, leaders.length));
            return leaders.length == 1; // with two, the old one does not know yet
        });
        return leader[0];
    }

    private Stream<EtcdMember> awake() {
        return members.stream().filter(EtcdMember::isAwake);
    }

    /**
     * Runs etcdctl against all members that are awake.
     *
     * @return what it printed to standard output
     * @throws TopologyException if it fails, with what it said
     */
    public String etcdctl(String... arguments) {
        return Etcdctl.run(folder, awake().map(EtcdMember::endpoint).toList(), etcdctlFlags, arguments);
    }

    /** Kills all members and deletes their data. */
    @Override
    public void close() {
        if (OPEN.remove(this)) {
            stopAll();
            Folders.delete(folder);
        }
    }

    private void await(String missing, BooleanSupplier condition) {
        BooleanSupplier checked = () -> {
            boolean holds = condition.getAsBoolean();
            if (!holds) {
                members.forEach(EtcdMember::check);
            }
            return holds;
        };
        if (!Wait.until(checked, LIMIT)) {
            throw new IllegalStateException(missing + "\n"
                    + members.stream()
                            .map(member -> member.name() + ":\n" + member.lastLines())
                            .collect(Collectors.joining("\n")));
        }
    }

    /** Another program has taken a port. */
    static final class PortTaken extends IllegalStateException {
        private static final long serialVersionUID = 1;

        PortTaken(String message) {
            super(message);
        }
    }
}
