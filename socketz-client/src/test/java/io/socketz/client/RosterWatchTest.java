package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.client.ScriptedServer.Peer;
import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.address.Cidr;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A watch, with servers that say what the test wants, and lose it where the test wants. */
@Timeout(60)
class RosterWatchTest {
    private static final String OTHER_ID = "11111111-5a1c-4b6e-9d6e-0d9b0d6c1f2a\n";

    private final RecordingListener events = new RecordingListener();
    private final WatchedRoster roster = new WatchedRoster();

    private SocketzClient connect(ScriptedServer server) throws Exception {
        return SocketzClient.builder()
                .addresses(server.address())
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
                .requestTimeout(Duration.ofSeconds(20))
                .listener(events)
                .connect();
    }

    private static String client(int number) {
        return "id=" + ScriptedServer.ID.strip() + "/" + number + " addr=10.0.0.1:" + number
                + " server=s1 since=2026-01-31T12:00:00.123Z";
    }

    private static String join(int revision, int number) {
        return "event " + revision + " join " + client(number) + "\n";
    }

    private static String leave(int revision, int number) {
        return "event " + revision + " leave " + client(number) + " reason=CLIENT_QUIT\n";
    }

    private static String now(int revision) {
        return "event " + revision + " now age=0.1\n";
    }

    private static String down(int revision) {
        return "event " + revision + " server-down id=" + ScriptedServer.ID.strip()
                + " name=s1 addr=10.0.0.9:5151 clients=2 since=2026-01-31T12:00:00Z reason=SERVER_LOST\n";
    }

    private static String state(int revision, int... numbers) {
        StringBuilder text =
                new StringBuilder(numbers.length + " clients of " + numbers.length + " at revision " + revision + "\n");
        for (int number : numbers) {
            text.append(client(number)).append('\n');
        }
        return text.toString();
    }

    /** Takes one request, and answers it. */
    private static void answer(Peer peer, String text) throws Exception {
        peer.line();
        peer.send(text);
    }

    private void expect(String... told) throws Exception {
        for (String each : told) {
            assertThat(roster.next()).isEqualTo(each);
        }
    }

