package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.CommandRecord;
import io.socketz.protocol.reply.DepartureRecord;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.SocketzServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client with a real server. */
@Timeout(60)
class ServedTest {
    private SocketzServer server;
    private SocketzClient client;

    @BeforeEach
    void start() throws Exception {
        server = SocketzServer.builder().host("127.0.0.1").port(0).start();
        client = SocketzClient.builder()
                .addresses("127.0.0.1:" + server.address().getPort())
                .connect();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void answersAreTyped() throws Exception {
        Clients clients = client.who().get();
        assertThat(clients.count()).isEqualTo(1);
        assertThat(clients.addresses()).singleElement().asString().startsWith("127.0.0.1:");
        assertThat(clients.freshness()).isEmpty();
        assertThat(client.whoFresh().get().freshness()).containsInstanceOf(Reply.Fresh.class);
        assertThat(client.why().get()).isEqualTo(42);
        assertThat(client.where().get()).isEqualTo(server.member().id());
    }

    @Test
    void recordsAreTyped() throws Exception {
        ClientRecord own = client.whoAmI().get();
        assertThat(own.id().server()).isEqualTo(server.member().id());
        assertThat(own.server()).isEqualTo(server.member().name());
        assertThat(own.name()).isEmpty();
        ClientRecord named = client.name("web-7").get();
        assertThat(named.name()).contains("web-7");
        assertThat(named.id()).isEqualTo(own.id());
        assertThat(client.count().get()).isEqualTo(1);
        assertThat(client.servers().get().records()).singleElement().satisfies(each -> {
            assertThat(each.id()).isEqualTo(server.member().id());
            assertThat(each.clients()).isEqualTo(1);
        });
        assertThat(client.list(ClientQuery.all().name(Glob.parse("web-*")).fresh())
                        .get()
                        .records())
                .containsExactly(named);
        assertThat(client.list(ClientQuery.all().name(Glob.parse("x*"))).get().total())
                .isEqualTo(1);
        assertThat(client.list(ClientQuery.all().after(own.id())).get().records())
                .isEmpty();
        assertThat(client.removeName().get().name()).isEmpty();
        assertThat(client.help().get())
                .extracting(CommandRecord::syntax)
                .containsExactlyElementsOf(BuiltInCommands.TABLE.rows().stream()
                        .map(CommandRow::syntax)
                        .toList());
        assertThat(Failures.expect(client.list(ClientQuery.all().server("nobody")), Reason.SERVER_ERROR)
                        .code())
                .isEqualTo("UNKNOWN_SERVER");
        ClientId unknown = new ClientId(own.id().server(), 999);
        assertThat(Failures.expect(client.list(ClientQuery.all().after(unknown)), Reason.SERVER_ERROR)
                        .code())
                .isEqualTo("UNKNOWN_ID");
    }

    @Test
    void pagesHoldEveryoneOnce() throws Exception {
        List<SocketzClient> others = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                others.add(SocketzClient.builder()
                        .addresses("127.0.0.1:" + server.address().getPort())
                        .connect());
            }
            List<String> seen = new ArrayList<>();
            client.pages(ClientQuery.all().limit(3), page -> page.records().forEach(each -> seen.add(each.address())))
                    .get(20, TimeUnit.SECONDS);
            assertThat(seen).isEqualTo(client.who().get().addresses()).hasSize(11);
        } finally {
            others.forEach(SocketzClient::close);
        }
    }

    @Test
    void whoLeftIsTyped() throws Exception {
        assertThat(client.closed().get().records()).isEmpty();
        ClientRecord other;
        try (SocketzClient leaving = SocketzClient.builder()
                .addresses("127.0.0.1:" + server.address().getPort())
                .connect()) {
            other = leaving.name("leaving").get();
            leaving.quit().get(10, TimeUnit.SECONDS);
        }
        List<DepartureRecord> gone = client.closed(Duration.ofMinutes(10)).get().records();
        for (int i = 0; gone.isEmpty() && i < 200; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
            gone = client.closed().get().records();
        }
        assertThat(gone).singleElement().satisfies(each -> {
            assertThat(each.id()).isEqualTo(other.id());
            assertThat(each.address()).isEqualTo(other.address());
            assertThat(each.name()).contains("leaving");
            assertThat(each.reason()).isEqualTo("CLIENT_QUIT");
            assertThat(each.left()).isAfterOrEqualTo(each.since());
        });
    }

    @Test
    void aBadArgumentIsAReplyToAPersonLikeAnyOther() throws Exception {
        assertThat(client.send("WHO LONG LIMIT 0").get())
                .containsExactly(new Reply.Failure("BAD_ARGUMENT", "expected LIMIT and a number from 1 to 10000"));
        assertThat(client.send("name a b").get()).singleElement().isInstanceOf(Reply.Failure.class);
        assertThat(client.send("who long limit 5").get()).singleElement().isInstanceOf(Block.Clients.class);
    }

    @Test
    void knowsItsServer() {
        Server now = client.server().orElseThrow();
        assertThat(now.id()).isEqualTo(server.member().id());
        assertThat(now.shortId()).isEqualTo(server.member().name());
        assertThat(now.address()).isEqualTo(server.address());
        assertThat(now.asked()).hasToString("127.0.0.1:" + server.address().getPort());
    }

    @Test
    void sendsWhatAPersonTypes() throws Exception {
        assertThat(client.send(" why ").get()).containsExactly(new Reply.Answer());
        assertThat(client.send("").get()).isEmpty();
        assertThat(client.send(" \t").get()).isEmpty();
        assertThat(client.send("what").get()).containsExactly(new Reply.InvalidCommand(BuiltInCommands.TABLE.usage()));
        assertThat(client.send("x".repeat(2000)).get()).containsExactly(Reply.Failure.lineTooLong(1024));
        assertThat(client.send(" ".repeat(2000) + "WHY").get()).containsExactly(new Reply.Answer());
        List<Reply> fresh = client.send("who fresh").get();
        assertThat(fresh).hasSize(2);
        assertThat(fresh.get(0)).isInstanceOf(Reply.ClientList.class);
        assertThat(fresh.get(1)).isInstanceOf(Reply.Fresh.class);
        assertThat(client.send("QUIT").get()).isEmpty();
        assertThat(client.server()).isEmpty();
    }

    @Test
    void quitAnswersWhatWasAskedBefore() throws Exception {
        var why = client.why();
        client.quit().get(10, TimeUnit.SECONDS);
        assertThat(why.get()).isEqualTo(42);
        Failures.expect(client.why(), SocketzException.Reason.CLOSED);
    }
}
