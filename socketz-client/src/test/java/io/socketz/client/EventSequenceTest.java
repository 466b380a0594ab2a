package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventSequenceTest {
    private static final UUID SERVER = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");

    private final EventSequence sequence = new EventSequence(OptionalLong.empty());

    private static ClientRecord client(long number) {
        return new ClientRecord(
                new ClientId(SERVER, number), "10.0.0.1:1", Optional.empty(), "s1", Instant.EPOCH, Optional.empty());
    }

    private static Event join(long revision, long number) {
        return new Event.Join(revision, client(number));
    }

    private static Event now(long revision) {
        return new Event.Now(revision, Duration.ZERO);
    }

    @Test
    void isCompleteUpToTheRevisionBeforeThatOfTheLastEvent() {
        assertThat(sequence.revision()).isEmpty();
        sequence.onState(7);
        assertThat(sequence.revision()).hasValue(7);
        assertThat(sequence.isNew(join(9, 1))).isTrue();
        assertThat(sequence.revision()).hasValue(8);
        assertThat(sequence.isNew(now(9))).isTrue();
        assertThat(sequence.revision()).hasValue(9);
    }

    @Test
    void knowsTheEventsOfTheLastRevision() {
        sequence.onState(7);
        assertThat(sequence.isNew(join(7, 1))).isFalse();
        assertThat(sequence.isNew(join(8, 1))).isTrue();
        assertThat(sequence.isNew(join(8, 1))).isFalse();
        assertThat(sequence.isNew(new Event.Leave(8, client(1), "CLIENT_QUIT"))).isTrue();
        assertThat(sequence.isNew(now(7))).isFalse();
        assertThat(sequence.isNew(join(8, 2))).isTrue();
        assertThat(sequence.since()).hasValue(7);
    }

    @Test
    void isAskedForAgainWhereItsLastRevisionIsTooLarge() {
        sequence.onState(7);
        for (int i = 1; i <= EventSequence.MAX_TOLD + 5; i++) {
            assertThat(sequence.isNew(join(8, i))).isTrue();
        }
        assertThat(sequence.since()).isEmpty();
        assertThat(sequence.revision()).hasValue(7);
        assertThat(sequence.isNew(join(9, 1))).isTrue();
        assertThat(sequence.since()).hasValue(8);
    }

    @Test
    void startsWhereAnotherEndedAndForgets() {
        EventSequence other = new EventSequence(OptionalLong.of(5));
        assertThat(other.since()).hasValue(5);
        assertThat(other.isNew(join(5, 1))).isFalse();
        assertThat(other.isNew(join(6, 1))).isTrue();
        other.forget();
        assertThat(other.since()).isEmpty();
        other.onState(2);
        assertThat(other.since()).hasValue(2);
        assertThat(other.isNew(join(6, 1))).isTrue();
    }

    /** Revisions of up to three events, cut anywhere again and again: each resumes where the sequence says. */
    @Test
    void eachEventIsToldOnceAndInOrderWhereverItIsInterrupted() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            List<Event> all = new ArrayList<>();
            for (int revision = 1; revision <= 10; revision++) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    all.add(join(revision * 2L, i));
                }
            }
            EventSequence each = new EventSequence(OptionalLong.of(0));
            List<Event> told = new ArrayList<>();
            boolean ended = false;
            while (!ended) {
                long since = each.since().orElseThrow();
                List<Event> stream =
                        all.stream().filter(event -> event.revision() > since).toList();
                int length = random.nextInt(stream.size() + 1);
                ended = length == stream.size();
                for (int i = 0; i < length; i++) {
                    Event event = stream.get(i);
                    if (each.isNew(event)) {
                        told.add(event);
                    }
                    boolean isLast = i + 1 == stream.size() || stream.get(i + 1).revision() > event.revision();
                    if (isLast && random.nextInt(4) == 0) {
                        each.isNew(now(event.revision()));
                    }
                }
            }
            assertThat(told).as("seed %d", seed).isEqualTo(all);
        }
    }
}
