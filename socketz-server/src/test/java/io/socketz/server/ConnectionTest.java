package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.Connection;
import io.socketz.server.event.ConnectionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The connections of a server, as the program that embeds it sees them, over real sockets. */
class ConnectionTest {
    private final Events events = new Events();
    private final Openings openings = new Openings();

    private SocketzServer.Builder builder() {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .loops(2)
                .listener(events)
                .warnBlockedAfter(Duration.ZERO)
                .connectionListener(openings);
    }

    /** Records what is opened and closed. */
    private static class Openings implements ConnectionListener {
        private final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

        @Override
        public void onOpened(Connection connection) {
            opened.add(connection);
        }

        @Override
        public void onClosed(Connection connection, CloseReason reason, String detail) {
            closed.add(connection.address() + " " + reason + (detail.isEmpty() ? "" : " " + detail));
        }

        Connection nextOpened() throws InterruptedException {
            Connection connection = opened.poll(10, TimeUnit.SECONDS);
            if (connection == null) {
                throw new AssertionError("nothing was opened");
            }
            return connection;
        }

        String nextClosed() throws InterruptedException {
            String text = closed.poll(10, TimeUnit.SECONDS);
            if (text == null) {
                throw new AssertionError("nothing was closed");
            }
            return text;
        }
    }

    @Test
    void itSaysWhoItIsAndIsFoundByItsId() throws Exception {
        try (SocketzServer server = builder().start();
                LineClient client = LineClient.greeted(server)) {
            Connection connection = openings.nextOpened();
            assertThat(connection.id()).isEqualTo(server.member().id() + "/1");
            assertThat(connection.address()).isEqualTo(client.address());
            assertThat(connection.via()).isEmpty();
            assertThat(connection.name()).isEmpty();
            assertThat(client.ask("NAME bob")).endsWith(" name=bob").contains(" since=" + connection.since());
            assertThat(connection.name()).contains("bob");
            assertThat(server.connection(connection.id())).containsSame(connection);
            for (String other :
                    List.of("", "x", server.member().id() + "/", server.member().id() + "/2")) {
                assertThat(server.connection(other)).isEmpty();
            }
            client.send("QUIT\n");
            assertThat(openings.nextClosed()).isEqualTo(client.address() + " CLIENT_QUIT");
            assertThat(connection.isOpen()).isFalse();
            assertThat(connection.send("too late")).isFalse();
            assertThat(server.connection(connection.id())).isEmpty();
        }
    }

    @Test
    void eachIsClosedOnceWithItsReason() throws Exception {
        SocketzServer server = builder().idleTimeout(Duration.ofMillis(20)).start();
        try (LineClient idle = LineClient.greeted(server);
                LineClient reset = LineClient.greeted(server)) {
            idle.send("WHY\n");
            assertThat(openings.nextClosed()).isEqualTo(idle.address() + " IDLE_TIMEOUT nothing was sent for too long");
            reset.reset();
            assertThat(openings.nextClosed()).startsWith(reset.address() + " CONNECTION_RESET");
        }
        try (LineClient last = LineClient.greeted(server)) {
            server.close();
            assertThat(openings.nextClosed()).isEqualTo(last.address() + " SERVER_STOPPING");
        }
        assertThat(openings.closed).isEmpty();
    }

    @Test
    void aHealthCheckIsNotOpened() throws Exception {
        try (SocketzServer server =
                        builder().proxies(CidrSet.parse("127.0.0.1")).start();
                LineClient check = LineClient.connect(server);
                LineClient client = LineClient.connect(server)) {
            check.send("PROXY UNKNOWN\r\nWHY\nQUIT\n");
            check.expect(LineClient.GREETING, "42");
            assertThat(check.rest()).isEmpty();
            client.send("PROXY TCP4 203.0.113.7 127.0.0.1 50814 5151\r\nQUIT\n");
            assertThat(openings.nextClosed()).isEqualTo("203.0.113.7:50814 CLIENT_QUIT");
            assertThat(openings.nextOpened().via()).contains(client.address());
            assertThat(openings.opened).isEmpty();
        }
    }

