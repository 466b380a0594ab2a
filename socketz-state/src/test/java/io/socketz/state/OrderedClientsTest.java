package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.RandomAccess;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderedClientsTest {
    private static final UUID SERVER = new UUID(0, 1);

    private final OrderedClients clients = new OrderedClients(Client.JOIN_ORDER);

    @Test
    void isEmptyAtFirst() {
        assertThat(clients).isEmpty();
        assertThat(clients.find(client(1))).isNull();
        assertThat(clients.size()).isZero();
        assertThat(clients.copy()).isEmpty();
        assertThat(clients.remove(client(1))).isNull();
        clients.removeIf(client -> true);
        clients.addAll(List.of());
        assertThat(clients.copy()).isEmpty();
    }

    @Test
    void addAndRemoveTellWhetherTheyChangedAnything() {
        assertThat(clients.add(client(2))).isTrue();
        assertThat(clients.add(client(1))).isTrue();
        assertThat(clients.add(client(2))).isFalse();
        assertThat(clients.copy()).containsExactly(client(1), client(2));
        assertThat(clients.remove(client(3))).isNull();
        assertThat(clients.remove(client(2))).isEqualTo(client(2));
        assertThat(clients.remove(client(2))).isNull();
        assertThat(clients.copy()).containsExactly(client(1));
    }

    /** A duplicate must not look like a change: even the object stays the same. */
    @Test
    void anAddedDuplicateLeavesTheFirstInPlace() {
        Client first = new Client(SERVER, 1, "192.0.2.1:1", null, 7);
        Client second = new Client(SERVER, 1, "192.0.2.1:2", null, 7);
        clients.addAll(List.of(first, second));
        clients.add(second);
        clients.addAll(List.of(second, client(8)));
        assertThat(clients.copy()).hasSize(2).first().isSameAs(first);
    }

    @Test
    void aClientIsPutIntoThePlaceOfTheSameClientAndFoundThere() {
        clients.addAll(evenTimes(1_100));
        List<Client> before = clients.copy();
        Client renamed = client(600).withName("alice");
        assertThat(clients.put(renamed)).isEqualTo(client(600));
        assertThat(clients.find(client(600))).isSameAs(renamed);
        assertThat(clients.copy().get(300)).isSameAs(renamed);
        assertThat(clients.size()).isEqualTo(1_100);
        assertThat(before).as("a copy from before").isEqualTo(evenTimes(1_100));

        assertThat(clients.put(client(601))).isNull();
        assertThat(clients.copy().get(301)).isEqualTo(client(601));
        assertThat(clients.find(client(603))).isNull();
        assertThat(clients.remove(client(600))).isSameAs(renamed);
    }

    @Test
    void whileNothingChangesTheCopyIsTheSameObject() {
        assertThat(clients.copy()).isSameAs(clients.copy());
        clients.addAll(evenTimes(600));
        List<Client> copy = clients.copy();
        assertThat(clients.add(client(2))).isFalse();
        assertThat(clients.remove(client(3))).isNull();
        clients.removeIf(client -> false);
        clients.addAll(List.of());
        clients.put(client(2));
        assertThat(clients.copy()).isSameAs(copy);
        clients.put(client(2).withName("alice"));
        assertThat(clients.copy()).isNotSameAs(copy);
    }

    @Test
    void clientsOfOneServerCanBeOrderedByNumber() {
        OrderedClients byNumber = new OrderedClients(Client.NUMBER_ORDER);
        Client late = new Client(SERVER, 2, "192.0.2.1:1", null, 99);
        Client clockSetBack = new Client(SERVER, 10, "192.0.2.1:1", null, 5);
        byNumber.add(clockSetBack);
        byNumber.add(late);
        assertThat(byNumber.copy()).containsExactly(late, clockSetBack);
        assertThat(byNumber).containsExactly(late, clockSetBack);
        assertThat(byNumber.find(new Client(SERVER, 10, "", null, 0))).isSameAs(clockSetBack);
    }

    /** A block holds 512: adds a client at each interesting place of a list that is full, nearly full, or just over. */
    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 511, 512, 513, 767, 768, 1_023, 1_024, 1_025, 1_536})
    void aClientFindsItsPlaceInBlocksOfAnyFill(int size) {
        for (int at : new int[] {0, 1, 255, 256, 257, 258, 511, 512, 513, 1_023, 1_024, size / 2, size - 1, size}) {
            if (at <= size) {
                OrderedClients ordered = new OrderedClients(Client.JOIN_ORDER);
                List<Client> expected = evenTimes(size);
                expected.forEach(ordered::add);
                List<Client> before = ordered.copy();

                expected.add(at, client(2L * at - 1));
                assertThat(ordered.add(client(2L * at - 1))).isTrue();
                assertThat(ordered.copy()).as("added at %d", at).isEqualTo(expected);
                assertThat(ordered.size()).isEqualTo(size + 1);
                assertThat(before).as("copied before").isEqualTo(evenTimes(size));

                List<Client> between = ordered.copy();
                assertThat(ordered.remove(client(2L * at - 1))).isNotNull();
                assertThat(ordered.copy()).as("removed at %d", at).isEqualTo(evenTimes(size));
                assertThat(between).as("copied between").isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"512, 512", "513, 1", "1024, 600", "5000, 3", "2000, 1999", "2000, 2001"})
    void addingManyAtOnceEqualsAddingOneByOne(int there, int more) {
        List<Client> all = evenTimes(there + more);
        Collections.shuffle(all, new Random(there));
        clients.addAll(all.subList(0, there));
        clients.addAll(all.subList(there, there + more));
        clients.addAll(all.subList(0, there / 2));
        assertThat(clients.copy()).isEqualTo(evenTimes(there + more));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 512, 513, 1_600})
    void canBeEmptiedAndFilledAgain(int size) {
        for (boolean fromTheFront : new boolean[] {true, false}) {
            List<Client> all = evenTimes(size);
            clients.addAll(all);
            List<Client> full = clients.copy();
            if (!fromTheFront) {
                Collections.reverse(all);
            }
            all.forEach(client -> assertThat(clients.remove(client)).isSameAs(client));
            assertThat(clients.size()).isZero();
            assertThat(clients.copy()).isEmpty();
            assertThat(full).isEqualTo(evenTimes(size));
        }
        clients.add(client(1));
        assertThat(clients.copy()).containsExactly(client(1));
    }

    @Test
    void aCopyIsAnUnmodifiableListWithRandomAccess() {
        clients.addAll(evenTimes(1_100));
        List<Client> copy = clients.copy();
        assertThat(copy).isInstanceOf(RandomAccess.class).hasSize(1_100);
        for (int i : new int[] {0, 511, 512, 513, 1_023, 1_024, 1_099}) {
            assertThat(copy.get(i)).isEqualTo(client(2L * i));
        }
        assertThatThrownBy(() -> copy.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> copy.get(1_100)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> copy.add(client(1))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> copy.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> copy.set(0, client(1))).isInstanceOf(UnsupportedOperationException.class);
    }

    /** Compared with a sorted set: lists grow to some blocks and shrink again, and copies must never change. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesLikeASortedSet(long seed) {
        record Kept(List<Client> copy, List<Client> expected) {}
        Random random = new Random(seed);
        NavigableSet<Client> model = new TreeSet<>(Client.JOIN_ORDER);
        List<Kept> kept = new ArrayList<>();
        for (int step = 0; step < 6_000; step++) {
            boolean growing = step % 3_000 < 2_000;
            int choice = random.nextInt(1_000);
            if (choice < 20) {
                Collection<Client> many = randomClients(random, choice < 5 ? 1_500 : 40);
                clients.addAll(many);
                many.forEach(model::add); // like ours, it keeps the object that is there
            } else if (choice < 25) {
                Predicate<Client> gone = someOf(random.nextInt(growing ? 20 : 3));
                clients.removeIf(gone);
                model.removeIf(gone);
            } else if (choice < (growing ? 750 : 400)) {
                Client client = randomClient(random);
                assertThat(clients.add(client)).isEqualTo(model.add(client));
            } else {
                Client client = model.isEmpty() || random.nextBoolean() ? randomClient(random) : someOf(random, model);
                assertThat(clients.remove(client) != null).isEqualTo(model.remove(client));
            }
            assertThat(clients.size()).isEqualTo(model.size());
            if (random.nextInt(40) == 0) {
                Kept copied = new Kept(clients.copy(), new ArrayList<>(model));
                assertThat(copied.copy).as("seed %d, step %d", seed, step).isEqualTo(copied.expected);
                kept.add(copied);
            }
        }
        assertThat(clients.copy()).as("seed %d", seed).isEqualTo(new ArrayList<>(model));
        for (Kept copied : kept) {
            assertThat(copied.copy).as("an old copy, seed %d", seed).isEqualTo(copied.expected);
        }
    }

    private static Predicate<Client> someOf(int rest) {
        return client -> client.since() % 20 == rest;
    }

    private static Client someOf(Random random, NavigableSet<Client> model) {
        Client client = model.ceiling(randomClient(random));
        return client == null ? model.first() : client;
    }

    private static Collection<Client> randomClients(Random random, int count) {
        return IntStream.range(0, random.nextInt(count))
                .mapToObj(i -> randomClient(random))
                .toList();
    }

    /** Few enough to occur again. The address distinguishes those with the same place in the order. */
    private static Client randomClient(Random random) {
        UUID server = new UUID(0, random.nextInt(3));
        return new Client(server, 1 + random.nextInt(2), "192.0.2.1:" + random.nextInt(9), null, random.nextInt(900));
    }

    private static List<Client> evenTimes(int count) {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(client(2L * i));
        }
        return all;
    }

    private static Client client(long since) {
        return new Client(SERVER, 1, "192.0.2.1:1", null, since);
    }
}
