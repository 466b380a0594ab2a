package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.it.load.Conversation;
import io.socketz.protocol.reply.Reply;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Real servers on a real etcd that reaches its quota: reads and deletes work, puts are refused. */
class FullEtcdIT {
    private static final int QUOTA_BYTES = 16 << 20;
    private static final int FILLER_BYTES = 1 << 20;
    private static final int MOST_FILLERS = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Longer than a lease lives: three heartbeats of each server, and several retries. */
    private static final Duration FULL_FOR = Duration.ofSeconds(6);

    private static final Pattern REVISION = Pattern.compile("\"revision\":(\\d+)");

    @Test
    void nobodyIsToldFreshWhileEtcdIsFullAndTheConsoleSaysItOnce() throws Exception {
        try (EtcdCluster etcd =
                        EtcdCluster.start(1, "http", List.of("--quota-backend-bytes=" + QUOTA_BYTES), List.of());
                ServerProcess one = server("etcd", etcd);
                ServerProcess two = server("gateway", etcd);
                Conversation early = Conversation.connect(one.port(), PATIENCE);
                Conversation other = Conversation.connect(two.port(), PATIENCE)) {
            early.awaitGreeting();
            other.awaitGreeting();
            awaitFresh(early);
            awaitFresh(other);
            fill(etcd.endpoint(0));

            try (Conversation late = Conversation.connect(one.port(), PATIENCE)) {
                late.awaitGreeting();
                one.awaitWarning("etcd refuses writes");
                two.awaitWarning("etcd refuses writes");
                String consoles = consoles(one, two);
                long end = System.nanoTime() + FULL_FOR.toNanos();
                while (System.nanoTime() < end) {
                    assertThat(late.freshness()).isInstanceOf(Reply.Stale.class);
                    assertThat(other.freshness()).isInstanceOf(Reply.Stale.class);
                    assertThat(late.who().clients()).contains(early.address(), late.address());
                }
                assertThat(consoles(one, two)).as("no line more").isEqualTo(consoles);

                makeRoom(etcd);
                Polling.until(
                        other::freshness,
                        Reply.Fresh.class::isInstance,
                        "the other server is not fresh with room again");
                Polling.until(
                        late::freshness, Reply.Fresh.class::isInstance, "the server is not fresh with room again");
                awaitFresh(other);
                assertThat(other.who().clients()).contains(early.address(), late.address());
            }
        }
    }

    private static ServerProcess server(String state, EtcdCluster etcd) throws Exception {
        return ServerProcess.start("--state", state, "--etcd", etcd.endpoint(0).toString());
    }

    private static void awaitFresh(Conversation client) throws Exception {
        Polling.until(
                client::freshness, Reply.Fresh.class::isInstance, "the server of " + client.address() + " is stale");
    }

    private static String consoles(ServerProcess... servers) {
        StringBuilder all = new StringBuilder();
        for (ServerProcess server : servers) {
            all.append(server.process().printed());
        }
        return all.toString();
    }

    private static void fill(URI etcd) throws Exception {
        String value = base64("x".repeat(FILLER_BYTES));
        for (int i = 0; i < MOST_FILLERS; i++) {
            HttpURLConnection put =
                    (HttpURLConnection) etcd.resolve("/v3/kv/put").toURL().openConnection();
            put.setDoOutput(true);
            String body = "{\"key\":\"" + base64("filler/" + i) + "\",\"value\":\"" + value + "\"}";
            put.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            if (put.getResponseCode() != HttpURLConnection.HTTP_OK) {
                String why = new String(put.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(why).contains("database space exceeded");
                return;
            }
            put.getInputStream().readAllBytes();
        }
        throw new AssertionError("etcd is not full");
    }

    private static void makeRoom(EtcdCluster etcd) {
        var unused = etcd.etcdctl("del", "--prefix", "filler/");
        Matcher revision = REVISION.matcher(etcd.etcdctl("endpoint", "status", "-w", "json"));
        assertThat(revision.find()).isTrue();
        unused = etcd.etcdctl("compact", revision.group(1));
        unused = etcd.etcdctl("defrag");
        unused = etcd.etcdctl("alarm", "disarm");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
