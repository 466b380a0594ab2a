package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
    private static final UUID SERVER = new UUID(0, 1);

    private final ChangeLog log = new ChangeLog(6_400); // room for ten changes, each alone at its revision
    private final List<String> heard = new ArrayList<>();

    @Test
    void givesAllChangesAfterARevision() {
        assertThat(log.since(0)).hasValue(List.of());
        log.add(joined(5));
        log.add(joined(7));
        assertThat(log.since(0)).hasValue(List.of(joined(5), joined(7)));
        assertThat(log.since(4)).hasValue(List.of(joined(5), joined(7)));
        assertThat(log.since(5)).hasValue(List.of(joined(7)));
        assertThat(log.since(6)).hasValue(List.of(joined(7)));
        assertThat(log.since(7)).hasValue(List.of());
    }

    @Test
    void forgetsTheOldestAndSaysSo() {
        LongStream.rangeClosed(1, 25).mapToObj(ChangeLogTest::joined).forEach(log::add);
        assertThat(log.since(14)).isEmpty();
        assertThat(log.since(15).orElseThrow()).hasSize(10).first().isEqualTo(joined(16));
    }

    @Test
    void forgetsAllThatWasBeforeAReset() {
        log.add(joined(5));
        log.reset(9);
        assertThat(log.since(5)).isEmpty();
        assertThat(log.since(8)).isEmpty();
        assertThat(log.since(9)).hasValue(List.of());
        log.add(joined(10));
        assertThat(log.since(9)).hasValue(List.of(joined(10)));
        log.reset(3); // the store has lost its data
        assertThat(log.since(3)).hasValue(List.of());
    }

    @Test
    void changesOfOneRevisionThatAreTooManyAreToldAndNotKept() {
        log.listen(listener());
        List<Change> many = new ArrayList<>();
        for (long number = 1; number <= 100; number++) {
            many.add(new Change.Joined(client(number)));
        }
        log.add(new Changes(5, many));
        assertThat(heard).containsExactly("100 at 5");
        assertThat(log.since(4)).isEmpty();
        assertThat(log.since(5)).hasValue(List.of());
    }

    @Test
    void tellsListenersFromThenOnInOrder() {
        log.add(joined(1));
        log.listen(listener());
        log.add(joined(2));
        log.reset(4);
        log.add(joined(5));
        assertThat(heard).containsExactly("1 at 2", "reset", "1 at 5");
    }

    private ChangeListener listener() {
        return new ChangeListener() {
            @Override
            public void onChanges(Changes changes) {
                heard.add(changes.changes().size() + " at " + changes.revision());
            }

            @Override
            public void onReset() {
                heard.add("reset");
            }
        };
    }

    private static Changes joined(long revision) {
        return new Changes(revision, List.of(new Change.Joined(client(revision))));
    }

    private static Client client(long number) {
        return new Client(SERVER, number, "192.0.2.1:1", null, number);
    }
}
