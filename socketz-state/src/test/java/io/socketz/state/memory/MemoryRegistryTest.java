package io.socketz.state.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.RegistryContract;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemoryRegistryTest extends RegistryContract {
    @Override
    protected Registry open(Member self, StateThread state) {
        return new MemoryRegistry(self, state);
    }

    @Test
    void theFirstRosterIsCompleteAtOnceAndEmpty() {
        CompletableFuture<Roster> future = registry.roster();
        assertThat(future).isCompleted();
        assertThat(Await.get(future).clients()).isEmpty();
        assertThat(Await.get(future).revision()).isZero();
    }

    @Test
    void aRosterIsNeverOld() {
        join(1);
        long now = System.nanoTime();
        assertThat(roster().age(now)).isZero();
        assertThat(roster().age(now + Long.MAX_VALUE / 2)).isZero();
    }

    @Test
    void theRosterHoldsOnlyItsOwnClients() {
        Client client = join(1);
        Member other = new Member(UUID.randomUUID(), "server02", "127.0.0.1:5152", Instant.EPOCH);
        try (MemoryRegistry alone = new MemoryRegistry(other, state)) {
            Client stranger = alone.join("192.0.2.1:1", null);
            assertThat(stranger.number()).isEqualTo(client.number());
            assertThat(roster().clients()).containsExactly(client);
            assertThat(Await.get(alone.roster()).clients()).containsExactly(stranger);
        }
    }

    @Test
    void anotherServersClientDoesNotLeave() {
        Client client = join(1);
        registry.leave(new Client(UUID.randomUUID(), client.number(), client.address(), null, client.since()));
        assertThat(roster().clients()).containsExactly(client);
    }

    @Test
    void manyWhoJoinAndAskAtTheSameTimeShareASnapshot() {
        CountDownLatch hold = new CountDownLatch(1);
        state.execute(() -> Await.latch(hold));
        Set<Roster> rosters = Collections.newSetFromMap(new IdentityHashMap<>());
        List<CompletableFuture<Roster>> answers = new ArrayList<>();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            clients.add(join(i));
            answers.add(registry.roster());
        }
        hold.countDown();
        answers.forEach(answer -> rosters.add(Await.get(answer)));
        assertThat(rosters)
                .singleElement()
                .satisfies(roster -> assertThat(roster.clients()).containsExactlyElementsOf(clients));
    }

    /** Nothing is copied, so nothing needs to be confirmed. */
    @Test
    void whileNothingChangesAllGetTheSameFuture() {
        join(1);
        roster();
        CompletableFuture<Roster> future = registry.roster();
        assertThat(registry.roster()).isSameAs(future);
        assertThat(Await.get(Await.start(() -> registry.roster() == future)))
                .as("on another thread")
                .isTrue();
    }

    @Test
    void everyRosterIsFreshAtOnce() {
        join(1);
        roster();
        CompletableFuture<FreshRoster> future = registry.freshRoster();
        assertThat(future).isCompleted();
        assertThat(Await.get(future).fresh()).isTrue();
        assertThat(Await.get(future).age()).isZero();
    }

    @Test
    void aSecondLeaveIsNoChange() {
        join(1);
        Client client = join(2);
        registry.leave(client);
        Roster roster = roster();
        registry.leave(client);
        assertThat(roster()).isSameAs(roster);
    }

    @Test
    void aClockThatStepsBackDoesNotChangeTheOrder() {
        AtomicLong millis = new AtomicLong(5_000);
        InstantSource clock = () -> Instant.ofEpochMilli(millis.getAndAdd(-1_000));
        try (MemoryRegistry steppingBack = new MemoryRegistry(registry.self(), state, clock)) {
            Client first = steppingBack.join("192.0.2.1:1", null);
            Client second = steppingBack.join("192.0.2.1:2", null);
            assertThat(second.since()).isEqualTo(first.since());
            assertThat(Await.get(steppingBack.roster()).clients())
                    .containsExactly(first, second)
                    .isSortedAccordingTo(Client.JOIN_ORDER);
        }
    }

    @Test
    void numbersBeginAtOne() {
        assertThat(List.of(join(5), join(4), join(5)))
                .extracting(Client::number)
                .containsExactly(1L, 2L, 3L);
    }

    /** All who ask share one list. */
    @Test
    void manyWhoAskAtTheSameTimeShareOneList() {
        for (int i = 0; i < 1_000; i++) {
            join(i);
        }
        List<CompletableFuture<Roster>> asked =
                Stream.generate(registry::roster).limit(1_000).toList();
        List<Client> clients = roster().clients();
        assertThat(asked).allMatch(future -> Await.get(future).clients() == clients);
    }

    @Test
    void theStateThreadStaysOpenWhenTheRegistryIsClosed() {
        registry.close();
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        state.execute(() -> ran.complete(true));
        assertThat(Await.get(ran)).isTrue();
    }
}
