package io.socketz.it;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real HAProxy with {@code infra/haproxy/haproxy.cfg}, on free ports. */
final class HaproxyProcess implements AutoCloseable {
    private final int port;
    private final int statistics;
    private final Path folder;
    private final Path socket;
    private final Child child;

    private HaproxyProcess(int port, int statistics, Map<String, String> servers, String... options) throws Exception {
        this.port = port;
        this.statistics = statistics;
        Map<String, String> variables = new HashMap<>(servers);
        variables.put("SOCKETZ_BIND", "127.0.0.1:" + port);
        variables.put("SOCKETZ_STATS_BIND", "127.0.0.1:" + statistics);
        this.folder = Files.createTempDirectory("socketz-haproxy");
        this.socket = folder.resolve("socket");
        variables.put("SOCKETZ_HAPROXY_SOCKET", socket.toString());
        this.child = command(variables, options).start();
    }

    /** The variables for servers with an agent port, as server01 and so on. */
    static Map<String, String> variables(ServerProcess... servers) throws Exception {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < servers.length; i++) {
            variables.put("SOCKETZ_SERVER0" + (i + 1), "127.0.0.1:" + servers[i].port());
            variables.put("SOCKETZ_AGENT0" + (i + 1), Integer.toString(servers[i].agentPort()));
        }
        return variables;
    }

    /** Started, with these variables beside its ports. */
    static HaproxyProcess start(Map<String, String> servers) throws Exception {
        return start(servers, "-db");
    }

    /**
     * The same as a master and its worker, which can be reloaded (SIGUSR2). Returns once the master handles signals: up
     * to version 3.0, it executes itself again after it has started the worker, and until that is done a signal kills
     * it or is lost, although the worker already serves clients.
     */
    static HaproxyProcess startWithMaster(Map<String, String> servers) throws Exception {
        int master = FreePorts.take(1).get(0);
        HaproxyProcess haproxy = start(servers, "-W", "-db", "-S", "127.0.0.1:" + master);
        try {
            Polling.until(() -> workers(master), workers -> workers.contains("worker"), "the master does not answer");
            return haproxy;
        } catch (AssertionError | Exception e) {
            haproxy.close();
            throw e;
        }
    }

    /** What the master answers on its own port, which it opens when it handles signals. */
    private static String workers(int master) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), master)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("show proc\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput(); // it answers and closes
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static HaproxyProcess start(Map<String, String> servers, String... options) throws Exception {
        List<Integer> ports = FreePorts.take(2);
        return new HaproxyProcess(ports.get(0), ports.get(1), servers, options);
    }

    /** The command line of an HAProxy. */
    static Child.Builder command(Map<String, String> variables, String... options) {
        List<String> command = new ArrayList<>(List.of(Checkout.tool("haproxy")));
        command.addAll(Arrays.asList(options));
        command.addAll(List.of(
                "-f", Checkout.home().resolve("infra/haproxy/haproxy.cfg").toString()));
        Child.Builder builder = Child.of(command);
        variables.forEach(builder::environment);
        return builder;
    }

    /** Where clients connect. */
    int port() {
        return port;
    }

    Child process() {
        return child;
    }

    /** Waits until the statistics say this of a server: {@code status} is {@code UP}. */
    String await(String server, String field, String value) throws Exception {
        return Polling.until(
                () -> child.isAlive() ? statistic(server, field).orElse("") : child.printed(),
                seen -> seen.matches(value),
                server + " has no " + field + " " + value);
    }

    private Optional<String> statistic(String server, String field) throws Exception {
        return Optional.ofNullable(statistics(server).get(field));
    }

    /** The statistics of a server, by field; empty while HAProxy does not listen yet. */
    Map<String, String> statistics(String server) throws Exception {
        Optional<HttpResponse<String>> response = get("/stats;csv", Optional.of("admin:hodl"));
        if (response.isEmpty()) {
            return Map.of();
        }
        return HaproxyStatistics.parse(response.get().body()).row("servers", server);
    }

    /** What it answers to a command on its runtime socket. */
    String ask(String command) throws IOException {
        return RuntimeSocket.ask(socket, command);
    }

    /** The page at {@code path} on the statistics port; empty while HAProxy does not listen. */
    Optional<HttpResponse<String>> get(String path, Optional<String> credentials) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        new URI("http", null, "127.0.0.1", statistics, path, null, null))
                .timeout(Polling.LIMIT);
        credentials.ifPresent(text -> request.header(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        try {
            return Optional.of(HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (ConnectException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        child.close();
        Folders.delete(folder);
    }
}
