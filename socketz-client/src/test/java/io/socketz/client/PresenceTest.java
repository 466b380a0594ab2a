package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.client.ScriptedServer.Peer;
import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.address.Cidr;
import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.reply.AuditRecord;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.CommandRecord;
import io.socketz.protocol.reply.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is connected, with all that is known: typed answers, pages, and servers that send nonsense. */
@Timeout(60)
class PresenceTest {
    private static final UUID ID = UUID.fromString(ScriptedServer.ID.strip());

    /** A server that answers each request in this order, and then with {@code error ECHO ...}. */
    private static ScriptedServer answering(String... answers) throws IOException {
        return ScriptedServer.start(peer -> {
            peer.welcome();
            for (String answer : answers) {
                peer.line();
                peer.send(answer);
            }
            peer.echo();
        });
    }

    private static SocketzClient connect(ScriptedServer server) throws IOException {
        return SocketzClient.builder()
                .addresses(server.address())
                .requestTimeout(Duration.ofSeconds(20))
                .connect();
    }

    private static String record(int number) {
        return "id=" + ID + "/" + number + " addr=10.0.0.1:" + number + " server=s1 since=2026-01-31T12:00:00.123Z";
    }

    private static ClientRecord client(int number) {
        return new ClientRecord(
                new ClientId(ID, number),
                "10.0.0.1:" + number,
                Optional.empty(),
                "s1",
                Instant.parse("2026-01-31T12:00:00.123Z"),
                Optional.empty());
    }

    @Test
    void everyAnswerIsTyped() throws Exception {
        try (ScriptedServer server = answering(
                        record(1) + "\n",
                        record(1) + " name=web-7\n",
                        record(1) + "\n",
                        "1 servers at revision 7\nid=" + ID
                                + " name=s1 addr=10.0.0.1:5151 clients=3 since=2026-01-31T12:00:00Z\n",
                        "connected clients: 3\n",
                        "1 clients of 3 at revision 7 fresh\n" + record(1) + "\n",
                        "1 departures at revision 7\n" + record(1) + " left=2026-01-31T12:01:00Z reason=CLIENT_QUIT\n",
                        "0 departures at revision 7\n",
                        "1 commands\nWHY - the answer\n");
                SocketzClient client = connect(server)) {
            assertThat(client.whoAmI().get()).isEqualTo(client(1));
            assertThat(client.name("web-7").get().name()).contains("web-7");
            assertThat(client.removeName().get().name()).isEmpty();
            Block.Servers servers = client.servers().get();
            assertThat(servers.revision()).isEqualTo(7);
            assertThat(servers.records())
                    .singleElement()
                    .satisfies(each -> assertThat(each.clients()).isEqualTo(3));
            assertThat(client.count().get()).isEqualTo(3);
            ClientQuery query = ClientQuery.all()
                    .fresh()
                    .server("s1")
                    .address(Cidr.parse("10.0.0.0/8"))
                    .name(Glob.parse("web-*"))
                    .after(new ClientId(ID, 9))
                    .limit(5);
            assertThat(client.list(query).get())
                    .isEqualTo(new Block.Clients(List.of(client(1)), 3, 7, Optional.of(new Reply.Fresh(7))));
            assertThat(client.closed().get().records())
                    .singleElement()
                    .satisfies(each -> assertThat(each.reason()).isEqualTo("CLIENT_QUIT"));
            assertThat(client.closed(Duration.ofMinutes(10)).get().records()).isEmpty();
            assertThat(client.help().get()).containsExactly(new CommandRecord("WHY", "the answer"));
            assertThat(server.lines)
                    .containsExactly(
                            "WHOAMI",
                            "NAME web-7",
                            "NAME",
                            "SERVERS",
                            "WHO COUNT",
                            "WHO LONG LIMIT 5 FRESH SERVER s1 ADDR 10.0.0.0/8 NAME web-* AFTER " + ID + "/9",
                            "WHO CLOSED",
                            "WHO CLOSED LAST 10m",
                            "HELP");
        }
    }

