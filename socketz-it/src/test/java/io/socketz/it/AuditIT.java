package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.SocketzClient;
import io.socketz.protocol.reply.AuditRecord;
import io.socketz.state.AuditResult;
import io.socketz.state.AuditResult.Difference;
import io.socketz.state.Await;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers compare their clients with their keys on a real etcd, while operators harm keys and members are killed. */
class AuditIT extends ClusterFaults {
    private static final String TOKEN = "token";
    private static final int ENOUGH = 15;

    @TempDir
    Path folder;

    /** An audit that etcd answers, and that finds nothing pending. */
    private static AuditResult settled(Node node) throws Exception {
        return Polling.until(
                        () -> Await.get(node.audit()),
                        result -> result.isPresent() && result.get().pending() == 0,
                        "something is pending for ever")
                .orElseThrow();
    }

    private static void assertNothingWrong(AuditResult result, Node node) {
        assertThat(result.found()).as(node.toString()).isEqualTo(Difference.NONE);
        assertThat(result.left()).as(node.toString()).isEqualTo(Difference.NONE);
    }

    @Test
    void whatOperatorsHarmIsRepairedBeforeAnAuditHasToAndCounted() throws Exception {
        for (Node node : fleet.nodes()) {
            long before = settled(node).repaired();
            operator.put(clientKeys + node.id() + "/99999", "{}");
            operator.put(
                    clientKeys + node.id() + "/88888", "{\"addr\":\"192.0.2.9:1\",\"since\":\"2026-01-31T12:00:00Z\"}");
            operator.deleteFirst(clientKeys + node.id() + "/1");
            AuditResult result = settled(node);
            assertNothingWrong(result, node);
            assertThat(result.repaired()).as(node.toString()).isEqualTo(before + 3);
            assertThat(result.clients()).isEqualTo(node.clients().size());
        }
        report("harmed keys", fleet.awaitRight(System.nanoTime(), SOON));
        assertThat(operator.keys(clientKeys)).noneMatch(key -> key.endsWith("/99999") || key.endsWith("/88888"));
    }

    @Test
    void auditsFindNothingWhileClientsComeAndGoAndAMemberIsKilled() throws Exception {
        during("audits while a member of etcd was killed", () -> {
            audit(ENOUGH);
            cluster.kill(0);
            audit(ENOUGH);
            cluster.startAll();
            audit(ENOUGH);
        });
    }

    /** Audits all, again and again, until etcd has answered each of them so often. */
    private void audit(int answers) {
        for (Node node : fleet.nodes()) {
            for (int answered = 0; answered < answers; ) {
                Optional<AuditResult> result = Await.get(node.audit());
                result.ifPresent(known -> assertNothingWrong(known, node));
                answered += result.isPresent() ? 1 : 0;
            }
        }
    }

    @Test
    void aServerAnswersItsAdministrator() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.UTF_8));
        Path tokens = Files.writeString(folder.resolve("tokens"), HexFormat.of().formatHex(hash) + "\n");
        String endpoints = cluster.endpoints().stream().map(URI::toString).collect(Collectors.joining(","));
        try (ServerProcess server = ServerProcess.start(
                        "--state",
                        "etcd",
                        "--etcd",
                        endpoints,
                        "--etcd-prefix",
                        prefix,
                        "--name",
                        "audited",
                        "--admin-tokens",
                        tokens.toString());
                SocketzClient admin = SocketzClient.builder()
                        .addresses("127.0.0.1:" + server.port())
                        .requestTimeout(Duration.ofSeconds(30))
                        .connect()) {
            admin.authorize(TOKEN).get();
            String key = clientKeys + server.id() + "/1";
            assertThat(firstAudit(admin))
                    .extracting(AuditRecord::missing, AuditRecord::ghosts, AuditRecord::repaired, AuditRecord::clients)
                    .containsExactly(0L, 0L, 0L, 1L);
            operator.put(clientKeys + server.id() + "/99999", "{}");
            assertThat(operator.delete(key)).isEqualTo(1);
            AuditRecord audit = admin.audit().get();
            while (audit.pending() > 0) {
                audit = admin.audit().get();
            }
            assertThat(audit)
                    .extracting(AuditRecord::missing, AuditRecord::ghosts, AuditRecord::repaired, AuditRecord::clients)
                    .containsExactly(0L, 0L, 2L, 1L);
            assertThat(audit.server()).isEqualTo("audited");
            assertThat(operator.keys(clientKeys + server.id())).containsExactly(key);
        }
    }

    /** A server that has not reached etcd yet refuses. */
    private static AuditRecord firstAudit(SocketzClient admin) throws Exception {
        return Polling.until(
                        () -> {
                            try {
                                return Optional.of(admin.audit().get());
                            } catch (ExecutionException e) {
                                return Optional.<AuditRecord>empty();
                            }
                        },
                        audit -> audit.isPresent() && audit.get().pending() == 0,
                        "the server does not reach etcd")
                .orElseThrow();
    }
}
