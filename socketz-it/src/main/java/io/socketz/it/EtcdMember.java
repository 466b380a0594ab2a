package io.socketz.it;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A member of an etcd cluster, on 127.0.0.1. */
final class EtcdMember extends Daemon {
    private final Path data;
    private final URI client;
    private final URI peer;

    /** Health and metrics, without TLS and without users. */
    private final URI metrics;

    private final List<String> flags;

    /** The values of {@code --initial-cluster} and its token. Written by the thread that starts it. */
    private volatile String all = "";

    private volatile String token = "";

    /**
     * A member that does not run yet.
     *
     * @param index from 0
     * @param ports for clients, for other members, for metrics
     * @param flags further flags of etcd
     */
    EtcdMember(int index, Path folder, String scheme, List<Integer> ports, List<String> flags) {
        this("etcd%02d".formatted(index + 1), folder, scheme, ports, flags);
    }

    private EtcdMember(String name, Path folder, String scheme, List<Integer> ports, List<String> flags) {
        super(name, ports.get(0), folder.resolve(name + ".log"));
        this.data = folder.resolve(name);
        this.client = URI.create(scheme + "://127.0.0.1:" + ports.get(0));
        this.peer = URI.create("http://127.0.0.1:" + ports.get(1));
        this.metrics = URI.create("http://127.0.0.1:" + ports.get(2));
        this.flags = List.copyOf(flags);
    }

    URI endpoint() {
        return client;
    }

    /** Its part of {@code --initial-cluster}. */
    String peer() {
        return name() + "=" + peer;
    }

    Path data() {
        return data;
    }

    /**
     * Says which cluster it starts in.
     *
     * @param all {@link #peer} of all members
     * @param token of the cluster; a new one when its data was wiped
     */
    void join(String all, String token) {
        this.all = all;
        this.token = token;
    }

    @Override
    String kind() {
        return "etcd";
    }

    @Override
    ProcessBuilder command() {
        List<String> command = new ArrayList<>(List.of(
                Programs.require("etcd", "Debian: etcd-server"),
                "--name=" + name(),
                "--data-dir=" + data,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--listen-metrics-urls=" + metrics,
                "--initial-cluster=" + all,
                "--initial-cluster-token=" + token,
                "--initial-cluster-state=new"));
        command.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(variable -> variable.startsWith("ETCD_"));
        if (System.getProperty("os.arch").equals("aarch64")) {
            builder.environment().put("ETCD_UNSUPPORTED_ARCH", "arm64"); // 3.4 requires it
        }
        return builder;
    }

    /**
     * Checks that it has not ended by itself.
     *
     * @throws EtcdCluster.PortTaken if it could not listen
     */
    void check() {
        if (hasEnded()) {
            String message = name() + " has ended:\n" + lastLines();
            throw message.contains("address already in use")
                    ? new EtcdCluster.PortTaken(message)
                    : new IllegalStateException(message);
        }
    }

    @Override
    boolean isHealthy() {
        return get("/health").contains("\"health\":\"true\"");
    }

    boolean isLeader() {
        return get("/metrics").lines().anyMatch(line -> line.equals("etcd_server_is_leader 1"));
    }

    private String get(String path) {
        return ask(metrics.getPort(), "GET " + path + " HTTP/1.0\r\n\r\n");
    }
}
