package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.event.CloseReason;
import io.socketz.state.Client;
import io.socketz.state.KickListener;
import io.socketz.state.Member;
import io.socketz.state.StateThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Administrators disconnect clients, over real sockets. */
class KickTest {
    private static final String TOKEN = "token";

    @TempDir
    Path folder;

    private final Events events = new Events();
    private SocketzServer server;

    private SocketzServer.Builder builder() throws Exception {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .name("server01")
                .adminTokens(Files.writeString(folder.resolve("tokens"), AuthTest.hash(TOKEN)))
                .listener(events)
                .proxies(CidrSet.parse("127.0.0.9"));
    }

    @BeforeEach
    void start() throws Exception {
        server = builder().start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LineClient admin() throws Exception {
        LineClient admin = LineClient.greeted(server);
        assertThat(admin.ask("AUTH " + TOKEN)).isEqualTo("authorized");
        return admin;
    }

    private LineClient client(String from) throws Exception {
        LineClient client = LineClient.connect(server, from);
        client.expect(LineClient.GREETING);
        return client;
    }

    private String id(int number) {
        return server.member().id() + "/" + number;
    }

    @Test
    void aClientIsToldWhyItIsDisconnectedAndIsGoneWhenTheAnswerComes() throws Exception {
        try (LineClient admin = admin();
                LineClient target = LineClient.greeted(server);
                LineClient other = LineClient.greeted(server)) {
            assertThat(admin.ask("KICK " + id(2) + " too many requests")).matches("kicked 1 at revision [0-9]+");
            assertThat(admin.ask("WHO COUNT")).isEqualTo("connected clients: 2");
            assertThat(target.rest()).isEqualTo("error KICKED too many requests\n");
            assertThat(other.ask("WHY")).isEqualTo("42");
            assertThat(admin.ask("WHO CLOSED")).startsWith("1 departures");
            assertThat(admin.line()).startsWith("id=" + id(2)).contains(" reason=KICKED");
            assertThat(server.closed(CloseReason.KICKED)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void withoutAReasonTheClientIsToldWhoDidIt() throws Exception {
        try (LineClient admin = admin();
                LineClient target = LineClient.greeted(server)) {
            assertThat(admin.ask("kick " + id(2).replaceFirst("-[^/]*", ""))).startsWith("kicked 1 at revision ");
            assertThat(target.rest()).isEqualTo("error KICKED by an administrator\n");
        }
    }

    @Test
    void aClientThatWaitsForAnAnswerIsDisconnectedAllTheSame() throws Exception {
        server.close();
        CompletableFuture<CommandReply> answer = new CompletableFuture<>();
        CommandRow slow = CommandRow.of("SLOW", "answers late", ReplyType.LINE);
        server = builder()
                .loops(1)
                .commandAsync(slow, (command, connection) -> answer)
                .start();
        try (LineClient admin = admin();
                LineClient waiting = LineClient.greeted(server)) {
            waiting.send("WHERE\nSLOW\nWHY\n"); // one piece, which the server reads at once
            waiting.expect(server.member().id().toString());
            assertThat(admin.ask("KICK " + id(2))).startsWith("kicked 1 at revision ");
            assertThat(waiting.rest()).isEqualTo("error KICKED by an administrator\n");
            answer.complete(CommandReply.line("late"));
            assertThat(admin.ask("WHY")).isEqualTo("42");
            assertThat(admin.ask("WHY")).isEqualTo("42"); // the loop has had the late answer
            assertThat(events.warnings()).isEmpty();
        }
    }

    @Test
    void aClientThatDoesNotReadLeavesTheRosterAtOnce() throws Exception {
        try (LineClient admin = admin();
                LineClient deaf = LineClient.connect(server, "127.0.0.2", 4096)) {
            deaf.expect(LineClient.GREETING);
            deaf.send("HELP\n".repeat(3000)); // megabytes of replies
            assertThat(admin.ask("KICK " + id(2))).startsWith("kicked 1 at revision ");
            assertThat(admin.ask("WHO COUNT")).isEqualTo("connected clients: 1");
        }
    }

    @Test
    void allClientsFromABlockOfAddressesAreDisconnectedButNotWhoeverAsks() throws Exception {
        try (LineClient admin = admin();
                LineClient first = client("127.0.0.2");
                LineClient second = client("127.0.0.3");
                LineClient third = client("127.0.0.4")) {
            assertThat(admin.ask("KICK ADDR 127.0.0.2/31 DRYRUN")).matches("2 clients of 4 at revision [0-9]+");
            assertThat(admin.line()).startsWith("id=" + id(2) + " addr=" + first.address());
            assertThat(admin.line()).startsWith("id=" + id(3) + " addr=" + second.address());
            assertThat(first.ask("WHY")).isEqualTo("42");
            assertThat(admin.ask("KICK ADDR 127.0.0.2/31")).startsWith("kicked 2 at revision ");
            assertThat(first.rest()).isEqualTo("error KICKED by an administrator\n");
            assertThat(second.rest()).isEqualTo("error KICKED by an administrator\n");
            assertThat(third.ask("WHY")).isEqualTo("42");
            assertThat(admin.ask("KICK ADDR 0.0.0.0/0")).startsWith("kicked 1 at revision ");
            assertThat(admin.ask("KICK ADDR 0.0.0.0/0")).startsWith("kicked 0 at revision ");
        }
    }

    @Test
    void clientsAreDisconnectedByTheirNames() throws Exception {
        try (LineClient admin = admin();
                LineClient named = LineClient.greeted(server);
                LineClient nameless = LineClient.greeted(server)) {
            assertThat(named.ask("NAME web-7")).contains("name=web-7");
            assertThat(admin.ask("KICK NAME web-* DRYRUN")).startsWith("1 clients of 3 at revision ");
            assertThat(admin.line()).startsWith("id=" + id(2));
            assertThat(admin.ask("KICK NAME web-*")).startsWith("kicked 1 at revision ");
            assertThat(named.rest()).isEqualTo("error KICKED by an administrator\n");
            assertThat(nameless.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void anAdministratorMayDisconnectItself() throws Exception {
        try (LineClient admin = admin()) {
            assertThat(admin.ask("KICK " + id(1) + " bye")).isEqualTo("error KICKED bye");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KICK x", "KICK 08483048/1", "KICK ADDR ::/0", "KICK NAME * DRYRUN", "KICK", "KICK ADDR x"})
    void nobodyElseMayDisconnectAnyone(String line) throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask(line)).isEqualTo("error NOT_AUTHORIZED expected AUTH first");
            assertThat(client.ask("HELP KICK")).isEqualTo("3 commands");
            for (int i = 0; i < 3; i++) {
                assertThat(client.line()).startsWith("KICK ").endsWith(" (after AUTH)");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    KICK                       | error BAD_ARGUMENT expected KICK id [reason]
                    KICK x                     | error BAD_ARGUMENT expected the id of a client such as 08483048/17
                    KICK ADDR                  | error BAD_ARGUMENT expected KICK ADDR cidr [DRYRUN]
                    KICK ADDR 10.0.0.0/33      | error BAD_ARGUMENT expected an address block such as 10.0.0.0/8
                    KICK ADDR ::1 NOW          | error BAD_ARGUMENT expected KICK ADDR cidr [DRYRUN]
                    KICK NAME a=b              | error BAD_ARGUMENT expected a pattern of names such as web-*
                    KICK 00000000/1            | error UNKNOWN_ID expected the id of a client that is connected
                    """)
    void whatIsNotUnderstoodIsAnsweredWithWhatWasExpected(String line, String answer) throws Exception {
        try (LineClient admin = admin()) {
            assertThat(admin.ask(line)).isEqualTo(answer);
            assertThat(admin.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aClientThatHasLeftIsUnknownAndNobodyElseIsHit() throws Exception {
        try (LineClient admin = admin()) {
            LineClient gone = LineClient.greeted(server);
            assertThat(gone.ask("WHOAMI")).startsWith("id=" + id(2));
            gone.close();
            try (LineClient next = LineClient.greeted(server)) {
                assertThat(events.next("closed " + gone.address())).endsWith(" CLIENT_CLOSED");
                assertThat(admin.ask("KICK " + id(2))).startsWith("error UNKNOWN_ID ");
                assertThat(next.ask("WHY")).isEqualTo("42");
            }
        }
    }

    /** Kicks never arrive. */
    static final class DeafRegistry extends ForwardingRegistry {
        DeafRegistry(Member self, StateThread state) {
            super(self, state);
        }

        @Override
        public void onKick(KickListener listener) {
            super.onKick((Client client, String reason) -> {});
        }
    }

    @Test
    void whoeverIsNotGoneAfterFiveSecondsIsNamed() throws Exception {
        server.close();
        server = builder().registry(DeafRegistry::new).start();
        List<LineClient> clients = new ArrayList<>();
        try (LineClient admin = admin()) {
            for (int i = 0; i < 7; i++) {
                clients.add(client("127.0.0.2"));
            }
            assertThat(admin.ask("KICK ADDR 127.0.0.2"))
                    .isEqualTo("error KICK_TIMEOUT expected all to be gone within 5 s; 7 of 7 are still there: " + id(2)
                            + ", " + id(3) + ", " + id(4) + ", " + id(5) + ", " + id(6) + ", ...");
            assertThat(clients.get(0).ask("WHY")).isEqualTo("42");
        } finally {
            for (LineClient client : clients) {
                client.close();
            }
        }
    }
}
