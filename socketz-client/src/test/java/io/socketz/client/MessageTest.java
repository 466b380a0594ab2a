package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import io.socketz.server.SocketzServer;
import io.socketz.server.event.Connection;
import io.socketz.server.event.ConnectionListener;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages: what a server says without being asked, and without a watch. */
@Timeout(60)
class MessageTest {
    private static final String HELLO = "event 0 message hello\n";

    private final RecordingListener events = new RecordingListener();

    private SocketzClient connect(String addresses) throws Exception {
        return builder(addresses).listener(events).connect();
    }

    private static SocketzClient.Builder builder(String addresses) {
        return SocketzClient.builder()
                .addresses(addresses)
                .shuffle(false)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
                .requestTimeout(Duration.ofSeconds(20));
    }

    private void expect(String... happened) throws Exception {
        for (String each : happened) {
            assertThat(events.next()).startsWith(each);
        }
    }

    @Test
    void areNeverTakenForTheAnswerToARequest() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    peer.sendByByte(HELLO + "event 0 message 42\n42\n");
                    peer.line();
                    peer.send("client list: {'10.0.0.1:1'}\nconnected clients: 1\n" + HELLO + "fresh at revision 7\n");
                    peer.idle();
                });
                SocketzClient client = connect(server.address())) {
            assertThat(client.why().get()).isEqualTo(42);
            assertThat(client.whoFresh().get().freshness()).contains(new Reply.Fresh(7));
            expect("connected", "message hello", "message 42", "message hello");
        }
    }

    @Test
    void comeWithoutARequestAsTheyAre() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.send("event 0 message  two  blanks = \u00e9\nevent 0 message\nevent 9 dance id=1\n" + HELLO);
                    peer.echo();
                });
                SocketzClient client = connect(server.address())) {
            expect("connected", "message  two  blanks = \u00e9", "message ", "message hello");
            assertThat(client.send("x").get()).containsExactly(new Reply.Failure("ECHO", "x"));
        }
    }

    /** A server may say hello to whoever connects, which is before the client knows its id. */
    @Test
    void thatComeBeforeTheIdAreToldAfterTheConnection() throws Exception {
        String greeting = ScriptedServer.GREETING + "event 0 message one\nevent 9 dance id=1\n";
        String id = "event 0 message two\n" + ScriptedServer.ID + "event 0 message three\n";
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.send(greeting);
                    peer.line();
                    peer.send(id);
                    peer.echo();
                });
                SocketzClient client = connect(server.address())) {
            expect("connected", "message one", "message two", "message three");
            assertThat(client.send("x").get()).containsExactly(new Reply.Failure("ECHO", "x"));
        }
    }

    @Test
    void ofAPeerThatSaysTooMuchBeforeItsIdAreNotKept() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            peer.send(ScriptedServer.GREETING + HELLO.repeat(1_001));
            peer.idle();
        })) {
            SocketzException refused =
                    Failures.expect(builder(server.address()).connectAsync(), SocketzException.Reason.CONNECT_FAILED);
            assertThat(refused).hasMessage(server.address() + ": more than 1000 messages before the id");
        }
    }

    @Test
    void beforeTheGreetingAreNoGreeting() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            peer.send(HELLO);
            peer.idle();
        })) {
            Failures.expect(builder(server.address()).connectAsync(), SocketzException.Reason.CONNECT_FAILED);
        }
    }

    @Test
    void comeFromEachServerInItsTurn() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.send(HELLO);
                        },
                        peer -> {
                            peer.welcome();
                            peer.send("event 0 message again\n");
                            peer.idle();
                        });
                SocketzClient client = connect(server.address())) {
            expect("connected", "message hello", "disconnected", "connected", "message again");
            assertThat(client.server()).isPresent();
        }
    }

    @Test
    void doNotDisturbAWatch() throws Exception {
        String state = "1 clients of 1 at revision ";
        String client1 =
                "id=" + ScriptedServer.ID.strip() + "/1 addr=10.0.0.1:1 server=s1 since=2026-01-31T12:00:00Z\n";
        WatchedRoster roster = new WatchedRoster();
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    peer.send(HELLO + state + "7\n" + client1 + HELLO + "event 8 rename " + client1);
                    peer.send("event 10 resync\n" + HELLO + state + "10\n" + client1 + "event 11 now age=0.1\n");
                    peer.idle();
                });
                SocketzClient client = connect(server.address())) {
            RosterWatch watch = client.watch(roster);
            for (String told : List.of("state 7: 1", "8 rename 1", "state 10: 1", "11 now")) {
                assertThat(roster.next()).startsWith(told);
            }
            expect("connected", "message hello", "message hello", "message hello");
            assertThat(watch.revision()).hasValue(11);
        }
    }

    @Test
    void thatAListenerFailsAtAreReportedAndDoNoHarm() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.send(HELLO);
                    peer.echo();
                });
                SocketzClient client = builder(server.address())
                        .listener(new ClientListener() {
                            @Override
                            public void onMessage(Server from, String text) {
                                throw new IllegalStateException("as planned");
                            }

                            @Override
                            public void onWarning(String message) {
                                events.onWarning(message);
                            }
                        })
                        .connect()) {
            expect("warning the listener failed: java.lang.IllegalStateException: as planned");
            assertThat(client.send("x").get()).containsExactly(new Reply.Failure("ECHO", "x"));
        }
    }

    @Test
    void comeFromTheProgramThatEmbedsTheServer() throws Exception {
        ConnectionListener welcoming = new ConnectionListener() {
            @Override
            public void onOpened(Connection connection) {
                connection.send(new Event.Message("welcome " + connection.address()).line());
            }
        };
        try (SocketzServer server = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .connectionListener(welcoming)
                        .start();
                SocketzClient client = connect("127.0.0.1:" + server.address().getPort())) {
            ClientRecord own = client.whoAmI().get();
            expect("connected", "message welcome " + own.address());
            assertThat(server.broadcast("event 0 message to all", each -> true)).isEqualTo(1);
            expect("message to all");
        }
    }
}
