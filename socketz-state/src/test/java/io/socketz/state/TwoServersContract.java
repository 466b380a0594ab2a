package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What registries of two servers promise each other: each change is seen by both at the same revision of the store. */
public abstract class TwoServersContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Side one;
    private Side two;

    /** Opens an empty registry: of the first server, then of the second one, on the same store. */
    protected abstract Registry open(Member self, StateThread state);

    /** Breaks the connections of the first server to the store; new ones can be made at once. */
    protected abstract void breakConnections();

    /** A server, and what its registry tells of the cluster. */
    private final class Side implements ChangeListener {
        private final StateThread state;
        private final Registry registry;

        /** Guarded by this. */
        private final List<Changes> told = new ArrayList<>();

        /** Guarded by this. */
        private int resets;

        Side(String name) {
            Instant since = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            this.state = new StateThread(name);
            this.registry = open(new Member(UUID.randomUUID(), name, "127.0.0.1:5151", since), state);
        }

        @Override
        public synchronized void onChanges(Changes changes) {
            told.add(changes);
            notifyAll();
        }

        @Override
        public synchronized void onReset() {
            resets++;
            notifyAll();
        }

        synchronized int resets() {
            return resets;
        }

        synchronized List<Changes> told() {
            assertThat(resets).as("nothing has interrupted the watch").isZero();
            return List.copyOf(told);
        }

        /** Waits until it has told of {@code change}, and returns at which revision. */
        synchronized long await(Change change) throws InterruptedException {
            assertThat(isTold(change, PATIENCE))
                    .as("%s is not told, but %s", change, told())
                    .isTrue();
            return told().stream()
                    .filter(changes -> changes.changes().contains(change))
                    .mapToLong(Changes::revision)
                    .findFirst()
                    .orElseThrow();
        }

        /** Waits until {@code change} is told, or everything was read again, or the time is over. */
        private synchronized boolean isTold(Change change, Duration patience) throws InterruptedException {
            long deadline = System.nanoTime() + patience.toNanos();
            int before = resets;
            while (told.stream().noneMatch(changes -> changes.changes().contains(change))) {
                long rest = deadline - System.nanoTime();
                if (rest <= 0 || resets != before) {
                    return false;
                }
                wait(1 + rest / 1_000_000);
            }
            return true;
        }

        /** Whether it is told of a client of {@code other}: then it watches. */
        boolean watches(Side other) throws InterruptedException {
            Client client = other.join(99);
            other.registry.leave(client, "CLIENT_QUIT");
            return isTold(new Change.Left(client, "CLIENT_QUIT"), Duration.ofSeconds(3));
        }

        /** Begins anew. */
        synchronized void forget() {
            told.clear();
            resets = 0;
        }

        /** Runs {@code task} on its state thread. */
        <T> T call(Callable<T> task) {
            CompletableFuture<T> done = new CompletableFuture<>();
            state.execute(() -> {
                try {
                    done.complete(task.call());
                } catch (Exception e) {
                    done.completeExceptionally(e);
                }
            });
            return Await.get(done);
        }

        /** As etcd alone has it. */
        Roster state() {
            return call(() -> registry.changes().state());
        }

        Roster fresh() {
            return Await.get(registry.freshRoster()).roster();
        }

        /** A client joins, and is announced. */
        Client join(int number) {
            return announced(then -> registry.join("192.0.2.1:" + number, null, then));
        }

        Client rename(Client client, String name) {
            return announced(then -> registry.rename(client, name, then));
        }

        private Client announced(Function<Runnable, Client> change) {
            CompletableFuture<Boolean> announced = new CompletableFuture<>();
            Client client = change.apply(() -> announced.complete(true));
            Await.get(announced);
            return client;
        }

        void close() {
            registry.close();
            state.close();
        }
    }

    /** Both watch, and so tell of every change from now on. */
    @BeforeEach
    void open() throws InterruptedException {
        one = new Side("server01");
        two = new Side("server02");
        for (Side side : sides()) {
            side.call(() -> {
                side.registry.changes().listen(side);
                return true;
            });
        }
        awaitWatches();
        sides().forEach(Side::forget);
    }

    private void awaitWatches() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!one.watches(two) || !two.watches(one)) {
            assertThat(deadline - System.nanoTime()).as("they do not watch").isPositive();
        }
    }

    @AfterEach
    void close() {
        sides().forEach(Side::close);
    }

    private List<Side> sides() {
        return Stream.of(one, two).filter(side -> side != null).toList();
    }

    private Side other(Side side) {
        return side == one ? two : one;
    }

    /** Does the same with the servers in both roles. */
    private void eachWay(Consumer<Side> test) {
        test.accept(one);
        test.accept(two);
    }

    private static long await(Side side, Change change) {
        try {
            return side.await(change);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Both tell of {@code change} at the same revision, which is returned. */
    private long awaitBoth(Change change) {
        long revision = await(one, change);
        assertThat(await(two, change)).as("%s", change).isEqualTo(revision);
        return revision;
    }

    @Test
    void aClientAndItsNamesAreSeenByBothAtTheSameRevision() {
        eachWay(side -> {
            Client client = side.join(1);
            assertThat(other(side).fresh().clients()).contains(client);
            Client alice = side.rename(client, "alice");
            assertThat(other(side).fresh().find(client.server(), client.number()))
                    .isEqualTo(alice);
            Client bob = side.rename(alice, "bob");
            assertThat(other(side).fresh().clients()).contains(bob).doesNotContain(client, alice);
            long joined = awaitBoth(new Change.Joined(client));
            long first = awaitBoth(new Change.Renamed(client, alice));
            long second = awaitBoth(new Change.Renamed(alice, bob));
            assertThat(List.of(joined, first, second)).isSorted().doesNotHaveDuplicates();
        });
    }

    @Test
    void whyAClientLeftIsSeenByBothAtTheRevisionAtWhichItLeft() {
        eachWay(side -> {
            Client quits = side.rename(side.join(1), "alice");
            Client idles = side.join(2);
            Client stays = side.join(3);
            side.registry.leave(quits, "CLIENT_QUIT");
            side.registry.leave(idles, "IDLE_TIMEOUT");
            long left = awaitBoth(new Change.Left(quits, "CLIENT_QUIT"));
            awaitBoth(new Change.Left(idles, "IDLE_TIMEOUT"));
            Roster seen = other(side).fresh();
            assertThat(seen.clients()).contains(stays).doesNotContain(quits, idles);
            assertThat(departures(seen, side))
                    .extracting(departure -> departure.client() + " " + departure.reason())
                    .contains(quits + " CLIENT_QUIT", idles + " IDLE_TIMEOUT");
            assertThat(departures(seen, side))
                    .filteredOn(departure -> departure.client().equals(quits))
                    .extracting(Departure::revision)
                    .containsExactly(left);
        });
    }

    private static List<Departure> departures(Roster roster, Side of) {
        return roster.departures().stream()
                .filter(departure ->
                        departure.client().server().equals(of.registry.self().id()))
                .toList();
    }

    @Test
    void eachServerDisconnectsTheClientsOfBothAndNobodyElse() {
        eachWay(kicker -> eachWay(target -> {
            List<String> heard = new ArrayList<>();
            target.registry.onKick((client, reason) -> {
                heard.add(client.id() + " " + reason);
                target.registry.leave(client, Registry.KICKED);
            });
            Client gone = target.join(1);
            target.registry.leave(gone, "CLIENT_QUIT");
            Client client = target.join(1);
            Client stays = target.join(1);
            assertThat(kicker.fresh().clients()).contains(client, stays).doesNotContain(gone);
            KickResult result = Await.get(kicker.registry.kick(List.of(client, gone), "too loud"));
            assertThat(result.left()).isEmpty();
            assertThat(result.gone()).isEqualTo(2);
            assertThat(awaitBoth(new Change.Left(client, Registry.KICKED)))
                    .as("gone at the revision that the answer names")
                    .isLessThanOrEqualTo(result.revision());
            for (Side side : sides()) {
                Roster roster = side.fresh();
                assertThat(roster.revision()).isGreaterThanOrEqualTo(result.revision());
                assertThat(roster.clients()).contains(stays).doesNotContain(client, gone);
            }
            assertThat(target.call(() -> List.copyOf(heard))).isNotEmpty().containsOnly(client.id() + " too loud");
        }));
    }

    /** What one of them told up to a revision, and the other one after it, is what either of them told. */
    @Test
    void bothTellTheSameAndEitherGoesOnWhereTheOtherEnded() {
        ClusterMirror mirror = new ClusterMirror(one.state());
        long start = Math.max(mirror.revision(), two.state().revision());
        for (int i = 0; i < 20; i++) {
            Side side = i % 2 == 0 ? one : two;
            Client client = side.rename(side.join(i), "name" + i);
            if (i % 3 == 0) {
                side.registry.leave(client, "CLIENT_QUIT");
            }
        }
        Client end = one.join(99);
        long revision = awaitBoth(new Change.Joined(end));
        List<Changes> told = between(one.told(), start, revision);
        assertThat(between(two.told(), start, revision)).isEqualTo(told);
        between(one.told(), mirror.revision(), revision).forEach(mirror::apply);
        assertThat(mirror.compare(two.state())).isEmpty();
        for (long middle = start; middle <= revision; middle++) {
            for (Side side : sides()) {
                long from = middle;
                List<Changes> rest =
                        side.call(() -> side.registry.changes().since(from).orElseThrow(AssertionError::new));
                assertThat(between(rest, start, revision))
                        .as("after %s on %s", middle, side.registry.self().name())
                        .isEqualTo(between(told, middle, revision));
            }
        }
    }

    private static List<Changes> between(List<Changes> told, long after, long upTo) {
        return told.stream()
                .filter(changes -> changes.revision() > after && changes.revision() <= upTo)
                .toList();
    }

    /** On a busy machine, a new watch may not begin in time, and then everything is read: so there are a few attempts. */
    @Test
    void aBrokenConnectionIsNoGapInTheChanges() throws InterruptedException {
        boolean whole = false;
        for (int attempt = 0; attempt < 5 && !whole; attempt++) {
            sides().forEach(Side::forget);
            Client gone = two.join(1);
            awaitBoth(new Change.Joined(gone));
            breakConnections();
            Client comes = two.join(2);
            Client renamed = two.rename(comes, "alice");
            two.registry.leave(gone, "CLIENT_QUIT");
            whole = one.isTold(new Change.Left(gone, "CLIENT_QUIT"), PATIENCE);
            if (whole) {
                awaitBoth(new Change.Joined(comes));
                awaitBoth(new Change.Renamed(comes, renamed));
                awaitBoth(new Change.Joined(one.join(3)));
                whole = one.resets() == 0;
            } else {
                awaitWatches();
            }
        }
        assertThat(whole).as("the watch resumes without a read").isTrue();
    }

    @Test
    void aServerThatStopsLeavesWithAllItsClientsAtOneRevision() {
        List<Client> clients = List.of(two.join(1), two.join(2), two.join(3));
        clients.forEach(client -> awaitBoth(new Change.Joined(client)));
        two.registry.close();
        long revision = await(one, new Change.ServerDown(two.registry.self(), false, 3));
        Roster roster = one.fresh();
        assertThat(roster.clients()).isEmpty();
        assertThat(roster.members()).containsExactly(one.registry.self());
        assertThat(departures(roster, two))
                .filteredOn(departure -> departure.reason().equals(Departure.SERVER_STOPPING))
                .hasSize(3)
                .allSatisfy(departure -> assertThat(departure.revision()).isEqualTo(revision));
        assertThat(one.told().stream().flatMap(changes -> changes.changes().stream()))
                .noneMatch(change ->
                        change.clients().stream().anyMatch(clients::contains) && change instanceof Change.Left);
    }
}