    @Test
    void theStateComesFirstAndThenEachEvent() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    answer(peer, state(7, 1, 2));
                    peer.send(join(8, 3) + leave(9, 1) + "event 10 rename " + client(2) + " name=web\n");
                    peer.send("event 11 dance id=1\n" + now(12) + down(13));
                    peer.idle();
                });
                SocketzClient client = connect(server)) {
            RosterWatch watch = client.watch(roster);
            expect("state 7: 1 2", "8 join 3", "9 leave 1 CLIENT_QUIT", "10 rename 2");
            expect("11 event 11 dance id=1", "12 now", "13 down s1 2");
            assertThat(roster.addresses()).isEmpty();
            // Of the last revision, more may come.
            assertThat(watch.revision()).hasValue(12);
            assertThat(server.nextLine()).isEqualTo("WATCH");
            assertThat(watch.ended()).isNotDone();
        }
    }

    @Test
    void eventsAreReadAtAnySplitAndBetweenReplies() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    peer.sendByByte(state(7, 1) + join(8, 2));
                    for (int i = 0; i < 3; i++) {
                        peer.line();
                    }
                    peer.sendByByte(join(9, 3) + "42\n" + join(10, 4)
                            + "client list: {'10.0.0.1:1'}\nconnected clients: 1\n" + leave(11, 2)
                            + "event 12 resync\n" + state(12, 1, 5) + join(13, 6) + state(13, 1, 5, 6) + now(14));
                    peer.idle();
                });
                SocketzClient client = connect(server)) {
            client.watch(roster);
            expect("state 7: 1", "8 join 2");
            CompletableFuture<Integer> why = client.why();
            CompletableFuture<Clients> who = client.who();
            var list = client.list(ClientQuery.all());
            expect("9 join 3", "10 join 4", "11 leave 2 CLIENT_QUIT", "state 12: 1 5", "13 join 6", "14 now");
            assertThat(why.get()).isEqualTo(42);
            assertThat(who.get().count()).isEqualTo(1);
            assertThat(list.get().records()).hasSize(3);
            assertThat(client.pending()).isZero();
        }
    }

    @Test
    void theWatchGoesOnAtTheNextServerWithoutAGap() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            answer(peer, state(7, 1) + join(8, 2) + now(20));
                        },
                        peer -> {
                            peer.welcome(OTHER_ID);
                            answer(peer, "watching since revision 20\n" + join(21, 3));
                            peer.idle();
                        });
                SocketzClient client = connect(server)) {
            client.watch(roster);
            expect("state 7: 1", "8 join 2", "20 now", "lost CONNECTION_LOST", "resumed 11111111 20", "21 join 3");
            assertThat(server.lines).containsExactly("WATCH", "WATCH SINCE 20");
        }
    }

    /** Of revision 9, the first server tells two of three events. */
    @Test
    void aWatchThatIsLostWithinARevisionTellsEachOfItsEventsOnce() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            answer(peer, state(7, 1) + join(9, 2) + join(9, 3));
                        },
                        peer -> {
                            peer.welcome(OTHER_ID);
                            answer(peer, "watching since revision 8\n" + now(8) + join(9, 3) + join(9, 4));
                        },
                        peer -> {
                            peer.welcome();
                            answer(
                                    peer,
                                    "watching since revision 8\n" + join(9, 2) + join(9, 3) + join(9, 4) + leave(10, 2)
                                            + now(10));
                        },
                        peer -> {
                            peer.welcome();
                            // Too much: what is known already.
                            answer(peer, "watching since revision 10\n" + join(9, 2) + leave(10, 2) + leave(11, 3));
                            peer.idle();
                        });
                SocketzClient client = connect(server)) {
            client.watch(roster);
            expect("state 7: 1", "9 join 2", "9 join 3", "lost CONNECTION_LOST", "resumed 11111111 8", "9 join 4");
            expect("lost CONNECTION_LOST", "resumed 08483048 8", "10 leave 2 CLIENT_QUIT", "10 now");
            expect("lost CONNECTION_LOST", "resumed 08483048 10", "11 leave 3 CLIENT_QUIT");
            assertThat(server.lines).containsExactly("WATCH", "WATCH SINCE 8", "WATCH SINCE 8", "WATCH SINCE 10");
            assertThat(roster.addresses()).containsExactly("10.0.0.1:1", "10.0.0.1:4");
        }
    }

    @Test
    void theStateComesAnewWhereHistoryIsGone() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            answer(peer, state(7, 1));
                        },
                        peer -> {
                            peer.welcome();
                            answer(peer, "event 90 resync\n" + state(90, 5) + join(91, 6) + now(91));
                        },
                        peer -> {
                            peer.welcome();
                            answer(peer, "error UNKNOWN_REVISION expected 3 at most\n");
                            answer(peer, state(3, 8) + join(4, 9));
                            peer.idle();
                        });
                SocketzClient client = connect(server)) {
            client.watch(roster);
            expect("state 7: 1", "lost CONNECTION_LOST", "state 90: 5", "91 join 6", "91 now");
            expect("lost CONNECTION_LOST", "state 3: 8", "4 join 9");
            assertThat(server.lines).containsExactly("WATCH", "WATCH SINCE 7", "WATCH SINCE 91", "WATCH");
        }
    }

    @Test
    void aWatchBeginsWhereAnotherEnded() throws Exception {
        WatchQuery query = WatchQuery.all()
                .server("s1")
                .address(Cidr.parse("10.0.0.0/8"))
                .name(Glob.parse("web-*"))
                .since(5);
        assertThat(WatchQuery.parse(" NAME web-* ADDR 10.0.0.0/8 SERVER s1 SINCE 5"))
                .hasToString("WATCH SINCE 5 SERVER s1 ADDR 10.0.0.0/8 NAME web-*");
        assertThat(WatchQuery.parse("\tNAME\tweb-*\t")).as("tabs").hasToString("WATCH NAME web-*");
        assertThat(WatchQuery.parse("SERVER \u2003")).as("no blank").hasToString("WATCH SERVER \u2003");
        for (String wrong : List.of("LIMIT 3", "NAME", "NAME\fx", "\u2003NAME x", "SERVER x\n")) {
            assertThatThrownBy(() -> WatchQuery.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("expected ");
        }
        assertThat(query).hasToString("WATCH SERVER s1 ADDR 10.0.0.0/8 NAME web-* SINCE 5");
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    answer(peer, "watching since revision 5\n" + join(6, 1));
                    answer(peer, join(7, 2) + "not watching\n");
                    answer(peer, state(8, 1));
                    peer.idle();
                });
                SocketzClient client = connect(server)) {
            RosterWatch watch = client.watch(query, roster);
            assertThat(watch.revision()).hasValue(5);
            expect("resumed 08483048 5", "6 join 1");
            watch.close();
            watch.ended().get(20, TimeUnit.SECONDS);
            client.watch(WatchQuery.all(), roster);
            expect("state 8: 1");
            // What came after its end was not told.
            assertThat(watch.revision()).hasValue(5);
            assertThat(server.lines)
                    .containsExactly("WATCH SERVER s1 ADDR 10.0.0.0/8 NAME web-* SINCE 5", "UNWATCH", "WATCH");
        }
    }

    @Test
    void aWatchNeedsNoConnectionToBeginAndSurvivesWhereNothingWasTold() throws Exception {
        CountDownLatch greet = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> peer.welcome(),
                        peer -> {
                            greet.await();
                            peer.welcome();
                            peer.line(); // and no answer
                        },
                        peer -> {
                            peer.welcome();
                            answer(peer, state(7, 1));
                            peer.idle();
                        });
                SocketzClient client = connect(server)) {
            events.next("disconnected");
            client.watch(roster);
            greet.countDown();
            expect("state 7: 1");
            assertThat(server.lines).containsExactly("WATCH", "WATCH");
        }
    }

    @Test
    void oneWatchAtATimeIsEnough() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    answer(peer, state(7, 1));
                    peer.echo();
                });
                SocketzClient client = connect(server)) {
            try (RosterWatch watch = client.watch(roster)) {
                assertThatThrownBy(() -> client.watch(roster)).isInstanceOf(IllegalStateException.class);
                expect("state 7: 1");
                assertThat(client.send("x").get()).containsExactly(new Reply.Failure("ECHO", "x"));
                assertThat(watch.ended()).isNotDone();
            }
            assertThat(server.lines).startsWith("WATCH", "x");
            server.nextLine();
            server.nextLine();
            assertThat(server.nextLine()).isEqualTo("UNWATCH");
        }
    }

    /** The client's thread is busy, so it has seen none of the two when the second one begins. */
    @Test
    void theEndOfAWatchIsToldOnTheClientsThread() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    asked.await();
                    answer(peer, "42\n");
                    answer(peer, state(7, 1));
                    peer.idle();
                });
                SocketzClient client = connect(server)) {
            CompletableFuture<Thread> clientThread = client.why().thenApply(why -> {
                busy.countDown();
                awaitUninterrupted(free);
                return Thread.currentThread();
            });
            asked.countDown();
            busy.await();
            RosterWatch first = client.watch(roster);
            CompletableFuture<Thread> told = first.ended().thenApply(nothing -> Thread.currentThread());
            first.close();
            client.watch(roster);
            boolean early = told.isDone();
            free.countDown();
            assertThat(early).as("told before the client's thread was free").isFalse();
            assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo(clientThread.get());
            expect("state 7: 1");
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWatchThatIsRefusedEndsAndSaysWhy() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    answer(peer, "error UNKNOWN_SERVER expected s1\n");
                    answer(peer, "invalid command: use 'WHO'\n");
                    peer.idle();
                });
                SocketzClient client = connect(server)) {
            assertThat(Failures.expect(
                                    client.watch(WatchQuery.all().server("x"), roster)
                                            .ended(),
                                    Reason.SERVER_ERROR)
                            .code())
                    .isEqualTo("UNKNOWN_SERVER");
            Failures.expect(client.watch(roster).ended(), Reason.INVALID_COMMAND);
        }
    }

    @Test
    void aWatchEndsWithItsClient() throws Exception {
        RosterWatch watch;
        SocketzClient ended;
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    answer(peer, state(7, 1));
                    peer.idle();
                });
                SocketzClient client = connect(server)) {
            watch = client.watch(roster);
            expect("state 7: 1");
            ended = client;
        }
        Failures.expect(watch.ended(), Reason.CLOSED);
        Failures.expect(ended.watch(roster).ended(), Reason.CLOSED);
    }

    @Test
    void nothingIsToldAfterTheListenerHasClosedTheWatch() throws Exception {
        CompletableFuture<RosterWatch> watch = new CompletableFuture<>();
        CountDownLatch known = new CountDownLatch(1);
        WatchedRoster closing = new WatchedRoster();
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    known.await();
                    peer.send(state(7, 1) + join(8, 2) + join(9, 3));
                    answer(peer, "event 10 resync\n" + state(10) + "not watching\n");
                    peer.echo();
                });
                SocketzClient client = connect(server)) {
            watch.complete(client.watch(new WatchListener() {
                @Override
                public void onState(List<ClientRecord> clients, long revision) {
                    closing.onState(clients, revision);
                }

                @Override
                public void onEvent(Event event) {
                    closing.onEvent(event);
                    watch.join().close();
                }
            }));
            known.countDown();
            watch.join().ended().get(20, TimeUnit.SECONDS);
            assertThat(server.nextLine()).isEqualTo("WATCH");
            assertThat(server.nextLine()).isEqualTo("UNWATCH");
            assertThat(client.send("x").get()).containsExactly(new Reply.Failure("ECHO", "x"));
            assertThat(closing.told).containsExactly("state 7: 1", "8 join 2");
        }
    }

    @Test
    void aListenerThatThrowsIsReportedAndTheWatchGoesOn() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    answer(peer, state(7, 1) + join(8, 2));
                    peer.echo();
                });
                SocketzClient client = connect(server)) {
            client.watch(new WatchListener() {
                @Override
                public void onState(List<ClientRecord> clients, long revision) {
                    throw new IllegalStateException("as planned");
                }

                @Override
                public void onEvent(Event event) {
                    roster.onEvent(event);
                }
            });
            expect("8 join 2");
            assertThat(events.next("warning"))
                    .isEqualTo("warning the listener of a watch failed: java.lang.IllegalStateException: as planned");
        }
    }

    // ---- Servers that send nonsense.

    @Test
    void anEventThatNobodyAskedForEndsTheConnection() throws Exception {
        mustLose("42\n" + join(8, 2), "the server sent an event that nobody asked for");
        mustLose("event 8 resync\n42\n", "the server sent an event that nobody asked for");
    }

    private void mustLose(String answer, String message) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            answer(peer, answer);
                            peer.idle();
                        },
                        Peer::idle);
                SocketzClient client = connect(server)) {
            var unused = client.why();
            assertThat(events.next("disconnected")).endsWith("MALFORMED_REPLY: " + message);
        }
    }

    /** Otherwise the client would ask for it again, and again in vain. */
    @Test
    void aStateThatCannotBeReadEndsTheWatch() throws Exception {
        String tooLong = "1000001 clients of 1000001 at revision 90\n";
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            answer(peer, tooLong);
                            peer.idle();
                        },
                        peer -> {
                            peer.welcome();
                            answer(peer, state(7, 1));
                        },
                        peer -> {
                            peer.welcome();
                            answer(peer, "event 90 resync\n" + tooLong);
                            peer.idle();
                        },
                        peer -> {
                            peer.welcome();
                            peer.echo();
                        });
                SocketzClient client = connect(server)) {
            assertThat(Failures.expect(client.watch(roster).ended(), Reason.MALFORMED_REPLY))
                    .hasMessage("the server sent a block of more than 1000000 lines");
            assertThat(roster.told).isEmpty();
            RosterWatch resumed = client.watch(roster);
            expect("state 7: 1", "lost CONNECTION_LOST");
            Failures.expect(resumed.ended(), Reason.MALFORMED_REPLY);
            assertThat(client.send("x").get()).containsExactly(new Reply.Failure("ECHO", "x"));
            assertThat(server.lines).containsExactly("WATCH", "WATCH", "WATCH SINCE 7", "x");
        }
    }

    @Test
    void nonsenseWithinAWatchEndsTheConnectionAndNotTheWatch() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            answer(peer, state(7, 1) + "event 8 resync\nconnected clients: 3\n");
                            peer.idle();
                        },
                        peer -> {
                            peer.welcome();
                            answer(peer, "watching since revision 7\nevent 8 join id=1\n");
                            peer.idle();
                        },
                        peer -> {
                            peer.welcome();
                            answer(peer, "watching since revision 7\n" + join(8, 2));
                            peer.idle();
                        });
                SocketzClient client = connect(server)) {
            client.watch(roster);
            expect("state 7: 1", "lost MALFORMED_REPLY", "resumed 08483048 7");
            expect("lost MALFORMED_REPLY", "resumed 08483048 7", "8 join 2");
            assertThat(events.next("disconnected"))
                    .endsWith("MALFORMED_REPLY: the server sent a resync without the state that must follow");
            assertThat(events.next("disconnected"))
                    .endsWith("MALFORMED_REPLY: the server sent a record whose id cannot be read");
        }
    }

    @Test
    void aLateAnswerBeginsTheWatchAllTheSame() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    // The first of these is a sign of life in time, and the answer comes too late.
                    String text = state(7, 1) + join(8, 2);
                    for (int i = 0; i < text.length(); i += 20) {
                        TimeUnit.MILLISECONDS.sleep(100);
                        peer.send(text.substring(i, Math.min(text.length(), i + 20)));
                    }
                    peer.idle();
                });
                SocketzClient client = SocketzClient.builder()
                        .addresses(server.address())
                        .requestTimeout(Duration.ofMillis(500))
                        .connect()) {
            client.watch(roster);
            expect("state 7: 1", "8 join 2");
            assertThat(server.lines).containsExactly("WATCH");
        }
    }
}
