package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.address.HostPort;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SearchTest {
    private static final long SEED = Long.getLong("socketz.seed", System.nanoTime());

    /** {@code host:port}, or {@code host} with two ports. */
    private static List<List<HostPort>> addresses(String... texts) {
        return List.of(texts).stream()
                .map(text -> HostPort.parse(text, List.of(4141, 5151)))
                .toList();
    }

    private static List<InetAddress> found(String... texts) {
        return List.of(texts).stream().map(Literals::address).toList();
    }

    private static String text(Candidate candidate) {
        return candidate.target().map(HostPort::format).orElse("?" + candidate.asked());
    }

    private static List<String> round(Search search, List<InetAddress> ofEachName) {
        List<String> round = new ArrayList<>();
        while (search.hasNext()) {
            Candidate next = search.next();
            if (next.address().isEmpty()) {
                search.onFound(next.asked(), ofEachName);
            } else {
                round.add(text(next));
            }
        }
        return round;
    }

    @Test
    void triesTheListInOrder() {
        Search search = new Search(addresses("1.1.1.1:1", "a:2", "[::1]:3"), false, new Random(SEED));
        search.begin();
        assertThat(text(search.next())).isEqualTo("1.1.1.1:1");
        Candidate name = search.next();
        assertThat(text(name)).isEqualTo("?a:2");
        search.onFound(name.asked(), found("2.2.2.2"));
        assertThat(text(search.next())).isEqualTo("2.2.2.2:2");
        assertThat(text(search.next())).isEqualTo("[::1]:3");
        assertThat(search.hasNext()).isFalse();
        search.begin();
        assertThat(text(search.next())).isEqualTo("1.1.1.1:1");
        assertThat(text(search.next())).as("looked up again").isEqualTo("?a:2");
    }

    @Test
    void triesTheLostServerLast() {
        Search search = new Search(addresses("1.1.1.1:1", "2.2.2.2:2", "3.3.3.3:3"), false, new Random(SEED));
        search.begin();
        search.beginWithout(search.next());
        assertThat(round(search, List.of())).containsExactly("2.2.2.2:2", "3.3.3.3:3", "1.1.1.1:1");
        search.begin();
        search.beginWithout(search.next());
        assertThat(round(search, List.of())).containsExactly("3.3.3.3:3", "1.1.1.1:1", "2.2.2.2:2");
    }

    @Test
    void triesTheLostAddressOfANameLast() {
        Search search = new Search(addresses("a:1"), true, new Random(SEED));
        Candidate lost = new Candidate(
                HostPort.parse("a:1"), Optional.of(found("2.2.2.2").get(0)));
        for (int i = 0; i < 50; i++) {
            search.beginWithout(lost);
            assertThat(round(search, found("1.1.1.1", "2.2.2.2", "3.3.3.3")))
                    .as("seed %d", SEED)
                    .endsWith("2.2.2.2:1");
        }
    }

    @Test
    void triesTheOtherPortOfAHostAfterAllItsAddresses() {
        Search search = new Search(addresses("a", "1.1.1.1:1"), false, new Random(SEED));
        search.begin();
        List<InetAddress> ofName = found("2.2.2.2", "2.2.2.2");
        assertThat(round(search, ofName))
                .containsExactly("2.2.2.2:4141", "2.2.2.2:4141", "2.2.2.2:5151", "2.2.2.2:5151", "1.1.1.1:1");
    }

    @Test
    void skipsTheOtherPortIfSomethingListensAtTheFirst() {
        Search search = new Search(addresses("1.1.1.1", "2.2.2.2:2"), false, new Random(SEED));
        search.begin();
        assertThat(text(search.next())).isEqualTo("1.1.1.1:4141");
        search.skipOtherPorts();
        assertThat(round(search, List.of())).containsExactly("2.2.2.2:2");
        search.begin();
        assertThat(round(search, List.of())).containsExactly("1.1.1.1:4141", "1.1.1.1:5151", "2.2.2.2:2");
    }

    @Test
    void keepsThePortOfItsFirstConnection() {
        Search search = new Search(addresses("1.1.1.1"), false, new Random(SEED));
        search.begin();
        search.beginWithout(search.next());
        assertThat(round(search, List.of())).containsExactly("1.1.1.1:4141");
    }

    @Test
    void keepsThePortsOfAHostTogetherWhenItShuffles() {
        Random random = new Random(SEED);
        for (int i = 0; i < 50; i++) {
            Search search = new Search(addresses("1.1.1.1", "2.2.2.2"), true, random);
            search.begin();
            List<String> round = round(search, List.of());
            assertThat(round)
                    .as("seed %d", SEED)
                    .containsSequence("1.1.1.1:4141", "1.1.1.1:5151")
                    .containsSequence("2.2.2.2:4141", "2.2.2.2:5151");
        }
    }

    @Test
    void staysWithTheFamilyThatTheResolverPutsFirst() {
        Search search = new Search(addresses("a:1"), true, new Random(SEED));
        for (int i = 0; i < 50; i++) {
            search.begin();
            assertThat(round(search, found("::2", "1.1.1.1", "::1")).get(2))
                    .as("seed %d", SEED)
                    .isEqualTo("1.1.1.1:1");
        }
    }

    @Test
    void spreadsClientsOverTheList() {
        Random random = new Random(SEED);
        Map<String, Integer> lists = new TreeMap<>();
        Map<String, Integer> names = new TreeMap<>();
        for (int i = 0; i < 3000; i++) {
            Search list = new Search(addresses("1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1"), true, random);
            list.begin();
            lists.merge(round(list, List.of()).get(0), 1, Integer::sum);
            Search name = new Search(addresses("a:1"), false, random);
            name.begin();
            names.merge(round(name, found("1.1.1.1", "2.2.2.2", "3.3.3.3")).get(0), 1, Integer::sum);
        }
        for (Map<String, Integer> firsts : List.of(lists, names)) {
            assertThat(firsts).as("seed %d", SEED).hasSize(3);
            assertThat(firsts.values()).as("seed %d", SEED).allMatch(count -> count > 800 && count < 1200);
        }
    }
}