    @Test
    void linesAreSentBetweenRepliesFromAnyThreadInOrder() throws Exception {
        try (SocketzServer server = builder().start();
                LineClient client = LineClient.greeted(server)) {
            Connection connection = openings.nextOpened();
            for (int i = 0; i < 1_000; i++) {
                assertThat(connection.send("line " + i)).isTrue();
            }
            for (int i = 0; i < 1_000; i++) {
                client.expect("line " + i);
            }
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aLineThatIsSentWhenItIsOpenedFollowsTheGreeting() throws Exception {
        ConnectionListener greeter = new ConnectionListener() {
            @Override
            public void onOpened(Connection connection) {
                assertThat(connection.send("welcome " + connection.address())).isTrue();
            }
        };
        try (SocketzServer server = builder().connectionListener(greeter).start();
                LineClient client = LineClient.connect(server)) {
            client.expect(LineClient.GREETING, "welcome " + client.address());
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aClientThatWaitsForAnAnswerGetsLinesMeanwhile() throws Exception {
        BlockingQueue<CompletableFuture<CommandReply>> begun = new LinkedBlockingQueue<>();
        try (SocketzServer server = builder()
                        .commandAsync(CommandRow.of("SLOW", "takes a while", ReplyType.LINE), (command, connection) -> {
                            CompletableFuture<CommandReply> answer = new CompletableFuture<>();
                            begun.add(answer);
                            return answer;
                        })
                        .start();
                LineClient client = LineClient.greeted(server)) {
            client.send("SLOW\nWHY\n");
            CompletableFuture<CommandReply> answer = begun.take();
            openings.nextOpened().send("have patience");
            client.expect("have patience");
            answer.complete(CommandReply.line("done"));
            client.expect("done", "42");
        }
    }

    @Test
    void aClientThatDoesNotReadMakesSendSayNo() throws Exception {
        try (SocketzServer server = builder().outboundTimeout(Duration.ZERO).start();
                LineClient client = LineClient.connect(server, "127.0.0.1", 4096)) {
            client.expect(LineClient.GREETING);
            Connection connection = openings.nextOpened();
            String line = "x".repeat(1_000);
            int taken = 0;
            while (connection.send(line)) {
                taken++;
            }
            // What may wait, and what the kernel and its buffers at both ends have taken.
            assertThat(taken).isBetween(1_000, 20_000);
            for (int i = 0; i < taken; i++) {
                client.expect(line);
            }
            assertThat(client.ask("WHY")).isEqualTo("42");
            assertThat(connection.send("again")).isTrue();
            client.expect("again");
        }
    }

    @Test
    void aClientThatHasDiedTakesNothingOnceThatIsKnown() throws Exception {
        try (SocketzServer server = builder().start();
                LineClient client = LineClient.greeted(server)) {
            Connection connection = openings.nextOpened();
            client.reset();
            assertThat(openings.nextClosed()).startsWith(client.address() + " CONNECTION_RESET");
            assertThat(connection.send("are you there")).isFalse();
            connection.close("never mind");
            assertThat(openings.closed).isEmpty();
        }
    }

    @Test
    void aConnectionIsClosedAfterWhatWasSentAndTheClientIsToldWhy() throws Exception {
        try (SocketzServer server = builder().start();
                LineClient client = LineClient.greeted(server)) {
            Connection connection = openings.nextOpened();
            assertThat(connection.send("one more thing")).isTrue();
            connection.close("enough for today");
            assertThat(connection.send("too late")).isFalse();
            connection.close("again");
            assertThat(client.rest()).isEqualTo("one more thing\nerror CLOSED_BY_SERVER enough for today\n");
            assertThat(openings.nextClosed()).isEqualTo(client.address() + " CLOSED_BY_SERVER enough for today");
            assertThat(openings.closed).isEmpty();
            assertThat(server.closed(CloseReason.CLOSED_BY_SERVER)).isEqualTo(1);
        }
    }

    @Test
    void aHandlerMayCloseTheConnectionThatAsks() throws Exception {
        try (SocketzServer server = builder()
                        .command(CommandRow.of("BYE", "leaves", ReplyType.LINE), (command, connection) -> {
                            connection.close("as you wish");
                            return CommandReply.line("goodbye");
                        })
                        .start();
                LineClient client = LineClient.greeted(server)) {
            client.send("BYE\nWHY\nNAME evil\nQUIT\n"); // nothing after it is answered
            assertThat(client.rest()).isEqualTo("goodbye\nerror CLOSED_BY_SERVER as you wish\n");
        }
    }

    /** What it sends meanwhile is in the socket when the loop has its next turn, before the task that ends the connection. */
    @Test
    void aHandlerMayCloseTheConnectionWhileMoreArrives() throws Exception {
        CompletableFuture<CommandReply> slow = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        try (SocketzServer server = builder()
                        .loops(1)
                        .commandAsync(CommandRow.of("SLOW", "takes long", ReplyType.LINE), (command, connection) -> {
                            asked.countDown();
                            return slow;
                        })
                        .command(CommandRow.of("GO", "ends what takes long", ReplyType.LINE), (command, connection) -> {
                            slow.complete(CommandReply.line("at last"));
                            return CommandReply.line("done");
                        })
                        .command(CommandRow.of("BYE", "leaves", ReplyType.LINE), (command, connection) -> {
                            connection.close("as you wish");
                            return CommandReply.line("goodbye");
                        })
                        .start();
                LineClient client = LineClient.greeted(server);
                LineClient other = LineClient.greeted(server)) {
            client.send("SLOW\nBYE\nWHY\n");
            asked.await();
            client.send("WHY\nWHY\n");
            client.socket.shutdownOutput();
            assertThat(other.ask("GO")).isEqualTo("done");
            assertThat(client.rest()).isEqualTo("at last\ngoodbye\nerror CLOSED_BY_SERVER as you wish\n");
            assertThat(openings.nextClosed()).isEqualTo(client.address() + " CLOSED_BY_SERVER as you wish");
        }
    }

    @Test
    void aClientThatIsClosedWhenItIsOpenedIsToldWhy() throws Exception {
        ConnectionListener bouncer = new ConnectionListener() {
            @Override
            public void onOpened(Connection connection) {
                connection.close("members only");
            }
        };
        try (SocketzServer server = builder().connectionListener(bouncer).start();
                LineClient client = LineClient.connect(server)) {
            client.send("WHY\nWHY\n");
            client.expect(LineClient.GREETING, "error CLOSED_BY_SERVER members only");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void anObjectOfTheProgramStaysWithIt() throws Exception {
        try (SocketzServer server = builder().start();
                LineClient client = LineClient.greeted(server)) {
            Connection connection = openings.nextOpened();
            assertThat(connection.attachment(String.class)).isEmpty();
            connection.attach("kitchen");
            assertThat(connection.attachment(String.class)).contains("kitchen");
            assertThatThrownBy(() -> connection.attachment(Integer.class)).isInstanceOf(ClassCastException.class);
            connection.attach(null);
            assertThat(connection.attachment(String.class)).isEmpty();
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aBroadcastReachesThoseWhoAreMeant() throws Exception {
        try (SocketzServer server = builder().start()) {
            List<LineClient> clients = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                clients.add(LineClient.greeted(server));
            }
            LineClient left = clients.remove(50);
            left.close();
            assertThat(openings.nextClosed()).startsWith(left.address());
            Set<String> even = Set.copyOf(clients.stream()
                    .map(LineClient::address)
                    .filter(address -> address.hashCode() % 2 == 0)
                    .toList());
            assertThat(server.broadcast("to all", connection -> true)).isEqualTo(99);
            assertThat(server.broadcast("to some", connection -> even.contains(connection.address())))
                    .isEqualTo(even.size());
            assertThat(server.broadcast("event 0 message to all", connection -> true))
                    .isEqualTo(99);
            for (LineClient client : clients) {
                client.expect("to all");
                if (even.contains(client.address())) {
                    client.expect("to some");
                }
                client.expect("event 0 message to all");
                client.close();
            }
        }
    }

    @Test
    void aFilterThatThrowsLeavesNobodyWithoutWhatWasTaken() throws Exception {
        try (SocketzServer server = builder().start();
                LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.greeted(server)) {
            List<Connection> asked = new ArrayList<>();
            assertThatThrownBy(() -> server.broadcast("hello", connection -> {
                        asked.add(connection);
                        if (asked.size() == 2) {
                            throw new IllegalStateException("broken");
                        }
                        return true;
                    }))
                    .hasMessage("broken");
            LineClient meant = asked.get(0).address().equals(first.address()) ? first : second;
            meant.expect("hello");
        }
    }

    @Test
    void linesThatWouldMisleadAReaderAreRefused() throws Exception {
        try (SocketzServer server = builder().start();
                LineClient client = LineClient.greeted(server)) {
            Connection connection = openings.nextOpened();
            for (String line : List.of(
                    "",
                    "a\nb",
                    "2 rooms",
                    "2 rooms \u2028x",
                    "client list: {}",
                    "client list: {\u2028",
                    "event x",
                    "event 7 now age=0.1",
                    "error occurred",
                    "stale by the door",
                    "fresh at revision of the book",
                    "x".repeat(1_025))) {
                assertThatThrownBy(() -> connection.send(line)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> server.broadcast(line, each -> true))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> connection.close("a\nb")).isInstanceOf(IllegalArgumentException.class);
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aListenerThatThrowsCausesAWarningAndNothingElse() throws Exception {
        ConnectionListener throwing = new ConnectionListener() {
            @Override
            public void onOpened(Connection connection) {
                throw new IllegalStateException("opened");
            }

            @Override
            public void onClosed(Connection connection, CloseReason reason, String detail) {
                throw new IllegalStateException("closed");
            }
        };
        try (SocketzServer server = builder().connectionListener(throwing).start()) {
            try (LineClient client = LineClient.greeted(server)) {
                assertThat(client.ask("WHY")).isEqualTo("42");
                assertThat(events.next("warning"))
                        .startsWith("warning the connection listener failed: java.lang.IllegalStateException: opened");
            }
            assertThat(events.next("warning")).contains("closed");
        }
    }
}
