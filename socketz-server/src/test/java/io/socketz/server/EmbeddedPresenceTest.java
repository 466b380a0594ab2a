package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a program that embeds a server learns about who is connected. */
class EmbeddedPresenceTest {
    private final Events events = new Events();
    private SocketzServer server;

    /** Those of tests before, which may be about to end. */
    private Set<Thread> threadsBefore = Set.of();

    @BeforeEach
    void start() throws Exception {
        threadsBefore = Thread.getAllStackTraces().keySet();
        server = SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .loops(2)
                .listener(events)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Notes what it is told, in words. */
    private static class Notes implements PresenceListener {
        private final BlockingQueue<String> notes = new LinkedBlockingQueue<>();

        @Override
        public void onState(Roster roster) {
            notes.add("state " + roster.revision() + " " + roster.size());
        }

        @Override
        public void onJoined(long revision, Client client) {
            notes.add("joined " + revision + " " + client.number());
        }

        @Override
        public void onLeft(long revision, Client client, String reason) {
            notes.add("left " + revision + " " + client.number() + " " + reason);
        }

        @Override
        public void onRenamed(long revision, Client before, Client client) {
            notes.add("renamed " + revision + " " + client.number() + " " + before.name() + " " + client.name());
        }

        String next() throws InterruptedException {
            String note = notes.poll(10, TimeUnit.SECONDS);
            if (note == null) {
                throw new AssertionError("nothing was told");
            }
            return note;
        }
    }

    @Test
    void theRosterShowsWhoWasGreeted() throws Exception {
        assertThat(server.roster().get().clients()).isEmpty();
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(server.roster().get().clients())
                    .extracting(Client::address)
                    .containsExactly(client.address());
            assertThat(server.freshRoster().get().fresh()).isTrue();
            assertThat(server.freshRoster().get().roster().size()).isEqualTo(1);
            assertThat(server.members().get())
                    .extracting(Member::id)
                    .containsExactly(server.member().id());
        }
    }

    @Test
    void whatDependsOnARosterDoesNotRunOnTheStateThread() throws Exception {
        for (int i = 0; i < 100; i++) {
            LineClient.greeted(server).close();
            CompletableFuture<String> thread =
                    server.roster().thenApply(roster -> Thread.currentThread().getName());
            assertThat(thread.get()).isNotEqualTo("socketz-state");
        }
    }

    @Test
    void aWatchBeginsWithTheStateAndThenTellsEachChangeInOrder() throws Exception {
        try (LineClient first = LineClient.greeted(server)) {
            Notes notes = new Notes();
            server.watch(notes);
            assertThat(notes.next()).isEqualTo("state 1 1");
            LineClient other = LineClient.greeted(server);
            assertThat(notes.next()).isEqualTo("joined 2 2");
            assertThat(other.ask("NAME bob")).endsWith(" name=bob");
            assertThat(notes.next()).isEqualTo("renamed 3 2 null bob");
            other.send("QUIT\n");
            assertThat(notes.next()).isEqualTo("left 4 2 CLIENT_QUIT");
            first.send("QUIT\n");
            assertThat(notes.next()).isEqualTo("left 5 1 CLIENT_QUIT");
        }
    }

    @Test
    void aListenerThatFailsIsReportedAndHearsTheRest() throws Exception {
        Notes notes = new Notes() {
            @Override
            public void onJoined(long revision, Client client) {
                super.onJoined(revision, client);
                throw new IllegalStateException("I am broken");
            }
        };
        server.watch(notes);
        assertThat(notes.next()).isEqualTo("state 0 0");
        LineClient.greeted(server).close();
        assertThat(notes.next()).isEqualTo("joined 1 1");
        assertThat(notes.next()).isEqualTo("left 2 1 CLIENT_CLOSED");
        assertThat(events.next("warning"))
                .startsWith("warning a presence listener failed: ")
                .contains("I am broken");
    }

    @Test
    void aWatchThatIsClosedByItsListenerHearsNothingMore() throws Exception {
        CompletableFuture<PresenceWatch> watch = new CompletableFuture<>();
        Notes closing = new Notes() {
            @Override
            public void onJoined(long revision, Client client) {
                super.onJoined(revision, client);
                watch.join().close();
            }
        };
        Notes other = new Notes();
        watch.complete(server.watch(closing));
        server.watch(other);
        assertThat(closing.next()).isEqualTo("state 0 0");
        LineClient.greeted(server).close();
        assertThat(other.next()).isEqualTo("state 0 0");
        assertThat(other.next()).isEqualTo("joined 1 1");
        assertThat(other.next()).startsWith("left 2 1");
        assertThat(closing.next()).isEqualTo("joined 1 1");
        assertThat(closing.notes).isEmpty();
    }

    @Test
    void aServerMayBeClosedByAListener() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        server.watch(new Notes() {
            @Override
            public void onJoined(long revision, Client client) {
                server.close();
                closed.countDown();
            }
        });
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.rest()).isEmpty();
        }
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** If the two waited for each other, that would take 10 s. */
    @Test
    void aServerMayBeClosedByAListenerWhileSomebodyElseClosesIt() throws Exception {
        CountDownLatch joined = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        server.watch(new Notes() {
            @Override
            public void onJoined(long revision, Client client) {
                joined.countDown();
                while (server.connections() > 0) {
                    Thread.onSpinWait(); // until the other one is past that
                }
                server.close();
                closed.countDown();
            }
        });
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(joined.await(10, TimeUnit.SECONDS)).isTrue();
            long begun = System.nanoTime();
            server.close();
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(8));
            assertThat(closed.await(1, TimeUnit.SECONDS)).isTrue();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aClosedServerSaysSo() {
        server.close();
        assertThatThrownBy(() -> server.roster().get()).hasRootCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> server.watch(new Notes())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void noneOfTheThreadsIsLeft() throws Exception {
        Notes notes = new Notes();
        server.watch(notes);
        assertThat(notes.next()).isEqualTo("state 0 0");
        List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("socketz-") && !threadsBefore.contains(thread))
                .toList();
        assertThat(threads).extracting(Thread::getName).contains("socketz-presence");
        server.close();
        for (Thread thread : threads) {
            thread.join(10_000); // its pool has ended, and the system is about to end the thread
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }
}
