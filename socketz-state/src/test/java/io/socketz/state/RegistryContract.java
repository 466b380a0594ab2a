package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
}
