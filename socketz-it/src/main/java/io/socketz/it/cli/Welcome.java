package io.socketz.it.cli;

import io.socketz.it.Topology;
import io.socketz.server.cli.Main;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The message when a topology is ready: what listens where, and what to type next. */
final class Welcome {
    private Welcome() {}

    static List<String> lines(Topology topology, ProjectOptions options) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        topology.clientPorts().forEach(port -> lines.add("clients     localhost:" + port));
        topology.statistics()
                .forEach(page -> lines.add(
                        "statistics  " + page.toString().replace("127.0.0.1", "localhost") + " (admin, hodl)"));
        lines.add("servers     "
                + topology.serverPorts().stream().map(Object::toString).collect(Collectors.joining(", "))
                + ", for HAProxy");
        lines.add("page        " + topology.adminPages().get(0).toString().replace("127.0.0.1", "localhost")
                + " (and of each server)");
        lines.add("etcd        "
                + topology.etcdEndpoints().stream()
                        .map(URI::getPort)
                        .map(Object::toString)
                        .collect(Collectors.joining(", ")));
        lines.add("");
        lines.add("What to type next (to end everything: down, or Ctrl-C in the terminal of up):");
        lines.add("");
        lines.add("  telnet localhost " + topology.clientPorts().get(0));
        for (String command : List.of("connect", "servers")) {
            lines.add("  " + Main.launcher() + " " + command + " localhost:"
                    + topology.clientPorts().get(0));
        }
        for (String command : List.of("ps", "kill server01", "start server01", "member-list", "down")) {
            lines.add("  " + options.command(command));
        }
        lines.add("");
        return lines;
    }
}