    @Test
    void aTokenIsRightOrNot() throws Exception {
        try (ScriptedServer server = answering("authorized\n", "error WRONG_TOKEN expected another\n");
                SocketzClient client = connect(server)) {
            client.authorize("s3cret").get();
            assertThat(Failures.expect(client.authorize("guess"), Reason.SERVER_ERROR)
                            .code())
                    .isEqualTo("WRONG_TOKEN");
            assertThat(server.lines).containsExactly("AUTH s3cret", "AUTH guess");
            for (String token : new String[] {"", "a b", "a\n"}) {
                assertThatThrownBy(() -> client.authorize(token)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void anAuditIsARecord() throws Exception {
        String line = "missing=0 ghosts=0 repaired=3 pending=1 clients=2 revision=1842 server=server01";
        try (ScriptedServer server = answering(line + "\n", "error AUDIT_FAILED expected etcd to answer\n");
                SocketzClient client = connect(server)) {
            assertThat(client.audit().get()).isEqualTo(new AuditRecord(0, 0, 3, 1, 2, 1_842, "server01"));
            assertThat(Failures.expect(client.audit(), Reason.SERVER_ERROR).code())
                    .isEqualTo("AUDIT_FAILED");
            assertThat(server.lines).containsExactly("AUDIT", "AUDIT");
        }
    }

    @Test
    void aKickEndsTheConnectionWithItsReason() throws Exception {
        try (ScriptedServer server = answering("error KICKED too loud\n");
                SocketzClient client = SocketzClient.builder()
                        .addresses(server.address())
                        .reconnect(false)
                        .connect()) {
            assertThat(Failures.expect(client.who(), Reason.CONNECTION_LOST))
                    .hasMessage("the server ended the connection: KICKED too loud");
        }
    }

    @Test
    void whatCannotBeAskedIsNotSent() throws Exception {
        try (ScriptedServer server = answering();
                SocketzClient client = connect(server)) {
            for (String name : new String[] {"", " ", "a b", "a=b", "\u00e9", "x\n", "x".repeat(65)}) {
                assertThatThrownBy(() -> client.name(name)).isInstanceOf(IllegalArgumentException.class);
            }
            for (String name : new String[] {"", "a b", "a\n", "s1 FRESH"}) {
                assertThatThrownBy(() -> ClientQuery.all().server(name)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> ClientQuery.all().limit(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected LIMIT and a number from 1 to 10000");
            assertThatThrownBy(() -> ClientQuery.all().limit(10_001)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.closed(Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(server.lines).isEmpty();
        }
    }

    @Test
    void aRefusalIsAnExceptionWithItsCode() throws Exception {
        try (ScriptedServer server =
                        answering("error NOT_REGISTERED health checks are not\n", "invalid command: use 'WHO'\n");
                SocketzClient client = connect(server)) {
            assertThat(Failures.expect(client.whoAmI(), Reason.SERVER_ERROR).code())
                    .isEqualTo("NOT_REGISTERED");
            Failures.expect(client.list(ClientQuery.all()), Reason.INVALID_COMMAND);
            assertThat(Failures.expect(client.pages(ClientQuery.all(), page -> {}), Reason.SERVER_ERROR))
                    .hasMessage("ECHO WHO LONG LIMIT 1000");
        }
    }

    /** A server with {@code total} clients, which answers {@code WHO LONG LIMIT n [AFTER id]}. */
    private static void page(Peer peer, int total) throws IOException {
        while (true) {
            String[] words = peer.line().split(" ", -1);
            int limit = Integer.parseInt(words[3]);
            int after = words.length > 4 ? Integer.parseInt(words[5].substring(words[5].indexOf('/') + 1)) : 0;
            int count = Math.min(limit, total - after);
            StringBuilder answer = new StringBuilder(count + " clients of " + total + " at revision 1\n");
            for (int i = after + 1; i <= after + count; i++) {
                answer.append(record(i)).append('\n');
            }
            peer.send(answer.toString());
        }
    }

    @Test
    void pagesFollowEachOtherUntilTheLast() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    page(peer, 2_500);
                });
                SocketzClient client = connect(server)) {
            for (int limit : new int[] {1, 7, 500, 1_000, 2_500, 10_000}) {
                List<ClientRecord> all = new ArrayList<>();
                client.pages(ClientQuery.all().limit(limit), page -> all.addAll(page.records()))
                        .get(20, TimeUnit.SECONDS);
                assertThat(all).as("%d at a time", limit).hasSize(2_500).doesNotHaveDuplicates();
            }
            assertThat(client.pending()).isZero();
        }
    }

    @Test
    void pagesEndWhenTheyAreCancelledOrTheListenerThrows() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    page(peer, 1_000_000_000);
                });
                SocketzClient client = connect(server)) {
            AtomicInteger pages = new AtomicInteger();
            CountDownLatch some = new CountDownLatch(3);
            CompletableFuture<Void> endless = client.pages(ClientQuery.all().limit(1), page -> {
                pages.incrementAndGet();
                some.countDown();
            });
            assertThat(some.await(20, TimeUnit.SECONDS)).isTrue();
            endless.cancel(false);
            // The page on its way when it was cancelled is the last one.
            client.list(ClientQuery.all().limit(1)).get();
            int seen = pages.get();
            client.list(ClientQuery.all().limit(1)).get();
            assertThat(pages).hasValue(seen);

            CompletableFuture<Void> thrown = client.pages(ClientQuery.all(), page -> {
                throw new IllegalStateException("as planned");
            });
            assertThatThrownBy(() -> thrown.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("as planned");
        }
    }

    // ---- Servers that send nonsense.

    @Test
    void aBlockOfABillionLinesIsRefusedAtItsFirstLine() throws Exception {
        mustBeMalformed(
                "1000000000 clients of 2 at revision 7\n", "the server sent a block of more than 1000000 lines");
        mustBeMalformed(
                "99999999999999999999 clients of 2 at revision 7\n", "the server sent a number that is too large");
    }

    @Test
    void aBlockOfAnotherKindIsRefused() throws Exception {
        mustBeMalformed("0 servers at revision 7\n", "the server sent a reply to something else");
        mustBeMalformed("0 things\n", "the server sent a reply to something else");
        mustBeMalformed("1 clients of 2 at revision 7\nid=1\n", "the server sent a record whose id cannot be read");
        mustBeMalformed(
                "1 clients of 2 at revision 7\n\n", "the server sent a record with something other than a field");
    }

    private static void mustBeMalformed(String answer, String message) throws Exception {
        try (ScriptedServer server = answering(answer);
                SocketzClient client = connect(server)) {
            assertThat(Failures.expect(client.list(ClientQuery.all()), Reason.MALFORMED_REPLY))
                    .hasMessage(message);
        }
    }

    @Test
    void aBlockThatNeverEndsIsCutOffWhenItIsTooLong() throws Exception {
        String lines = ("x".repeat(1_000) + "\n").repeat(1_000);
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    peer.send("1000000 lines\n");
                    while (true) {
                        peer.send(lines);
                    }
                });
                SocketzClient client = connect(server)) {
            assertThat(Failures.expect(client.send("LINES"), Reason.MALFORMED_REPLY))
                    .hasMessage("the server sent a block of more than 67108864 bytes");
        }
    }

    @Test
    void aBlockThatStopsHalfwayIsATimeout() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    peer.send("2 clients of 2 at revision 7\n" + record(1) + "\n");
                    peer.idle();
                });
                SocketzClient client = SocketzClient.builder()
                        .addresses(server.address())
                        .requestTimeout(Duration.ofMillis(300))
                        .connect()) {
            Failures.expect(client.list(ClientQuery.all()), Reason.REQUEST_TIMEOUT);
        }
    }

    @Test
    void aBlockInPlaceOfTheGreetingIsRefused() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            peer.send("1000 lines\n");
            peer.idle();
        })) {
            assertThatThrownBy(() -> connect(server))
                    .isInstanceOf(SocketzException.class)
                    .hasMessageEndingWith("the server sent a block that nobody asked for");
        }
    }

    @Test
    void aPersonGetsABlockOfACommandThatThisClientDoesNotKnow() throws Exception {
        try (ScriptedServer server = answering("2 things\na\nb\n");
                SocketzClient client = connect(server)) {
            assertThat(client.send("THINGS").get())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Block.Lines.class,
                            block -> assertThat(block.records()).hasSize(2));
        }
    }
}
