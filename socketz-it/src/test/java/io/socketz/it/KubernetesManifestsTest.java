package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.it.cli.SocketzMain;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code infra/kubernetes}: valid by the schema of Kubernetes, and each part fits the others and what a server does. */
class KubernetesManifestsTest {
    private static final Pattern HAPROXY_VARIABLE = Pattern.compile("SOCKETZ_[A-Z0-9_]+");

    private final KubernetesManifest kustomization = KubernetesManifest.read(
                    KubernetesManifest.FOLDER.resolve("kustomization.yaml"))
            .get(0);
    private final List<KubernetesManifest> all = readAll();

    KubernetesManifestsTest() throws IOException {}

    private List<KubernetesManifest> readAll() throws IOException {
        List<KubernetesManifest> manifests = new ArrayList<>();
        for (JsonValue resource : kustomization.get("resources").items()) {
            manifests.addAll(KubernetesManifest.read(KubernetesManifest.FOLDER.resolve(resource.text())));
        }
        return manifests;
    }

    private KubernetesManifest find(String kind, String name) {
        return all.stream()
                .filter(manifest ->
                        manifest.kind().equals(kind) && manifest.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    private List<KubernetesManifest> ofKind(String kind) {
        return all.stream().filter(manifest -> manifest.kind().equals(kind)).toList();
    }

    private List<KubernetesManifest> workloads() {
        return all.stream().filter(KubernetesManifest::isWorkload).toList();
    }

    private KubernetesManifest servers() {
        return find("StatefulSet", "socketz");
    }

    private KubernetesManifest haproxy() {
        return find("Deployment", "haproxy");
    }

    @Test
    void eachObjectIsValidByTheSchemaOfKubernetes() throws Exception {
        for (KubernetesManifest manifest : all) {
            assertThat(manifest.violation()).as(manifest.toString()).isEmpty();
        }
    }

    /** So that the test above can fail. */
    @Test
    void theSchemaFindsAMistypedFieldAtAnyDepthAndAMissingOne() throws Exception {
        String text = Files.readString(KubernetesManifest.FOLDER.resolve("socketz.yaml"));
        for (String mistake : List.of(
                "readinessProbe=readynessProbe",
                "podManagementPolicy=podManagmentPolicy",
                "readOnlyRootFilesystem=readOnlyRootFileSystem",
                "httpGet: {path: /readyz, port: admin}=httpGet: {path: /readyz}",
                "capabilities: {drop: [ALL]}=capabilities: {drop: ALL}")) {
            String[] parts = mistake.split("=", 2);
            assertThat(text).contains(parts[0]);
            List<KubernetesManifest> wrong = KubernetesManifest.parse(text.replace(parts[0], parts[1]));
            assertThat(wrong.get(wrong.size() - 1).violation()).as(mistake).isNotEmpty();
        }
    }

    @Test
    void theKustomizationHasEveryFileAndTheImageOfCompose() throws Exception {
        List<String> files;
        try (var folder = Files.list(KubernetesManifest.FOLDER)) {
            files = folder.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("kustomization.yaml"))
                    .toList();
        }
        assertThat(kustomization.get("resources").items())
                .extracting(JsonValue::text)
                .containsExactlyInAnyOrderElementsOf(files);
        for (JsonValue file : kustomization
                .get("configMapGenerator")
                .items()
                .get(0)
                .get("files")
                .items()) {
            assertThat(KubernetesManifest.FOLDER.resolve(file.text())).exists();
        }
        JsonValue image = kustomization.get("images").items().get(0);
        assertThat(servers().container().get("image").text())
                .isEqualTo(image.get("name").text());
        assertThat(Files.readString(Checkout.home().resolve("infra/compose/.env")))
                .contains("SOCKETZ_IMAGE=socketz:" + image.get("newTag").text() + "\n");
    }

    @Test
    void eachVariableOfAServerIsAnOptionOfServe() {
        CommandLine serve = Objects.requireNonNull(
                SocketzMain.commandLine(Map.of()).getSubcommands().get("serve"));
        Set<String> options = serve.getCommandSpec().options().stream()
                .map(option -> option.longestName().substring("--".length()))
                .map(name -> "SOCKETZ_" + name.replace('-', '_').toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        assertThat(options).contains("SOCKETZ_PORT");
        options.add("SOCKETZ_JAVA_OPTS"); // the launcher's
        assertThat(servers().variables().keySet()).isSubsetOf(options);
    }

    @Test
    void haproxyHasOnlyVariablesOfItsFileAndOneForEachServer() throws Exception {
        Set<String> known = new TreeSet<>();
        Matcher variables =
                HAPROXY_VARIABLE.matcher(Files.readString(Checkout.home().resolve("infra/haproxy/haproxy.cfg")));
        while (variables.find()) {
            known.add(variables.group());
        }
        Map<String, String> set = haproxy().variables();
        assertThat(set.keySet()).isSubsetOf(known);

        int replicas = Integer.parseInt(servers().get("spec", "replicas").text());
        String domain = servers().get("spec", "serviceName").text() + "."
                + kustomization.get("namespace").text() + ".svc.cluster.local";
        Map<String, String> served = servers().variables();
        assertThat(IntStream.rangeClosed(1, 9).filter(i -> set.containsKey("SOCKETZ_SERVER0" + i)))
                .hasSize(replicas);
        for (int i = 1; i <= replicas; i++) {
            assertThat(set)
                    .containsEntry(
                            "SOCKETZ_SERVER0" + i,
                            "socketz-" + (i - 1) + "." + domain + ":" + served.get("SOCKETZ_PORT"))
                    .containsEntry("SOCKETZ_AGENT0" + i, served.get("SOCKETZ_AGENT_PORT"));
        }
    }

    @Test
    void portsAreThoseThatProgramsListenOn() {
        Map<String, String> set = servers().variables();
        assertThat(servers().ports())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "proxied", set.get("SOCKETZ_PORT"),
                        "agent", set.get("SOCKETZ_AGENT_PORT"),
                        "admin", set.get("SOCKETZ_ADMIN_PORT")));
        // kubelet asks at the pod's address.
        assertThat(set).containsEntry("SOCKETZ_ADMIN_HOST", "0.0.0.0");
        assertThat(haproxy().variables())
                .containsEntry("SOCKETZ_BIND", "*:" + haproxy().ports().get("clients"))
                .containsEntry("SOCKETZ_STATS_BIND", "*:" + haproxy().ports().get("statistics"));
        KubernetesManifest etcd = find("StatefulSet", "etcd");
        assertThat(etcd.variables())
                .containsEntry(
                        "ETCD_LISTEN_CLIENT_URLS",
                        "http://0.0.0.0:" + etcd.ports().get("client"))
                .containsEntry(
                        "ETCD_LISTEN_PEER_URLS",
                        "http://0.0.0.0:" + etcd.ports().get("peer"))
                .containsEntry(
                        "ETCD_LISTEN_METRICS_URLS",
                        "http://0.0.0.0:" + etcd.ports().get("metrics"));
    }

