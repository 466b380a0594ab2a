package io.socketz.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of an {@link EtcdCluster}. */
final class EtcdMember {
    private static final int LAST_LINES = 30;
    private static final int TIMEOUT_MILLIS = 2_000;

    private final String name;
    private final Path data;
    private final Path log;
    private final URI client;
    private final URI peer;

    /** Health and metrics, without TLS and without users. */
    private final URI metrics;

    private final List<String> flags;

    private @Nullable Process process;

    private boolean paused;

    /** Whether it has ended because it was told to. */
    private boolean stopped = true;

    /**
     * A member that does not run yet.
     *
     * @param ports for clients, for other members, for metrics
     * @param flags further flags of etcd
     */
    EtcdMember(int index, Path folder, String scheme, List<Integer> ports, List<String> flags) {
        this.name = "etcd%02d".formatted(index + 1);
        this.data = folder.resolve(name);
        this.log = folder.resolve(name + ".log");
        this.client = URI.create(scheme + "://127.0.0.1:" + ports.get(0));
        this.peer = URI.create("http://127.0.0.1:" + ports.get(1));
        this.metrics = URI.create("http://127.0.0.1:" + ports.get(2));
        this.flags = List.copyOf(flags);
    }

    URI endpoint() {
        return client;
    }

    /** As a part of {@code --initial-cluster}. */
    String peer() {
        return name + "=" + peer;
    }

    Path data() {
        return data;
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Whether it should answer. */
    boolean isAwake() {
        return !stopped && !paused;
    }

    /**
     * Starts it, if it does not run.
     *
     * @param all {@link #peer} of all members
     * @param token of the cluster; another one when it begins anew
     */
    void start(String all, String token) {
        if (isRunning()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(
                "etcd",
                "--name=" + name,
                "--data-dir=" + data,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--listen-metrics-urls=" + metrics,
                "--initial-cluster=" + all,
                "--initial-cluster-token=" + token,
                "--initial-cluster-state=new",
                "--heartbeat-interval=50",
                "--election-timeout=500"));
        command.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("ETCD_"));
        if (System.getProperty("os.arch").equals("aarch64")) {
            builder.environment().put("ETCD_UNSUPPORTED_ARCH", "arm64"); // 3.4 asks for it
        }
        process = spawn(builder);
        paused = false;
        stopped = false;
    }

    /** Starts a program, or says which one is missing. */
    static Process spawn(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            String program = builder.command().get(0);
            throw new IllegalStateException(
                    "cannot run " + program + ": please install etcd (Debian: etcd-server and etcd-client)", e);
        }
    }

    /** Sends a signal, if it runs; waits for its end if it is one that ends it. */
    void signal(String signal) {
        Process target = process;
        if (target == null || !target.isAlive()) {
            return;
        }
        boolean ends = signal.equals("KILL") || signal.equals("TERM");
        stopped |= ends;
        paused = !ends && signal.equals("STOP");
        try {
            if (signal.equals("KILL")) {
                target.destroyForcibly();
            } else {
                new ProcessBuilder("kill", "-" + signal, Long.toString(target.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
            }
            if (paused) {
                awaitPause(target.pid());
            }
            if (ends && !target.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " does not end\n" + lastLines());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw EtcdCluster.interrupted();
        }
    }

    /** A signal takes effect some time after it was sent, and until then the member answers. */
    private static void awaitPause(long pid) throws IOException, InterruptedException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        for (int i = 0; i < 500 && Files.exists(status); i++) { // elsewhere than on Linux one hopes
            if (Files.readAllLines(status).stream().anyMatch(line -> line.matches("State:\\s+T.*"))) {
                return;
            }
            Thread.sleep(10);
        }
    }

    /**
     * Sees whether it has ended though nobody told it to.
     *
     * @throws EtcdCluster.PortTaken if it could not listen
     */
    void check() {
        if (!stopped && !isRunning()) {
            String message = name + " has ended:\n" + lastLines();
            throw message.contains("address already in use")
                    ? new EtcdCluster.PortTaken(message)
                    : new IllegalStateException(message);
        }
    }

    boolean isHealthy() {
        return get("/health").contains("\"health\":\"true\"");
    }

    boolean isLeader() {
        return get("/metrics").lines().anyMatch(line -> line.equals("etcd_server_is_leader 1"));
    }

    /** What it answers to HTTP; nothing if it does not. */
    private String get(String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(metrics.getHost(), metrics.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    String lastLines() {
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            return name + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return name + ": " + e;
        }
    }
}
