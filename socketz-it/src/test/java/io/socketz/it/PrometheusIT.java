package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes three servers as the example says, and knows an answer to all that alerts and dashboard ask. */
class PrometheusIT {
    private static final Path EXAMPLES = Checkout.home().resolve("infra/prometheus");
    private static final Pattern METRIC = Pattern.compile("\\b(?:up|(?:socketz|process|jvm)_[a-z_]+)\\b");
    private static final long ROUND_MILLIS = 300;

    private static final String CONFIG = "prometheus.yml";
    private static final String ALERTS = "alerts.yml";
    private static final String THREE_MACHINES = "# Three machines";

    @TempDir
    Path folder;

    @BeforeAll
    static void findPrometheus() {
        assumeThat(Prometheus.isInstalled())
                .as("this machine has prometheus and promtool (Debian: prometheus)")
                .isTrue();
    }

    @Test
    void theExamplesAreValidAndTheAlertsPassTheirTests() throws Exception {
        Prometheus.check(EXAMPLES, "test", "rules", "alerts.test.yml");
        Prometheus.check(EXAMPLES, "check", "rules", ALERTS);
        Prometheus.check(EXAMPLES, "check", "config", CONFIG);
    }

    @Test
    void theExampleForThreeMachinesIsValidOnceItIsNoComment() throws Exception {
        String config = Files.readString(EXAMPLES.resolve(CONFIG));
        int start = config.indexOf(THREE_MACHINES);
        String machines = config.substring(start).replaceAll("(?m)^#  ", "  ");
        assertThat(machines).contains("\n  - job_name: socketz\n", "10.0.0.13:9151");
        Files.writeString(folder.resolve(CONFIG), config.substring(0, start) + machines);
        Files.copy(EXAMPLES.resolve(ALERTS), folder.resolve(ALERTS));
        Prometheus.check(folder, "check", "config", CONFIG);
    }

    @Test
    void prometheusAnswersAllThatAlertsAndDashboardAskAndTellsOfAServerThatIsKilled() throws Exception {
        List<ServerProcess> servers = new ArrayList<>();
        try (EtcdCluster etcd = EtcdCluster.start(1)) {
            for (int i = 1; i <= 3; i++) {
                servers.add(ServerProcess.start(
                        "--host=127.0.0.1",
                        "--name=server0" + i,
                        "--state=etcd",
                        "--etcd=" + etcd.endpoint(0),
                        "--admin-port=0"));
            }
            try (Prometheus prometheus = Prometheus.start(folder, configFor(servers));
                    PlainClient stays = PlainClient.greeted(servers.get(0).port())) {
                awaitHealth(prometheus, "[up, up, up]");
                assertThat(stays.ask("WHY")).isEqualTo("42");
                awaitAnswers(prometheus, servers);
                assertThat(firing(prometheus)).doesNotContain("SocketzServerDown server03");

                servers.get(2).process().signal("KILL");
                Polling.until(
                        () -> firing(prometheus),
                        alerts -> alerts.contains("SocketzServerDown server03"),
                        "no alert of the killed server");
                awaitHealth(prometheus, "[up, up, down]");
            }
        } finally {
            servers.forEach(ServerProcess::close);
        }
    }

    /** The example, with the ports of these servers, and scraped so often that nobody waits for minutes. */
    private Path configFor(List<ServerProcess> servers) throws Exception {
        String config = Files.readString(EXAMPLES.resolve(CONFIG)).replace("15s", "2s");
        for (int i = 0; i < servers.size(); i++) {
            String line = servers.get(i).awaitLine("admin page at ");
            String target = "localhost:" + (5351 + i);
            assertThat(config).contains(target);
            config = config.replace(target, line.substring(line.indexOf("127.0.0.1")));
        }
        Files.writeString(
                folder.resolve(ALERTS),
                Files.readString(EXAMPLES.resolve(ALERTS)).replaceAll("( for:) \\w+", "$1 2s"));
        return Files.writeString(folder.resolve(CONFIG), config);
    }

    private static void awaitHealth(Prometheus prometheus, String wanted) throws Exception {
        Polling.until(
                () -> prometheus.targets().stream()
                        .sorted((one, other) -> instance(one).compareTo(instance(other)))
                        .map(target -> target.get("health").text())
                        .toList()
                        .toString(),
                wanted::equals,
                "targets are not " + wanted);
    }

    private static String instance(JsonValue labelled) {
        return labelled.get("labels", "instance").text();
    }

    private static List<String> firing(Prometheus prometheus) throws Exception {
        return prometheus.alerts().stream()
                .filter(alert -> alert.get("state").text().equals("firing"))
                .map(alert -> alert.get("labels", "alertname").text() + " " + instance(alert))
                .toList();
    }

    /** Lets clients come and go meanwhile, as rates and quantiles need it. */
    private static void awaitAnswers(Prometheus prometheus, List<ServerProcess> servers) throws Exception {
        List<JsonValue> rules = prometheus.rules();
        assertThat(rules).hasSizeGreaterThan(10);
        List<String> queries = new ArrayList<>();
        for (JsonValue rule : rules) {
            String query = rule.get("query").text();
            prometheus.query(query); // has no values while all is well
            metrics(query).forEach(queries::add);
        }
        for (String query : Dashboard.read().queries()) {
            queries.add(query.replace("$__rate_interval", "30s")
                    .replace("$job", "socketz-up")
                    .replace("$server", ".+"));
        }
        assertThat(queries).noneMatch(query -> query.contains("$"));
        Polling.until(
                () -> {
                    visit(servers);
                    Thread.sleep(ROUND_MILLIS);
                    return unanswered(prometheus, queries);
                },
                List::isEmpty,
                "queries without values");
        Polling.until(
                prometheus::rules,
                evaluated -> evaluated.stream()
                        .allMatch(rule -> rule.get("health").text().equals("ok")),
                "rules that are not well");
    }

    private static Stream<String> metrics(String query) {
        return METRIC.matcher(query).results().map(MatchResult::group);
    }

    private static void visit(List<ServerProcess> servers) throws Exception {
        for (ServerProcess server : servers) {
            try (PlainClient client = PlainClient.greeted(server.port())) {
                assertThat(client.ask("WHY")).isEqualTo("42");
                client.send("QUIT\n");
                assertThat(client.rest()).isEmpty();
            }
        }
    }

    private static List<String> unanswered(Prometheus prometheus, List<String> queries) throws Exception {
        List<String> unanswered = new ArrayList<>();
        for (String query : queries) {
            List<Double> values = prometheus.query(query);
            if (values.isEmpty() || values.stream().anyMatch(each -> each.isNaN())) {
                unanswered.add(query + " " + values);
            }
        }
        return unanswered;
    }
}