    @Test
    void serversAndMembersNameEveryMemberOfEtcd() {
        KubernetesManifest etcd = find("StatefulSet", "etcd");
        String host = "etcd-%d." + etcd.get("spec", "serviceName").text() + "."
                + kustomization.get("namespace").text() + ".svc.cluster.local:";
        int replicas = Integer.parseInt(etcd.get("spec", "replicas").text());
        List<String> urls = IntStream.range(0, replicas)
                .mapToObj(i -> "http://" + host.formatted(i) + etcd.ports().get("client"))
                .toList();
        assertThat(servers().variables()).containsEntry("SOCKETZ_ETCD", String.join(",", urls));
        List<String> peers = IntStream.range(0, replicas)
                .mapToObj(i -> "etcd-" + i + "=http://" + host.formatted(i)
                        + etcd.ports().get("peer"))
                .toList();
        assertThat(etcd.variables()).containsEntry("ETCD_INITIAL_CLUSTER", String.join(",", peers));
    }

    @Test
    void eachSelectorSelectsThePodsOfOneWorkload() {
        for (KubernetesManifest workload : workloads()) {
            Map<String, String> labels = workload.podLabels();
            assertThat(KubernetesManifest.labels(workload.get("spec", "selector", "matchLabels")))
                    .as(workload.toString())
                    .isNotEmpty()
                    .isEqualTo(labels);
            for (JsonValue spread :
                    workload.pod().get("topologySpreadConstraints").items()) {
                assertThat(KubernetesManifest.labels(spread.get("labelSelector", "matchLabels")))
                        .isEqualTo(labels);
            }
            assertThat(ofKind("PodDisruptionBudget"))
                    .as("budget of %s", workload)
                    .filteredOn(budget -> KubernetesManifest.labels(budget.get("spec", "selector", "matchLabels"))
                            .equals(labels))
                    .hasSize(1);
        }
        for (KubernetesManifest service : ofKind("Service")) {
            KubernetesManifest workload = behind(KubernetesManifest.labels(service.get("spec", "selector")));
            for (JsonValue port : service.get("spec", "ports").items()) {
                assertThat(workload.ports())
                        .as(service.toString())
                        .containsEntry(
                                port.get("targetPort").text(), port.get("port").text());
            }
        }
    }

    private KubernetesManifest behind(Map<String, String> labels) {
        List<KubernetesManifest> found = workloads().stream()
                .filter(workload -> workload.podLabels().equals(labels))
                .toList();
        assertThat(found).as(labels.toString()).hasSize(1);
        return found.get(0);
    }

