package io.socketz.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The members of a {@link Topology} and their ports: by default three etcd, three servers and one HAProxy, on any free
 * ports.
 */
public final class TopologyBuilder {
    /** Compaction keeps etcd's memory bounded. */
    private static final List<String> ETCD_FLAGS = List.of("--auto-compaction-retention=1h");

    /** From a client's port of etcd to the next member's. */
    private static final int ETCD_STEP = 10;

    /** From a server's port to its agent's. */
    private static final int AGENT_OFFSET = 100;

    /** From a server's port to its admin port. */
    private static final int ADMIN_OFFSET = 200;

    private final Path home;
    private final Path folder;
    private int etcdCount = 3;
    private int serverCount = 3;
    private int proxyCount = 1;
    private int clientPort;
    private int statisticsPort;
    private int serverPort;
    private int etcdPort;

    /** More options of {@code serve}. */
    private final List<String> serverOptions = new ArrayList<>();

    private final Map<Integer, String> chosen = new HashMap<>();

    TopologyBuilder(Path home, Path folder) {
        this.home = home;
        this.folder = folder;
    }

    /** How many members of etcd: an odd number, 1 to {@value Topology#MOST_ETCD}. */
    public TopologyBuilder etcd(int count) {
        if (count < 1 || count > Topology.MOST_ETCD || count % 2 == 0) {
            throw new IllegalArgumentException("'" + count + "' is not an odd number from 1 to " + Topology.MOST_ETCD);
        }
        this.etcdCount = count;
        return this;
    }

    /** How many servers: 1 to {@value Topology#MOST_SERVERS}. */
    public TopologyBuilder servers(int count) {
        if (count < 1 || count > Topology.MOST_SERVERS) {
            throw new IllegalArgumentException("'" + count + "' is not a number from 1 to " + Topology.MOST_SERVERS);
        }
        this.serverCount = count;
        return this;
    }

    /** How many HAProxy instances: 1 to {@value Topology#MOST_PROXIES}. */
    public TopologyBuilder proxies(int count) {
        if (count < 1 || count > Topology.MOST_PROXIES) {
            throw new IllegalArgumentException("'" + count + "' is not a number from 1 to " + Topology.MOST_PROXIES);
        }
        this.proxyCount = count;
        return this;
    }

    /** The port of the first HAProxy for clients; the others use the next ports. 0: any free ports. */
    public TopologyBuilder clientPort(int first) {
        this.clientPort = first;
        return this;
    }

    /** The port of the first HAProxy's statistics; the others use the next ports. 0: any free ports. */
    public TopologyBuilder statisticsPort(int first) {
        this.statisticsPort = first;
        return this;
    }

    /** The port of the first server; the others use the next ports, their agents ports 100 above, their admin ports 200 above. 0: any free ports. */
    public TopologyBuilder serverPort(int first) {
        this.serverPort = first;
        return this;
    }

    /**
     * The port of the first member of etcd, which uses two more; the others' ports are 10, 20, ... above. 0: any free
     * ports.
     */
    public TopologyBuilder etcdPort(int first) {
        this.etcdPort = first;
        return this;
    }

    /** Servers with more than their share of the clients let some go, {@code after} nothing has changed for so long. */
    public TopologyBuilder rebalance(Duration after) {
        serverOptions.add("--rebalance");
        serverOptions.add("--rebalance-after=" + after.toMillis() + "ms");
        return this;
    }

    /** The topology, not started. */
    public Topology build() {
        chosen.clear();
        Iterator<Integer> free =
                FreePorts.take(3 * etcdCount + 3 * serverCount + 2 * proxyCount).iterator();
        List<EtcdMember> etcd = new ArrayList<>();
        for (int i = 0; i < etcdCount; i++) {
            List<Integer> ports = new ArrayList<>();
            for (int part = 0; part < 3; part++) {
                ports.add(port(etcdPort, ETCD_STEP * i + part, free, "etcd%02d".formatted(i + 1), "--etcd-port"));
            }
            etcd.add(new EtcdMember(i, folder, "http", ports, ETCD_FLAGS));
        }
        List<ServerMember> servers = new ArrayList<>();
        for (int i = 0; i < serverCount; i++) {
            String name = "server%02d".formatted(i + 1);
            int port = port(serverPort, i, free, name, "--server-port");
            int agent = port(serverPort, AGENT_OFFSET + i, free, name, "--server-port");
            int admin = port(serverPort, ADMIN_OFFSET + i, free, name, "--server-port");
            servers.add(new ServerMember(
                    name,
                    port,
                    agent,
                    admin,
                    folder,
                    home,
                    etcd.stream().map(EtcdMember::endpoint).toList(),
                    serverOptions));
        }
        List<HaproxyMember> proxies = new ArrayList<>();
        for (int i = 0; i < proxyCount; i++) {
            String name = "haproxy%02d".formatted(i + 1);
            int port = port(clientPort, i, free, name, "--client-port");
            int statistics = port(statisticsPort, i, free, name, "--stats-port");
            proxies.add(new HaproxyMember(name, port, statistics, folder, home, servers));
        }
        return Topology.of(folder, etcd, servers, proxies, chosen);
    }

    private int port(int first, int offset, Iterator<Integer> free, String member, String option) {
        if (first == 0) {
            return free.next();
        }
        int port = first + offset;
        if (port > 65_535) {
            throw new TopologyException(
                    "there is no port " + port + " for " + member + ": choose another with " + option);
        }
        String taken = "port " + port + " for " + member + " is already in use: choose another with " + option;
        if (chosen.put(port, taken) != null) {
            throw new TopologyException("port " + port + " is needed twice: choose another with " + option);
        }
        return port;
    }
}
