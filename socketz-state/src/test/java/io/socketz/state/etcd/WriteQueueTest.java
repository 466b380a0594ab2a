package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Client;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
    private final WriteQueue queue = new WriteQueue();

    @Test
    void keepsPutsAndDeletesApartEachInOrderOfArrival() {
        queue.add(client(3));
        queue.add(gone(2));
        queue.add(client(1));
        queue.add(gone(4));
        assertThat(numbers(queue.puts())).containsExactly(3L, 1L);
        assertThat(numbers(queue.deletes())).containsExactly(2L, 4L);
    }

    @Test
    void holdsEachKeyOnceAsLastAdded() {
        OwnClient client = client(1);
        assertThat(queue.add(client)).isFalse();
        assertThat(queue.add(client)).isTrue();
        client.gone = true;
        assertThat(queue.add(client)).isTrue();
        assertThat(numbers(queue.puts())).isEmpty();
        assertThat(numbers(queue.deletes())).containsExactly(1L);
        OwnClient other = client(1);
        assertThat(queue.add(other)).as("has the number of one to be deleted").isTrue();
        assertThat(numbers(queue.deletes())).isEmpty();
        assertThat(queue.find(1)).isSameAs(other);
    }

    @Test
    void aRemovedKeyIsNotThere() {
        queue.add(client(1));
        queue.add(gone(2));
        assertThat(queue.isEmpty()).isFalse();
        queue.remove(1);
        assertThat(queue.find(1)).isNull();
        assertThat(Objects.requireNonNull(queue.find(2)).number).isEqualTo(2);
        queue.remove(2);
        assertThat(queue.isEmpty()).isTrue();
    }

    private static OwnClient client(long number) {
        return new OwnClient(number, new Client(new UUID(0, 1), number, "192.0.2.1:1", null, 0));
    }

    private static OwnClient gone(long number) {
        return new OwnClient(number, null);
    }

    private static List<Long> numbers(Iterator<OwnClient> owns) {
        Iterable<OwnClient> all = () -> owns;
        return StreamSupport.stream(all.spliterator(), false)
                .map(own -> own.number)
                .toList();
    }
}