    /** HAProxy must find a server that drains, and members of etcd each other before one is ready. */
    @Test
    void aStatefulSetHasAHeadlessServiceWithPodsThatAreNotReady() {
        for (KubernetesManifest set : ofKind("StatefulSet")) {
            JsonValue service =
                    find("Service", set.get("spec", "serviceName").text()).get("spec");
            assertThat(service.get("clusterIP").text()).as(set.toString()).isEqualTo("None");
            assertThat(service.get("publishNotReadyAddresses").text()).isEqualTo("true");
        }
    }

    @Test
    void aPolicyAdmitsSomebodyToEachPortAndTheRestIsDropped() {
        assertThat(find("NetworkPolicy", "nothing-else")
                        .get("spec", "podSelector")
                        .fields())
                .isEmpty();
        for (KubernetesManifest workload : workloads()) {
            Set<String> admitted = new TreeSet<>();
            for (KubernetesManifest policy : ofKind("NetworkPolicy")) {
                if (KubernetesManifest.labels(policy.get("spec", "podSelector", "matchLabels"))
                        .equals(workload.podLabels())) {
                    for (JsonValue rule : policy.get("spec", "ingress").items()) {
                        rule.get("ports")
                                .items()
                                .forEach(port -> admitted.add(port.get("port").text()));
                        boolean isPublic = rule.get("from").items().isEmpty();
                        assertThat(isPublic)
                                .as("%s is open to all: %s", policy, rule)
                                .isEqualTo(rule.get("ports").items().stream()
                                        .anyMatch(
                                                port -> port.get("port").text().equals("clients")));
                        rule.get("from").items().stream()
                                .map(from -> KubernetesManifest.labels(from.get("podSelector", "matchLabels")))
                                .filter(labels -> !labels.isEmpty())
                                .forEach(this::behind);
                    }
                }
            }
            assertThat(admitted)
                    .as(workload.toString())
                    .isEqualTo(new TreeSet<>(workload.ports().keySet()));
        }
    }

    @Test
    void aPodIsNotKilledBeforeItHasDrained() {
        int drain = seconds(servers().variables().getOrDefault("SOCKETZ_DRAIN_TIMEOUT", ""));
        assertThat(graceSeconds(servers())).isGreaterThan(drain + 5);

        List<JsonValue> preStop = haproxy()
                .container()
                .get("lifecycle", "preStop", "exec", "command")
                .items();
        assertThat(preStop.get(0).text()).isEqualTo("sleep");
        assertThat(graceSeconds(haproxy()))
                .isGreaterThan(Integer.parseInt(preStop.get(1).text())
                        + seconds(haproxy().variables().getOrDefault("SOCKETZ_HAPROXY_HARD_STOP", ""))
                        + 5);
    }

    private static int graceSeconds(KubernetesManifest workload) {
        return Integer.parseInt(
                workload.pod().get("terminationGracePeriodSeconds").text());
    }

    private static int seconds(String duration) {
        assertThat(duration).matches("\\d+s");
        return Integer.parseInt(duration.substring(0, duration.length() - 1));
    }

    @Test
    void probesAskAPortOfTheirContainerAndNeverThatForClients() {
        for (KubernetesManifest workload : workloads()) {
            for (String probe : List.of("livenessProbe", "readinessProbe")) {
                JsonValue request = workload.container().get(probe, "httpGet");
                assertThat(workload.ports())
                        .as("%s of %s", probe, workload)
                        .containsKey(request.get("port").text());
                assertThat(request.get("port").text()).isNotIn("clients", "proxied");
            }
        }
        assertThat(servers().container().get("livenessProbe", "httpGet", "path").text())
                .isEqualTo("/livez");
        assertThat(servers()
                        .container()
                        .get("readinessProbe", "httpGet", "path")
                        .text())
                .isEqualTo("/readyz");
    }

    @Test
    void noPodHasRightsOrVariablesThatItDoesNotNeed() {
        for (KubernetesManifest workload : workloads()) {
            JsonValue pod = workload.pod();
            assertThat(pod.get("enableServiceLinks").text())
                    .as(workload.toString())
                    .isEqualTo("false");
            assertThat(pod.get("automountServiceAccountToken").text()).isEqualTo("false");
            assertThat(pod.get("securityContext", "runAsNonRoot").text()).isEqualTo("true");
            JsonValue rights = workload.container().get("securityContext");
            assertThat(rights.get("readOnlyRootFilesystem").text()).isEqualTo("true");
            assertThat(rights.get("allowPrivilegeEscalation").text()).isEqualTo("false");
            assertThat(rights.get("capabilities", "drop").items().get(0).text()).isEqualTo("ALL");
            assertThat(workload.container().get("resources", "limits", "memory").text())
                    .isNotEmpty();
        }
    }
}
