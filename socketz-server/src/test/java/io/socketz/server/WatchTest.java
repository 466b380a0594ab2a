package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import io.socketz.state.Change;
import io.socketz.state.ChangeFeed;
import io.socketz.state.ChangeListener;
import io.socketz.state.Changes;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code WATCH}, as docs/protocol.md specifies it, over real sockets. */
class WatchTest {
    private SocketzServer server;

    @BeforeEach
    void start() throws Exception {
        server = SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .name("server01")
                .loops(2)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String id(int number) {
        return server.member().id() + "/" + number;
    }

    /** Its next event that is not {@code now}. */
    private static String event(LineClient client) throws IOException {
        String line = client.line();
        while (line.matches("event [0-9]+ now age=.*")) {
            line = client.line();
        }
        return line;
    }

    @Test
    void theStateComesFirstAndThenAnEventForEachChange() throws Exception {
        try (LineClient watcher = LineClient.greeted(server)) {
            List<String> state = watcher.askBlock("WATCH");
            assertThat(state.get(0)).isEqualTo("1 clients of 1 at revision 1");
            assertThat(state.get(1))
                    .startsWith("id=" + id(1) + " addr=" + watcher.address() + " server=server01 since=");
            LineClient other = LineClient.greeted(server);
            assertThat(event(watcher))
                    .startsWith("event 2 join id=" + id(2) + " addr=" + other.address() + " server=server01 since=");
            assertThat(other.ask("NAME bob")).endsWith(" name=bob");
            assertThat(event(watcher)).startsWith("event 3 rename id=" + id(2)).endsWith(" name=bob");
            assertThat(other.ask("NAME")).doesNotContain("name=");
            assertThat(event(watcher)).startsWith("event 4 rename id=" + id(2)).doesNotContain("name=");
            other.send("QUIT\n");
            assertThat(event(watcher)).startsWith("event 5 leave id=" + id(2)).endsWith(" reason=CLIENT_QUIT");
        }
    }

    @Test
    void otherCommandsAreAnsweredMeanwhile() throws Exception {
        try (LineClient watcher = LineClient.greeted(server)) {
            watcher.askBlock("WATCH");
            assertThat(watcher.ask("WHY")).isEqualTo("42");
            LineClient.greeted(server).close();
            assertThat(event(watcher)).startsWith("event 2 join");
            assertThat(event(watcher)).startsWith("event 3 leave").endsWith(" reason=CLIENT_CLOSED");
            assertThat(watcher.ask("WHO COUNT")).isEqualTo("connected clients: 1");
        }
    }

    @Test
    void aWatchBeginsAfterTheRevisionThatIsNamed() throws Exception {
        try (LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.greeted(server)) {
            assertThat(second.ask("NAME bob")).endsWith(" name=bob");
            assertThat(first.ask("WATCH SINCE 1")).isEqualTo("watching since revision 1");
            assertThat(event(first)).startsWith("event 2 join id=" + id(2)).doesNotContain("name=");
            assertThat(event(first)).startsWith("event 3 rename id=" + id(2)).endsWith(" name=bob");
            LineClient.greeted(server).close();
            assertThat(event(first)).startsWith("event 4 join id=" + id(3));
            assertThat(event(first)).startsWith("event 5 leave id=" + id(3));
        }
    }

    @Test
    void aRevisionOfTheFutureIsUnknown() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("WATCH SINCE 1000000"))
                    .isEqualTo("error UNKNOWN_REVISION expected SINCE and a revision of this cluster, 1 at most");
            assertThat(client.askBlock("WATCH").get(0)).isEqualTo("1 clients of 1 at revision 1");
        }
    }

    @Test
    void aWatchEndsOnRequestAndOneAtATimeIsEnough() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("UNWATCH")).isEqualTo("error NOT_WATCHING expected WATCH before UNWATCH");
            client.askBlock("WATCH");
            assertThat(client.ask("WATCH")).isEqualTo("error ALREADY_WATCHING expected UNWATCH before another WATCH");
            assertThat(client.ask("UNWATCH")).isEqualTo("not watching");
            LineClient.greeted(server).close();
            assertThat(client.ask("WHY")).isEqualTo("42");
            assertThat(client.askBlock("WATCH").get(0)).matches("[12] clients of [12] at revision [0-9]+");
        }
    }

    @Test
    void filtersSelectEventsAndARenameIsSeenFromBothSides() throws Exception {
        try (LineClient watcher = LineClient.greeted(server);
                LineClient other = LineClient.connect(server, "127.0.0.3")) {
            other.expect(LineClient.GREETING);
            assertThat(watcher.askBlock("WATCH NAME web-*").get(0)).isEqualTo("0 clients of 2 at revision 2");
            LineClient.greeted(server).close();
            assertThat(other.ask("NAME web-1")).endsWith(" name=web-1");
            assertThat(event(watcher)).contains(" rename id=" + id(2)).endsWith(" name=web-1");
            assertThat(other.ask("NAME db-1")).endsWith(" name=db-1");
            assertThat(event(watcher)).contains(" rename id=" + id(2)).endsWith(" name=db-1");
            assertThat(watcher.ask("UNWATCH")).isEqualTo("not watching");
            assertThat(watcher.askBlock("WATCH ADDR 127.0.0.3 SERVER server01")).hasSize(2);
            LineClient.greeted(server).close();
            other.send("QUIT\n");
            assertThat(event(watcher)).contains(" leave id=" + id(2)).endsWith(" reason=CLIENT_QUIT");
        }
    }

    @Test
    void aWrongArgumentIsAnsweredWithWhatWasExpected() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("WATCH SINCE x"))
                    .isEqualTo("error BAD_ARGUMENT expected SINCE and a revision, a number of 0 or more");
            assertThat(client.ask("WATCH SERVER nobody"))
                    .isEqualTo("error UNKNOWN_SERVER expected a server that SERVERS shows: server01");
            assertThat(client.ask("UNWATCH x")).isEqualTo("error BAD_ARGUMENT expected nothing after UNWATCH");
            assertThat(client.askBlock("WATCH")).hasSize(2);
        }
    }

    @Test
    void eachOfManyWatchersGetsEveryEventOnceAndInOrder() throws Exception {
        List<LineClient> watchers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            LineClient watcher = LineClient.greeted(server);
            watcher.askBlock("WATCH");
            watchers.add(watcher);
        }
        for (int i = 0; i < 50; i++) {
            LineClient.greeted(server).close();
        }
        for (int i = 0; i < watchers.size(); i++) {
            LineClient watcher = watchers.get(i);
            int expected = i + 2; // its own join is in its state
            int leaves = 0;
            while (leaves < 50) {
                String line = event(watcher);
                assertThat(line).startsWith("event " + expected++ + " ");
                leaves += line.contains(" leave ") ? 1 : 0;
            }
            watcher.close();
        }
    }

    @Test
    void aWatcherThatDoesNotReadIsClosedForANamedReason() throws Exception {
        Events events = new Events();
        try (SocketzServer small = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .listener(events)
                        .start();
                LineClient watcher = LineClient.connect(small, "127.0.0.1", 4096);
                LineClient other = LineClient.greeted(small)) {
            watcher.send("WATCH\n");
            for (int i = 0; small.closed(CloseReason.SLOW_WATCHER) == 0 && i < 100_000; i++) {
                LineClient.greeted(small).close();
            }
            assertThat(small.closed(CloseReason.SLOW_WATCHER)).isEqualTo(1);
            assertThat(other.ask("WHY")).isEqualTo("42");
        }
    }

    /** A server that comes back brings all its clients at one revision. */
    @Test
    void aWatcherThatReadsGetsABatchOfAnySizeAndWhatFollowsIt() throws Exception {
        CompletableFuture<Consumer<Changes>> told = new CompletableFuture<>();
        try (SocketzServer large = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .registry((self, state) -> new ToldRegistry(self, state, told))
                        .start();
                LineClient watcher = LineClient.connect(large, "127.0.0.1", 4096)) {
            watcher.expect(LineClient.GREETING);
            watcher.askBlock("WATCH");
            UUID other = UUID.randomUUID();
            List<Change> joins = new ArrayList<>();
            for (int number = 1; number <= 50_000; number++) {
                joins.add(new Change.Joined(new Client(other, number, "203.0.113.7:" + number, null, 0)));
            }
            Consumer<Changes> tell = told.join();
            tell.accept(new Changes(100, joins));
            assertThat(watcher.line()).startsWith("event 100 join ");
            // This one is sent while most of the others wait.
            tell.accept(new Changes(101, joins.subList(0, 1)));
            for (int i = 1; i < joins.size(); i++) {
                assertThat(watcher.line()).startsWith("event 100 join ");
            }
            assertThat(watcher.line()).startsWith("event 101 join ");
            assertThat(large.closed(CloseReason.SLOW_WATCHER)).isZero();
        }
    }

    /** A registry whose listener of changes is told what a test says. */
    private static final class ToldRegistry extends ForwardingRegistry {
        private final StateThread state;
        private final CompletableFuture<Consumer<Changes>> told;

        ToldRegistry(Member self, StateThread state, CompletableFuture<Consumer<Changes>> told) {
            super(self, state);
            this.state = state;
            this.told = told;
        }

        @Override
        public ChangeFeed changes() {
            ChangeFeed feed = super.changes();
            return new ChangeFeed() {
                @Override
                public Roster state() {
                    return feed.state();
                }

                @Override
                public Optional<List<Changes>> since(long revision) {
                    return feed.since(revision);
                }

                @Override
                public void listen(ChangeListener listener) {
                    told.complete(changes -> state.execute(() -> listener.onChanges(changes)));
                }
            };
        }
    }

    @Test
    void nowIsToldThoughNothingHappens() throws Exception {
        try (LineClient watcher = LineClient.greeted(server)) {
            watcher.askBlock("WATCH");
            assertThat(watcher.line()).isEqualTo("event 1 now age=0.0");
        }
    }
}
