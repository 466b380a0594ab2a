package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.server.SocketzServer;
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
