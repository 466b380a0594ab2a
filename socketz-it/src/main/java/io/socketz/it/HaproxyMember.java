package io.socketz.it;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An HAProxy of the topology, on 127.0.0.1, with infra/haproxy/haproxy.cfg. */
final class HaproxyMember extends Daemon {
    private static final String CREDENTIALS = "admin:hodl";

    private final int statistics;
    private final Path home;
    private final List<ServerMember> servers;

    /**
     * A proxy that does not run yet.
     *
     * @param port for clients
     * @param statistics port for statistics
     * @param home as {@link Home} says
     */
    HaproxyMember(String name, int port, int statistics, Path folder, Path home, List<ServerMember> servers) {
        super(name, port, folder.resolve(name + ".log"));
        this.statistics = statistics;
        this.home = home;
        this.servers = List.copyOf(servers);
    }

    int statistics() {
        return statistics;
    }

    @Override
    String kind() {
        return "haproxy";
    }

    @Override
    ProcessBuilder command() {
        ProcessBuilder builder = new ProcessBuilder(
                Programs.require("haproxy", "Debian: haproxy"), "-db", "-f", Home.haproxyConfiguration(home));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(variable -> variable.startsWith("SOCKETZ_"));
        environment.put("SOCKETZ_BIND", "127.0.0.1:" + port());
        environment.put("SOCKETZ_STATS_BIND", "127.0.0.1:" + statistics);
        environment.put("SOCKETZ_STATS_AUTH", CREDENTIALS);
        for (int i = 0; i < servers.size(); i++) {
            String number = "%02d".formatted(i + 1);
            environment.put(
                    "SOCKETZ_SERVER" + number, "127.0.0.1:" + servers.get(i).port());
            environment.put(
                    "SOCKETZ_AGENT" + number, Integer.toString(servers.get(i).agentPort()));
        }
        return builder;
    }

    @Override
    boolean isHealthy() {
        return statisticsText().contains(" 200 ");
    }

    /** How many clients each server has through this proxy, and their sum under the proxy's own name. */
    Map<String, Integer> clients() {
        HaproxyStatistics statistics = HaproxyStatistics.parse(statisticsText());
        Map<String, Integer> clients = new HashMap<>();
        put(clients, name(), statistics.row("clients", "FRONTEND"));
        servers.forEach(server -> put(clients, server.name(), statistics.row("servers", server.name())));
        return clients;
    }

    private static void put(Map<String, Integer> clients, String name, Map<String, String> row) {
        String count = row.get("scur");
        if (count != null) {
            clients.put(name, Integer.parseInt(count));
        }
    }

    private String statisticsText() {
        String credentials = Base64.getEncoder().encodeToString(CREDENTIALS.getBytes(StandardCharsets.US_ASCII));
        return ask(statistics, "GET /stats;csv HTTP/1.0\r\nAuthorization: Basic " + credentials + "\r\n\r\n");
    }
}
