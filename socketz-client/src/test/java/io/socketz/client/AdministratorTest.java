package io.socketz.client;

import static io.socketz.client.ScriptedServer.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.address.Cidr;
import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Kicked;
import io.socketz.server.SocketzServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that is an administrator, stays one on other servers, and disconnects others. */
@Timeout(60)
class AdministratorTest {
    private static final String TOKEN = "s3cret";
    private static final String OTHER_ID = "11111111-5a1c-4b6e-9d6e-0d9b0d6c1f2a\n";
    private static final UUID SERVER = UUID.fromString(ID.strip());

    @TempDir
    Path folder;

    private final RecordingListener events = new RecordingListener();

    private SocketzClient connect(String addresses) throws Exception {
        return SocketzClient.builder()
                .addresses(addresses)
                .shuffle(false)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(50))
                .requestTimeout(Duration.ofSeconds(20))
                .listener(events)
                .connect();
    }

    private static String address(SocketzServer server) {
        return "127.0.0.1:" + server.address().getPort();
    }

    private SocketzServer server() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.US_ASCII));
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .adminTokens(Files.writeString(
                        folder.resolve("tokens"), HexFormat.of().formatHex(hash)))
                .start();
    }

    // ---- Kicks

    @Test
    void aClientIsDisconnectedByItsIdAndToldWhy() throws Exception {
        RecordingListener heard = new RecordingListener();
        try (SocketzServer server = server();
                SocketzClient admin = connect(address(server));
                SocketzClient other = SocketzClient.builder()
                        .addresses(address(server))
                        .reconnect(false)
                        .listener(heard)
                        .connect()) {
            ClientId id = other.whoAmI().get().id();
            assertThat(Failures.expect(admin.kick(id, "too loud"), Reason.SERVER_ERROR)
                            .code())
                    .isEqualTo("NOT_AUTHORIZED");
            admin.authorize(TOKEN).get();
            Kicked kicked = admin.kick(id, "too loud").get();
            assertThat(kicked.clients()).isEqualTo(1);
            Block.Clients left = admin.list(ClientQuery.all().fresh()).get();
            assertThat(left.revision()).isGreaterThanOrEqualTo(kicked.revision());
            assertThat(left.records()).extracting(ClientRecord::id).doesNotContain(id);
            assertThat(heard.next("disconnected")).endsWith("the server ended the connection: KICKED too loud");
            assertThat(Failures.expect(admin.kick(id), Reason.SERVER_ERROR).code())
                    .isEqualTo("UNKNOWN_ID");
        }
    }

    @Test
    void clientsAreDisconnectedByTheirAddressOrTheirLabelOrOnlyShown() throws Exception {
        try (SocketzServer server = server();
                SocketzClient admin = connect(address(server));
                SocketzClient first = single(server);
                SocketzClient second = single(server)) {
            admin.authorize(TOKEN).get();
            ClientRecord named = first.name("web-7").get();
            Glob web = Glob.parse("web-*");
            assertThat(admin.kickDryRun(web).get().records()).containsExactly(named);
            assertThat(admin.kick(web).get().clients()).isEqualTo(1);
            Cidr everyone = Cidr.parse("127.0.0.0/8");
            assertThat(admin.kickDryRun(everyone).get().records())
                    .extracting(ClientRecord::id)
                    .containsExactly(second.whoAmI().get().id());
            assertThat(admin.kick(everyone).get().clients()).isEqualTo(1);
            assertThat(admin.kick(everyone).get().clients())
                    .as("whoever asks is not meant")
                    .isZero();
        }
    }

    private static SocketzClient single(SocketzServer server) throws Exception {
        return SocketzClient.builder()
                .addresses(address(server))
                .reconnect(false)
                .connect();
    }

    @Test
    void whoIsNotGoneInTimeIsNamed() throws Exception {
        String ids = SERVER + "/2, " + SERVER + "/3";
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    peer.send("error KICK_TIMEOUT expected all to be gone within 5 s; 2 of 3 are still there: " + ids
                            + "\n");
                    peer.echo();
                });
                SocketzClient client = connect(server.address())) {
            SocketzException failure = Failures.expect(client.kick(Cidr.parse("10.0.0.0/8")), Reason.SERVER_ERROR);
            assertThat(failure.code()).isEqualTo("KICK_TIMEOUT");
            assertThat(failure.clients()).containsExactly(new ClientId(SERVER, 2), new ClientId(SERVER, 3));
            assertThat(failure).hasMessageContaining("2 of 3 are still there");
            assertThat(Failures.expect(client.kick(new ClientId(SERVER, 2)), Reason.SERVER_ERROR)
                            .clients())
                    .as("the echo names it, too")
                    .containsExactly(new ClientId(SERVER, 2));
            assertThat(Failures.expect(client.why(), Reason.SERVER_ERROR).clients())
                    .isEmpty();
        }
    }

    @Test
    void whatIsNoReasonIsNotSent() throws Exception {
        ClientId id = new ClientId(SERVER, 2);
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.echo();
                });
                SocketzClient client = connect(server.address())) {
            for (String reason : List.of("a\nQUIT", "a\u0000", "x".repeat(1_000))) {
                assertThatThrownBy(() -> client.kick(id, reason)).isInstanceOf(IllegalArgumentException.class);
            }
            Failures.expect(client.kick(id, "too loud, twice"), Reason.SERVER_ERROR);
            Failures.expect(client.kick(id), Reason.SERVER_ERROR);
            Failures.expect(client.kickDryRun(Cidr.parse("::1")), Reason.SERVER_ERROR);
            assertThat(server.lines)
                    .containsExactly("KICK " + id + " too loud, twice", "KICK " + id, "KICK ADDR ::1/128 DRYRUN");
        }
    }

    // ---- Rights on other servers

    @Test
    void anAdministratorStaysOneOnTheNextServer() throws Exception {
        SocketzServer first = server();
        try (SocketzServer second = server();
                SocketzClient admin = connect(address(first) + "," + address(second))) {
            admin.authorize(TOKEN).get();
            first.close();
            events.next("connected " + second.member().name());
            assertThat(admin.kick(Glob.parse("*")).get().clients()).isZero();
        }
    }

    @Test
    void theTokenIsSentBeforeTheRequestsThatWait() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.line();
                            peer.send("authorized\n");
                        },
                        peer -> {
                            asked.await();
                            peer.welcome(OTHER_ID);
                            peer.line();
                            peer.send("authorized\n");
                            peer.echo();
                        });
                SocketzClient client = connect(server.address())) {
            client.authorize(TOKEN).get();
            events.next("disconnected");
            CompletableFuture<Kicked> kick = client.kick(new ClientId(SERVER, 2));
            CompletableFuture<Integer> why = client.why();
            asked.countDown();
            Failures.expect(kick, Reason.SERVER_ERROR);
            Failures.expect(why, Reason.SERVER_ERROR);
            assertThat(server.lines).containsExactly("AUTH " + TOKEN, "AUTH " + TOKEN, "KICK " + SERVER + "/2", "WHY");
            assertThat(client.pending()).isZero();
        }
    }

    @Test
    void aServerThatRefusesTheTokenIsNamedAndTheNextOneIsAskedAgain() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.line();
                            peer.send("authorized\n");
                        },
                        peer -> {
                            peer.welcome(OTHER_ID);
                            peer.line();
                            peer.send("error WRONG_TOKEN expected another\n");
                        },
                        peer -> {
                            peer.welcome();
                            peer.line();
                            peer.send("invalid command: use 'WHO'\n");
                        },
                        peer -> {
                            peer.welcome();
                            peer.echo();
                        });
                SocketzClient client = connect(server.address())) {
            client.authorize(TOKEN).get();
            assertThat(events.next("not authorized"))
                    .isEqualTo("not authorized by 11111111 at " + server.address()
                            + ", SERVER_ERROR: WRONG_TOKEN expected another");
            assertThat(events.next("not authorized")).contains("INVALID_COMMAND");
            assertThat(events.next("not authorized")).contains("ECHO AUTH " + TOKEN);
        }
    }

    @Test
    void onlyATokenThatWasAcceptedIsKeptAndTheLastOne() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            for (String reply : List.of("authorized", "authorized", "error WRONG_TOKEN wrong")) {
                                peer.line();
                                peer.send(reply + "\n");
                            }
                            peer.line();
                        },
                        peer -> {
                            peer.welcome(OTHER_ID);
                            peer.echo();
                        });
                SocketzClient client = connect(server.address())) {
            client.authorize("first").get();
            assertThat(client.send("AUTH typed").get()).hasSize(1);
            Failures.expect(client.authorize("wrong"), Reason.SERVER_ERROR);
            Failures.expect(client.why(), Reason.CONNECTION_LOST);
            assertThat(events.next("not authorized")).contains("ECHO AUTH typed");
            assertThat(server.lines).containsExactly("AUTH first", "AUTH typed", "AUTH wrong", "WHY", "AUTH typed");
        }
    }

    @Test
    void aClientWithoutATokenSendsNone() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.line();
                            peer.send("error WRONG_TOKEN expected another\n");
                        },
                        peer -> {
                            peer.welcome(OTHER_ID);
                            peer.echo();
                        });
                SocketzClient client = connect(server.address())) {
            Failures.expect(client.authorize("wrong"), Reason.SERVER_ERROR);
            events.next("disconnected");
            Failures.expect(client.why(), Reason.SERVER_ERROR);
            assertThat(server.lines).containsExactly("AUTH wrong", "WHY");
        }
    }
}
