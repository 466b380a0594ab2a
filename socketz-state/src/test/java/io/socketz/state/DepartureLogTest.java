package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DepartureLogTest {
    private final DepartureLog log = new DepartureLog();

    @Test
    void keepsTheDeparturesOfEachServerInOrder() {
        Departure first = departure(1, 1, "");
        Departure second = departure(2, 1, "");
        Departure third = departure(1, 2, "");
        assertThat(log.copy()).isEmpty();
        log.add(first);
        log.add(second);
        log.add(third);
        assertThat(log.copy()).containsExactlyInAnyOrder(List.of(first, third), List.of(second));
    }

    @Test
    void aCopyNeverChangesAndIsTheSameObjectWhileNothingDoes() {
        for (int number = 1; number <= 16; number++) {
            log.add(departure(1, number, ""));
        }
        List<List<Departure>> before = log.copy();
        assertThat(log.copy()).isSameAs(before);
        List<Departure> expected = List.copyOf(before.get(0));
        for (int number = 17; number <= 40_000; number++) {
            log.add(departure(1, number, ""));
        }
        assertThat(before.get(0)).isEqualTo(expected).hasSize(16);
        assertThatThrownBy(() -> before.get(0).set(0, expected.get(1)))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void keepsTheLatestTenThousandOfAServer() {
        for (int number = 1; number <= 25_000; number++) {
            log.add(departure(1, number, ""));
        }
        log.add(departure(2, 1, ""));
        assertThat(log.copy()).hasSize(2);
        List<Departure> one = log.copy().get(0);
        assertThat(one).hasSize(10_000);
        assertThat(one.get(0).client().number()).isEqualTo(15_001);
        assertThat(one.get(9_999).client().number()).isEqualTo(25_000);
    }

    @Test
    void keepsNoMoreThanSixteenMebibytesAndForgetsTheOldestFirst() {
        String address = "a".repeat(760); // a departure takes 1,011 bytes with it
        for (int number = 1; number <= 9_000; number++) {
            log.add(departure(1, number, address));
            log.add(departure(2, number, address));
        }
        List<Departure> all = new ArrayList<>();
        log.copy().forEach(all::addAll);
        assertThat(all.size()).isBetween((16 << 20) / 1_100, (16 << 20) / 1_000);
        assertThat(all).allMatch(departure -> departure.at() > 9_000 - all.size() / 2 - 1);
    }

    @Test
    void forgetsTheServerThatHasHadNoDepartureForLongest() {
        for (int server = 1; server <= 300; server++) {
            log.add(departure(server, 1, ""));
            log.add(departure(1, server + 1, ""));
        }
        assertThat(log.copy()).hasSize(256);
        assertThat(log.copy()).anyMatch(list -> list.size() == 301);
    }

    private static Departure departure(int server, int number, String address) {
        return new Departure(new Client(new UUID(0, server), number, address, null, 0), "CLIENT_QUIT", number, 0);
    }
}
