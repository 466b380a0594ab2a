package io.socketz.server;

import static io.socketz.server.LineClient.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session as docs/protocol.md specifies it, over real sockets. */
class SessionTest {
    private static final String INVALID = "invalid command: " + GREETING;

    private final Events events = new Events();
    private SocketzServer server;

    @BeforeEach
    void start() throws Exception {
        server = SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .listener(events)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aClientIsGreeted() throws Exception {
        try (LineClient client = LineClient.connect(server)) {
            assertThat(client.line()).isEqualTo("use 'WHY', 'WHO', 'WHERE', 'QUIT'");
        }
    }

    @Test
    void whyIsAnsweredWith42() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void pingIsAnsweredWithPongAndItsText() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            client.send("PING\nping \t\nPING  hello,  world \n");
            client.expect("PONG", "PONG", "PONG hello,  world");
        }
    }

    @Test
    void whereIsAnsweredWithTheIdOfTheServer() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            String id = client.ask("WHERE");
            assertThat(UUID.fromString(id)).isEqualTo(server.member().id());
        }
    }

    @Test
    void whoListsClientsInTheOrderInWhichTheyJoined() throws Exception {
        try (LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.greeted(server)) {
            for (LineClient client : new LineClient[] {first, second}) {
                assertThat(client.ask("WHO"))
                        .isEqualTo("client list: {'" + first.address() + "', '" + second.address() + "'}");
                assertThat(client.line()).isEqualTo("connected clients: 2");
            }
        }
    }

    @Test
    void whoDoesNotListClientsThatAreGone() throws Exception {
        try (LineClient stays = LineClient.greeted(server)) {
            LineClient closes = LineClient.greeted(server);
            LineClient quits = LineClient.greeted(server);
            LineClient resets = LineClient.greeted(server);
            closes.close();
            events.next("closed " + closes.address() + " CLIENT_CLOSED");
            quits.send("QUIT\n");
            assertThat(quits.rest()).isEmpty();
            quits.close();
            resets.reset();
            events.next("closed " + resets.address() + " CONNECTION_RESET");
            assertThat(stays.ask("WHO")).isEqualTo("client list: {'" + stays.address() + "'}");
            stays.expect("connected clients: 1");
        }
    }

    @Test
    void verbsAreAcceptedInAnyCaseBetweenBlanksAndWithEitherLineEnd() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            client.send("why\nWhY\r\n  WHY\t \r\n");
            client.expect("42", "42", "42");
        }
    }

    @Test
    void emptyLinesAreNotAnswered() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            client.send("\n\r\n   \nWHY\n");
            client.expect("42");
        }
    }

    @Test
    void anInvalidCommandIsRefusedWithoutAnEcho() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            for (String line :
                    new String[] {"HELLO", "WHYNOT", "WHY NOT", "\0WHY", "WHY\0", "WH\rY", "\u001b[2J", "\u00c3("}) {
                assertThat(client.ask(line)).as(line).isEqualTo(INVALID);
            }
        }
    }

    @Test
    void aLineThatIsTooLongIsDroppedAndTheNextIsServed() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            client.send("x".repeat(1024) + "\n" + "x".repeat(1025) + "\n" + "x".repeat(5000) + "\nWHY\n");
            client.expect(INVALID, "error LINE_TOO_LONG max 1024 bytes", "error LINE_TOO_LONG max 1024 bytes", "42");
        }
    }

    @Test
    void quitClosesTheConnectionAfterAllEarlierReplies() throws Exception {
        try (LineClient client = LineClient.connect(server)) {
            client.send("WHY\nWHO\nQUIT\nWHY\n" + "WHY\n".repeat(100_000));
            assertThat(client.rest())
                    .isEqualTo(GREETING + "\n42\nclient list: {'" + client.address() + "'}\nconnected clients: 1\n");
            client.socket.close();
            assertThat(events.next("closed")).isEqualTo("closed " + client.address() + " CLIENT_QUIT");
        }
    }

    @Test
    void aClientThatHalfClosesGetsEveryReply() throws Exception {
        try (LineClient client = LineClient.connect(server)) {
            client.send("WHY\nWHO\nWHY\nWHERE");
            client.socket.shutdownOutput();
            assertThat(client.rest())
                    .isEqualTo(
                            GREETING + "\n42\nclient list: {'" + client.address() + "'}\nconnected clients: 1\n42\n");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            int rounds = 5_000;
            Thread sender = new Thread(() -> {
                try {
                    client.send("WHY\nWHO\nWHERE\nnonsense\n".repeat(rounds));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();
            for (int i = 0; i < rounds; i++) {
                client.expect(
                        "42",
                        "client list: {'" + client.address() + "'}",
                        "connected clients: 1",
                        server.member().id().toString(),
                        INVALID);
            }
            sender.join();
        }
    }

    @Test
    void telnetOptionsAreRefusedAndRemovedFromLines() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            client.send(new byte[] {(byte) 255, (byte) 253, 1, 'W', (byte) 255, (byte) 251, 3, 'H'});
            client.send(new byte[] {'Y', (byte) 255, (byte) 241, '\r', '\n'});
            assertThat(client.line()).isEqualTo("\u00ff\u00fc\u0001\u00ff\u00fe\u0003" + "42");
        }
    }

    @Test
    void urgentDataOfTelnetIsReadInline() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            // Ctrl-C in telnet: IAC IP, then IAC DM with DM urgent (RFC 854, "Synch"), then DO TIMING-MARK.
            client.send(new byte[] {(byte) 255, (byte) 244, (byte) 255});
            client.socket.sendUrgentData(242);
            client.send(new byte[] {(byte) 255, (byte) 253, 6, 'W', 'H', 'Y', '\n'});
            assertThat(client.line()).isEqualTo("\u00ff\u00fc\u0006" + "42");
        }
    }
}
