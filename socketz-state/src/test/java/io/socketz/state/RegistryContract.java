package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.socketz.state.AuditResult.Difference;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every registry promises, wherever it keeps the roster. The tests look only at the clients of the registry's own
 * server, since a roster holds of other servers what happens to be known; and they expect nothing to be quiet except after
 * {@link #settle}. {@code -Dsocketz.seed=N} reruns a seed.
 */
public abstract class RegistryContract {
    private static final int THREADS = 8;
    private static final int FRESH_ATTEMPTS = 20;
    private static final String STATE_THREAD = "state";

    private final long seed = Long.getLong("socketz.seed", System.nanoTime());

    private final Member self = new Member(
            UUID.randomUUID(), "server01", "127.0.0.1:5151", Instant.now().truncatedTo(ChronoUnit.MILLIS));

    /** Owned by each test, and closed after it. */
    protected final StateThread state = new StateThread(STATE_THREAD);

    protected Registry registry;

    /** Opens an empty registry. */
    protected abstract Registry open(Member self, StateThread state);

    /** Returns once {@link #registry} has finished all work that was caused by its calls: here at once. */
    protected void settle() {}

    @BeforeEach
    void open() {
        registry = open(self, state);
    }

    @AfterEach
    void close() {
        registry.close();
        state.close();
    }

    @Test
    void speaksForItsServer() {
        assertThat(registry.self()).isEqualTo(self);
    }

    @Test
    void aClosedRegistryHasNoRoster() {
        registry.close();
        registry.leave(registry.join("192.0.2.1:1", null));
        for (CompletableFuture<?> refused : List.of(registry.roster(), registry.freshRoster())) {
            assertThat(refused)
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aQuestionDuringCloseIsAnswered() {
        CountDownLatch release = hold();
        join(1);
        CompletableFuture<Roster> roster = registry.roster();
        CompletableFuture<FreshRoster> fresh = registry.freshRoster();
        CompletableFuture<Boolean> closing = Await.start(() -> {
            registry.close();
            return true;
        });
        release.countDown();
        assertThat(Await.get(closing)).isTrue();
        assertIsAnswered(roster);
        assertIsAnswered(fresh);
    }

    private static void assertIsAnswered(CompletableFuture<?> asked) {
        CompletableFuture<? extends @Nullable Throwable> failure = asked.handle((answer, thrown) -> thrown);
        assertThat(Await.get(failure))
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isNull(),
                        thrown -> assertThat(thrown).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(own()).isEmpty();
    }

    @Test
    void aClientThatJoinsIsOnTheNextRosterAsGiven() {
        Client direct = registry.join("192.0.2.1:50814", null);
        Client proxied = registry.join("[2001:db8::1]:50814", "10.0.0.2:40022");
        assertThat(own()).containsExactly(direct, proxied);

        assertThat(direct.server()).isEqualTo(self.id());
        assertThat(direct.address()).isEqualTo("192.0.2.1:50814");
        assertThat(direct.via()).isNull();
        assertThat(direct.number()).isPositive();
        assertThat(direct.since())
                .as("milliseconds since 1970")
                .isCloseTo(System.currentTimeMillis(), within(3_600_000L));
        assertThat(proxied.address()).isEqualTo("[2001:db8::1]:50814");
        assertThat(proxied.via()).isEqualTo("10.0.0.2:40022");
    }

    // ---------------------------------------------------------------- departures

    @Test
    void whoeverHasLeftIsADepartureAtOnceWithItsReason() {
        Client first = registry.rename(join(1), "alice");
        Client second = join(2);
        Client stays = join(3);
        long before = System.currentTimeMillis();
        registry.leave(second, "IDLE_TIMEOUT");
        registry.leave(first, "CLIENT_QUIT");
        registry.leave(first, "TWICE");
        List<Departure> departures = ownDepartures();
        assertThat(departures).extracting(Departure::client).containsExactlyInAnyOrder(first, second);
        for (Departure departure : departures) {
            assertThat(departure.reason()).isEqualTo(departure.client().equals(first) ? "CLIENT_QUIT" : "IDLE_TIMEOUT");
            assertThat(departure.at()).isBetween(before - 1, System.currentTimeMillis());
        }
        registry.leave(stays);
        assertThat(ownDepartures()).hasSize(3).extracting(Departure::reason).contains(Departure.UNKNOWN);
    }

    @Test
    void ofManyDeparturesTheLatestTenThousandAreKept() {
        Client last = join(0);
        for (int i = 0; i < 10_050; i++) {
            registry.leave(last, "CLIENT_QUIT");
            last = join(i);
        }
        assertThat(ownDepartures()).hasSize(10_000);
        assertThat(ownDepartures().get(9_999).client().number()).isEqualTo(10_050);
    }

    @Test
    void aReasonThatIsNotAllowedIsRefused() {
        Client client = join(1);
        assertThatThrownBy(() -> registry.leave(client, "two words")).isInstanceOf(IllegalArgumentException.class);
        assertThat(own()).containsExactly(client);
    }

    private List<Departure> ownDepartures() {
        return roster().departures().stream()
                .filter(departure -> departure.client().server().equals(self.id()))
                .toList();
    }

    // ---------------------------------------------------------------- the changes of the cluster

    /** Lets the state thread do something, and waits for it. */
    private <T> T onStateThread(Callable<T> task) {
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

    /** Whoever has seen a state and applies all changes from then on knows every later state. */
    @Test
    void changesLeadFromEachStateToTheNext() {
        settle();
        ChangeFeed feed = registry.changes();
        List<Changes> told = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Boolean> leaveTold = new CompletableFuture<>();
        AtomicInteger resets = new AtomicInteger();
        ClusterMirror mirror = onStateThread(() -> {
            feed.listen(new ChangeListener() {
                @Override
                public void onChanges(Changes changes) {
                    told.add(changes);
                    if (changes.changes().stream().anyMatch(Change.Left.class::isInstance)) {
                        leaveTold.complete(true);
                    }
                }

                @Override
                public void onReset() {
                    resets.incrementAndGet();
                }
            });
            return new ClusterMirror(feed.state());
        });
        long start = mirror.revision();
        ClusterMirror later = mirror.copy();
        Client gone = join(1);
        Client stays = join(2);
        settle();
        Client renamed = registry.rename(stays, "alice");
        settle();
        registry.leave(gone, "IDLE_TIMEOUT");
        settle();
        Await.get(leaveTold); // the watch may bring it after the commit was answered
        Roster end = onStateThread(feed::state);
        assertThat(resets).hasValue(0);
        List.copyOf(told).forEach(mirror::apply);
        assertThat(mirror.compare(end)).isEmpty();
        assertThat(end.clientsOf(self.id())).containsExactly(renamed);
        assertThat(end.members()).contains(self);
        assertThat(told.stream().flatMap(changes -> changes.changes().stream()))
                .contains(
                        new Change.Joined(gone),
                        new Change.Renamed(stays, renamed),
                        new Change.Left(gone, "IDLE_TIMEOUT"));

        List<Changes> since = onStateThread(() -> feed.since(start).orElseThrow(AssertionError::new));
        since.forEach(later::apply);
        assertThat(later.compare(end)).isEmpty();
        assertThat(onStateThread(() -> feed.since(end.revision())).orElseThrow())
                .isEmpty();
        assertThat(onStateThread(() -> feed.since(end.revision() + 1_000_000)))
                .as("from the future")
                .isEmpty();
    }

    // ---------------------------------------------------------------- announcements

    @Test
    void aRenameIsAnnouncedOnceAndThenOnEveryFreshRoster() {
        settle();
        Client client = join(1);
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Boolean> announced = new CompletableFuture<>();
            client = registry.rename(client, "name" + i, () -> {
                assertThat(announced).as("told once").isNotDone();
                announced.complete(true);
            });
            Await.get(announced);
            assertThat(own(fresh())).containsExactly(client);
        }
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        registry.leave(client);
        registry.rename(client, "late", () -> gone.complete(true));
        Await.get(gone);
        CompletableFuture<Boolean> stranger = new CompletableFuture<>();
        registry.rename(new Client(UUID.randomUUID(), 1, "192.0.2.1:1", null, 0), "x", () -> stranger.complete(true));
        Await.get(stranger);
    }

    @Test
    void aClientIsAnnouncedOnceAndThenOnEveryFreshRoster() {
        settle();
        for (int i = 0; i < 20; i++) {
            AtomicInteger times = new AtomicInteger();
            CompletableFuture<Boolean> announced = new CompletableFuture<>();
            Client client = registry.join("192.0.2.1:" + (i + 1), null, () -> {
                times.incrementAndGet();
                announced.complete(true);
            });
            Await.get(announced);
            assertThat(own(fresh())).contains(client);
            registry.leave(client);
            settle();
            assertThat(times).hasValue(1);
        }
    }

    @Test
    void whoeverWaitsForAClientIsToldWhenItLeaves() {
        List<AtomicInteger> times = new ArrayList<>();
        List<CompletableFuture<Boolean>> told = new ArrayList<>();
        CountDownLatch release = hold();
        for (int i = 0; i < 300; i++) {
            AtomicInteger counter = new AtomicInteger();
            CompletableFuture<Boolean> once = new CompletableFuture<>();
            Client client = registry.join("192.0.2.1:" + (i + 1), null, () -> {
                counter.incrementAndGet();
                once.complete(true);
            });
            registry.leave(client);
            times.add(counter);
            told.add(once);
        }
        release.countDown();
        told.forEach(Await::get);
        settle();
        assertThat(times).allSatisfy(counter -> assertThat(counter).hasValue(1));
    }

    @Test
    void nobodyWaitsForAClosedRegistry() {
        AtomicInteger before = new AtomicInteger();
        AtomicInteger after = new AtomicInteger();
        registry.join("192.0.2.1:1", null, before::incrementAndGet);
        registry.close();
        assertThat(before).hasValue(1);
        registry.join("192.0.2.1:2", null, after::incrementAndGet);
        assertThat(after).hasValue(1);
    }

    // ---------------------------------------------------------------- leaves

    @Test
    void aClientThatLeavesIsNotOnTheNextRoster() {
        Client first = join(1);
        Client second = join(2);
        registry.leave(first);
        assertThat(own()).containsExactly(second);
        registry.leave(second);
        assertThat(own()).isEmpty();
    }

    @Test
    void aClientThatLeavesAtOnceIsOnNoRoster() {
        registry.leave(join(1));
        assertThat(own()).isEmpty();
    }

    @Test
    void aRenamedClientKeepsItsPlace() {
        Client first = join(1);
        Client second = join(2);
        Client renamed = registry.rename(first, "alice");
        assertThat(renamed).isEqualTo(first.withName("alice"));
        assertThat(own()).containsExactly(renamed, second);
        Client again = registry.rename(first, "bob"); // a value from before the last rename will do
        assertThat(own()).containsExactly(again, second);
        assertThat(registry.rename(again, null)).isEqualTo(first);
        assertThat(own()).containsExactly(first, second);
    }

    @Test
    void aClientThatHasLeftIsNotRenamed() {
        Client gone = join(1);
        Client stays = join(2);
        registry.leave(registry.rename(gone, "alice"), "CLIENT_QUIT");
        registry.rename(gone, "bob");
        assertThat(own()).containsExactly(stays);
    }

    @Test
    void aClientLeavesWhateverItsNameWas() {
        Client first = join(1);
        Client renamed = registry.rename(first, "alice");
        registry.rename(renamed, "bob");
        registry.leave(first);
        assertThat(own()).isEmpty();
    }

    @Test
    void aNameThatIsNotAllowedIsRefused() {
        Client client = join(1);
        assertThatThrownBy(() -> registry.rename(client, "two words")).isInstanceOf(IllegalArgumentException.class);
        assertThat(own()).containsExactly(client);
    }

    @Test
    void aRenameGivesAnotherListAndANewVersion() {
        Client client = join(1);
        settle();
        Roster before = roster();
        registry.rename(client, "alice");
        Roster after = roster();
        assertThat(after.clients()).isNotSameAs(before.clients());
        assertThat(after.version()).isGreaterThan(before.version());
        assertThat(own(before)).containsExactly(client);
    }

    @Test
    void anotherServersClientIsNeitherRenamedNorGone() {
        Client client = join(1);
        Client stranger = new Client(UUID.randomUUID(), client.number(), client.address(), null, client.since());
        registry.rename(stranger, "alice");
        registry.leave(stranger);
        assertThat(own()).containsExactly(client);
    }

    @Test
    void aRosterKnowsItsMembersAndTheirClientsByNumber() {
        assertThat(roster().members()).contains(self);
        assertThat(roster().clientsOf(self.id())).isEmpty();
        List<Client> joined = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            joined.add(join(i));
        }
        registry.leave(joined.remove(5));
        joined.set(700, registry.rename(joined.get(700), "alice"));
        Roster roster = roster();
        assertThat(roster.members()).contains(self).isSortedAccordingTo(Member.START_ORDER);
        assertThat(roster.clientsOf(self.id())).isEqualTo(joined);
        for (Client client : joined) {
            assertThat(roster.find(self.id(), client.number())).isEqualTo(client);
        }
        assertThat(roster.find(self.id(), 6)).as("has left").isNull();
        assertThat(roster.find(UUID.randomUUID(), 1)).isNull();
    }

    @Test
    void leavingTwiceEqualsLeavingOnce() {
        Client gone = join(1);
        Client stays = join(2);
        registry.leave(gone);
        registry.leave(gone);
        assertThat(own()).containsExactly(stays);
        registry.leave(gone);
        Client late = join(3);
        registry.leave(gone);
        assertThat(own()).containsExactly(stays, late);
    }

    @Test
    void theSameAddressMayJoinAgainAsAnotherClient() {
        Client first = join(1);
        Client second = join(1);
        assertThat(second.number()).isGreaterThan(first.number());
        registry.leave(first);
        Client third = join(1);
        registry.leave(first);
        assertThat(own()).containsExactly(second, third);
    }

    @Test
    void clientsAreInTheOrderInWhichTheyJoined() {
        List<Client> joined = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            joined.add(join(i * 7919 % 200));
        }
        assertThat(own()).isEqualTo(joined);
        // other clients may take the places of those that left; those that stay keep theirs
        for (int i = 0; i < 100; i++) {
            registry.leave(joined.remove(i));
            joined.add(join(i));
        }
        assertThat(own()).isEqualTo(joined);
        assertThat(roster().clients()).isSortedAccordingTo(Client.JOIN_ORDER);
    }

    @Test
    void theCountEqualsTheListsLength() {
        for (int i = 0; i < 20; i++) {
            join(i);
            Roster roster = roster();
            assertThat(roster.size()).isEqualTo(roster.clients().size());
            assertThat(own(roster)).hasSize(i + 1);
        }
    }

    @Test
    void aRosterNeverChanges() {
        Client first = join(1);
        Roster before = roster();
        List<Client> clients = List.copyOf(before.clients());
        long revision = before.version();

        registry.leave(first);
        join(2);
        assertThat(roster()).isNotSameAs(before);
        assertThat(before.clients()).isEqualTo(clients);
        assertThat(before.version()).isEqualTo(revision);
        assertThat(before.size()).isEqualTo(clients.size());
    }

    @Test
    @SuppressWarnings("DoNotCall") // it must fail
    void aRosterIsUnmodifiable() {
        Client client = join(1);
        List<Client> clients = roster().clients();
        assertThatThrownBy(() -> clients.add(client)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> clients.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> clients.set(0, client)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(own()).containsExactly(client);
    }

    @Test
    void theVersionGrowsWithEveryChange() {
        long revision = roster().version();
        assertThat(revision).isNotNegative();
        Deque<Client> joined = new ArrayDeque<>();
        for (int i = 0; i < 20; i++) {
            if (i % 3 < 2) {
                joined.add(join(i));
            } else {
                registry.leave(joined.remove());
            }
            long next = roster().version();
            assertThat(next).isGreaterThan(revision);
            revision = next;
        }
    }

    @Test
    void whileNothingChangesTheAnswerIsCompleteAtOnce() {
        Client gone = join(1);
        join(2);
        registry.leave(gone);
        registry.leave(gone);
        settle();
        List<Client> clients = roster().clients();
        assertThat(registry.roster()).isCompleted();
        assertThat(Await.get(Await.start(() -> registry.roster().getNow(null).clients())))
                .as("on another thread")
                .isSameAs(clients);
    }

    @Test
    void whileNothingChangesEveryRosterHoldsTheSameList() {
        join(1);
        settle();
        Roster first = roster();
        Roster second = roster();
        assertThat(second.clients()).isSameAs(first.clients());
        assertThat(second.version()).isEqualTo(first.version());
        assertThat(roster().clients()).isSameAs(first.clients());
        assertThat(fresh().clients()).as("a fresh one").isSameAs(first.clients());
    }

    @Test
    void aChangeGivesAnotherListAndAnotherFuture() {
        Client client = join(1);
        settle();
        roster();
        CompletableFuture<Roster> before = registry.roster();
        Client other = join(2);
        assertThat(registry.roster()).isNotSameAs(before);
        assertThat(own()).containsExactly(client, other);
        registry.leave(other);
        assertThat(own()).containsExactly(client);
        assertThat(roster().clients()).isNotSameAs(Await.get(before).clients());
    }

    @Test
    void cancellingAFutureDoesNotHarmTheNextOne() {
        CountDownLatch release = hold();
        Client client = join(1);
        CompletableFuture<Roster> future = registry.roster();
        future.cancel(false);
        release.countDown();
        assertThat(own()).containsExactly(client);
    }

    @Test
    void nothingWaitsForTheStateThread() {
        CountDownLatch release = hold();
        Client gone = join(1);
        Client stays = join(2);
        CompletableFuture<Roster> both = registry.roster();
        registry.leave(gone);
        registry.leave(gone);
        CompletableFuture<Roster> one = registry.roster();
        release.countDown();
        assertThat(own(Await.get(both))).contains(stays);
        assertThat(own(Await.get(one))).containsExactly(stays);
    }

    @Test
    void aRosterIsCompletedOnTheStateThreadOrAlready() {
        CountDownLatch release = hold();
        join(1);
        CompletableFuture<Roster> future = registry.roster();
        boolean already = future.isDone();
        CompletableFuture<String> thread =
                future.thenApply(roster -> Thread.currentThread().getName());
        release.countDown();
        assertThat(Await.get(thread)).isEqualTo(already ? Thread.currentThread().getName() : STATE_THREAD);
    }

    @Test
    void theStateThreadMayAskToo() {
        Client client = join(1);
        CompletableFuture<Roster> answer = new CompletableFuture<>();
        state.execute(() -> {
            var unused = registry.roster().thenAccept(answer::complete);
        });
        assertThat(own(Await.get(answer))).containsExactly(client);
    }

    @Test
    void aJoinIsVisibleToEveryThreadThatHearsOfIt() {
        List<Client> joined = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            joined.add(Await.get(Await.start(() -> join(number))));
            assertThat(ownSeenByAnotherThread()).isEqualTo(joined);
        }
        registry.leave(joined.remove(0));
        assertThat(ownSeenByAnotherThread()).isEqualTo(joined);
    }

    @Test
    void numbersAreUniqueAndTimesDoNotDecreaseHoweverManyJoinAtOnce() {
        List<List<Client>> joined = inThreads(thread -> () -> {
            List<Client> mine = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                mine.add(join(i));
            }
            return mine;
        });
        for (List<Client> mine : joined) {
            assertThat(mine).extracting(Client::number).isSorted();
        }
        List<Client> all = joined.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(Client::number))
                .toList();
        assertThat(all).hasSize(THREADS * 300).extracting(Client::number).doesNotHaveDuplicates();
        assertThat(all).extracting(Client::since).isSorted();
        assertThat(own()).isEqualTo(all);
    }

    /** Each thread knows at any time which of its own clients are connected, and which are not. */
    @Test
    void afterManyThreadsJoinAndLeaveAtRandomTheRosterHoldsThoseWhoStayed() {
        String repeat = "-Dsocketz.seed=" + seed;
        List<List<Client>> left = inThreads(thread -> () -> {
            Random random = new Random(seed + thread);
            List<Client> here = new ArrayList<>();
            List<Client> gone = new ArrayList<>();
            long revision = 0;
            for (int i = 0; i < 300; i++) {
                if (here.isEmpty() || random.nextInt(5) < 3) {
                    here.add(join(thread * 1_000 + i));
                } else {
                    Client client = here.remove(random.nextInt(here.size()));
                    registry.leave(client);
                    gone.add(client);
                }
                if (!gone.isEmpty() && random.nextInt(8) == 0) {
                    registry.leave(gone.get(random.nextInt(gone.size())));
                }
                if (random.nextInt(4) == 0) {
                    Roster roster = roster();
                    List<Client> seen = own(roster);
                    assertThat(new HashSet<>(seen).containsAll(here)).as(repeat).isTrue();
                    assertThat(Collections.disjoint(seen, gone)).as(repeat).isTrue();
                    assertThat(seen).as(repeat).isSortedAccordingTo(Client.JOIN_ORDER);
                    assertThat(roster.version()).as(repeat).isGreaterThanOrEqualTo(revision);
                    revision = roster.version();
                }
            }
            return here;
        });
        List<Client> survivors =
                left.stream().flatMap(List::stream).sorted(Client.JOIN_ORDER).toList();
        assertThat(own()).as(repeat).isEqualTo(survivors);
        survivors.forEach(registry::leave);
        assertThat(own()).as(repeat).isEmpty();
    }

    @Test
    void knownCompletesSoonEvenIfACopyOfItIsCancelled() {
        registry.known().cancel(false);
        join(1);
        Await.get(registry.known());
        assertThat(registry.known()).isCompleted();
    }

    @Test
    void aFreshRosterHoldsEarlierJoinsAndNoEarlierLeavers() {
        settle();
        Client gone = join(1);
        Client stays = join(2);
        registry.leave(gone);
        CompletableFuture<FreshRoster> asked = registry.freshRoster();
        Client late = join(3);
        assertThat(own(Await.get(asked).roster())).contains(stays).doesNotContain(gone);
        assertThat(own(fresh())).containsExactly(stays, late);
    }

    /** Each of them sees itself, whether they share a question or ask one each. */
    @Test
    void manyMayAskForAFreshRosterAtOnce() {
        settle();
        List<List<Client>> joined = inThreads(thread -> () -> {
            List<Client> mine = new ArrayList<>();
            List<CompletableFuture<FreshRoster>> asked = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                mine.add(join(thread * 1_000 + i));
                asked.add(registry.freshRoster());
            }
            for (int i = 0; i < 100; i++) {
                assertThat(check(Await.get(asked.get(i))).clients()).contains(mine.get(i));
            }
            return mine;
        });
        assertThat(own(fresh()))
                .hasSize(THREADS * 100)
                .containsAll(joined.stream().flatMap(List::stream).toList());
    }

    @Test
    void aFreshRosterIsCompletedOnTheStateThreadOrAlready() {
        CountDownLatch release = hold();
        join(1);
        CompletableFuture<FreshRoster> future = registry.freshRoster();
        CompletableFuture<String> thread =
                future.thenApply(fresh -> Thread.currentThread().getName());
        release.countDown();
        assertThat(Await.get(thread)).isEqualTo(STATE_THREAD);
    }

    protected final Client join(int number) {
        return registry.join("192.0.2." + number / 256 % 256 + ":" + (1 + number), null);
    }

    protected final Roster roster() {
        return Await.get(registry.roster());
    }

    /** A fresh roster; on a slow machine, the first one may not be fresh. */
    protected final Roster fresh() {
        for (int i = 0; i < FRESH_ATTEMPTS; i++) {
            FreshRoster answer = Await.get(registry.freshRoster());
            check(answer);
            if (answer.fresh()) {
                return answer.roster();
            }
        }
        throw new AssertionError("nothing fresh in " + FRESH_ATTEMPTS + " attempts");
    }

    private static Roster check(FreshRoster answer) {
        if (answer.fresh()) {
            assertThat(answer.age()).isZero();
        } else {
            assertThat(answer.age()).isPositive();
        }
        return answer.roster();
    }

    /** This server's clients on the roster. */
    protected final List<Client> own() {
        return own(roster());
    }

    private List<Client> ownSeenByAnotherThread() {
        return Await.get(Await.start(() -> own()));
    }

    private List<Client> own(Roster roster) {
        return roster.clients().stream()
                .filter(client -> client.server().equals(self.id()))
                .toList();
    }

    /** Keeps the state thread busy until it is released. */
    private CountDownLatch hold() {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        state.execute(() -> {
            held.countDown();
            Await.latch(release);
        });
        Await.latch(held);
        return release;
    }

    private static <T> List<T> inThreads(IntFunction<Callable<T>> tasks) {
        CountDownLatch ready = new CountDownLatch(THREADS);
        List<CompletableFuture<T>> results = IntStream.range(0, THREADS)
                .mapToObj(thread -> Await.start(() -> {
                    ready.countDown();
                    Await.latch(ready);
                    return tasks.apply(thread).call();
                }))
                .toList();
        return results.stream().map(Await::get).toList();
    }

    @Test
    void aClientThatIsToBeDisconnectedIsPointedOutAndGoneOnceItHasLeft() {
        Client first = registry.join("192.0.2.1:1", null);
        Client second = registry.join("192.0.2.1:2", null);
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        registry.onKick((client, reason) -> {
            told.add(client.number() + " " + reason);
            registry.leave(client, Registry.KICKED);
        });
        KickResult result = Await.get(registry.kick(List.of(first), "spam"));
        assertThat(result.gone()).isOne();
        assertThat(result.left()).isEmpty();
        assertThat(told).containsExactly(first.number() + " spam");
        assertThat(own()).containsExactly(second);
        assertThat(Await.get(registry.roster()).revision()).isGreaterThanOrEqualTo(0);
        assertThat(Await.get(registry.roster()).departures())
                .anyMatch(left ->
                        left.client().id().equals(first.id()) && left.reason().equals(Registry.KICKED));
    }

    @Test
    void withoutAnyoneWhoServesThemClientsJustLeave() {
        Client client = registry.join("192.0.2.1:1", null);
        assertThat(Await.get(registry.kick(List.of(client), "")).gone()).isOne();
        assertThat(own()).isEmpty();
    }

    @Test
    void whoeverHasLeftIsGoneAtOnceAndNobodyElseIsDisconnected() {
        Client gone = registry.join("192.0.2.1:1", null);
        registry.leave(gone);
        Client stays = registry.join("192.0.2.1:1", null);
        KickResult result = Await.get(registry.kick(List.of(gone), ""));
        assertThat(result.gone()).isOne();
        assertThat(own()).containsExactly(stays);
        assertThat(Await.get(registry.kick(List.of(), "")).gone()).isZero();
    }

    @Test
    void aClientThatIsNotDisconnectedIsNamedAfterFiveSeconds() {
        Client stays = registry.join("192.0.2.1:1", null);
        registry.onKick((client, reason) -> {});
        long begun = System.nanoTime();
        KickResult result = Await.get(registry.kick(List.of(stays), ""));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(KickRequests.PATIENCE);
        assertThat(result.gone()).isZero();
        assertThat(result.left()).containsExactly(stays);
    }

    @Test
    void whoeverWaitsForAKickWhenTheRegistryClosesIsAnsweredAtOnce() {
        Client stays = join(1);
        CountDownLatch taken = new CountDownLatch(2);
        registry.onKick((client, reason) -> taken.countDown());
        List<CompletableFuture<KickResult>> kicks =
                List.of(registry.kick(List.of(stays), ""), registry.kick(List.of(stays), ""));
        Await.latch(taken);
        registry.close();
        kicks.forEach(kick -> assertThat(Await.get(kick).left()).containsExactly(stays));
    }

    @Test
    void aReasonWithControlCharactersOrOfMoreThan1000BytesIsRefused() {
        for (String reason : List.of("a\nb", "\u0000", "\u00e9".repeat(501))) {
            assertThatThrownBy(() -> registry.kick(List.of(), reason)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Await.get(registry.kick(List.of(), "\u00e9".repeat(500))).gone())
                .isZero();
    }

    // ---------------------------------------------------------------- audits

    private AuditResult audit() {
        return Await.get(registry.audit()).orElseThrow(() -> new AssertionError("no answer"));
    }

    @Test
    void anAuditOfWhatIsRightFindsNothing() {
        var unused = Await.get(registry.known());
        assertThat(audit().clients()).isZero();
        join(1);
        Client second = join(2);
        registry.rename(join(3), "alice");
        registry.leave(second);
        for (int i = 0; i < 2; i++) {
            AuditResult result = audit();
            assertThat(result.found()).isEqualTo(Difference.NONE);
            assertThat(result.left()).isEqualTo(Difference.NONE);
            assertThat(result.repaired()).isZero();
            assertThat(result.clients()).isEqualTo(2);
            assertThat(result.revision()).isPositive();
            settle();
        }
        assertThat(audit().pending()).isZero();
    }

    @Test
    void anAuditFindsNothingWhileClientsComeAndGo() throws Exception {
        var unused = Await.get(registry.known());
        AtomicInteger coming = new AtomicInteger(THREADS);
        List<CompletableFuture<Boolean>> clients = IntStream.range(0, THREADS)
                .mapToObj(thread -> Await.start(() -> {
                    Random random = new Random(seed + thread);
                    Deque<Client> mine = new ArrayDeque<>();
                    for (int i = 0; i < 300; i++) {
                        mine.add(join(thread));
                        if (random.nextInt(3) == 0) {
                            mine.add(registry.rename(mine.removeLast(), "name" + i));
                        }
                        if (random.nextInt(5) > 0) {
                            registry.leave(mine.removeFirst());
                        }
                    }
                    return coming.decrementAndGet() == 0;
                }))
                .toList();
        int audits = 0;
        do {
            audits++;
            AuditResult result = audit();
            assertThat(result.found()).as("seed " + seed).isEqualTo(Difference.NONE);
            assertThat(result.repaired()).isZero();
        } while (coming.get() > 0 || audits < 3);
        clients.forEach(Await::get);
        AuditResult result = audit();
        assertThat(result.found()).isEqualTo(Difference.NONE);
        assertThat(result.clients()).isEqualTo(own().size());
    }

    @Test
    void thoseWhoAskForAnAuditAtTheSameTimeAreAllAnswered() {
        join(1);
        List<CompletableFuture<Optional<AuditResult>>> asked =
                IntStream.range(0, 20).mapToObj(i -> registry.audit()).toList();
        asked.forEach(each -> assertThat(Await.get(each)).isPresent());
    }

    @Test
    void aClosedRegistryComparesNothing() {
        registry.close();
        assertThat(registry.audit())
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClosedRegistryDisconnectsNobody() {
        registry.close();
        assertThat(registry.kick(List.of(), ""))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withCauseInstanceOf(IllegalStateException.class);
    }
}
