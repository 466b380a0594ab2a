package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final Patience patience = new Patience();

    @Test
    void growsAfterThreeLateAnswersInARow() {
        List<String> waits = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            waits.add(patience.text());
            patience.onFailure(Kind.TIMEOUT);
        }
        assertThat(waits).containsExactly("2 s", "2 s", "2 s", "4 s", "8 s", "8 s", "8 s");
    }

    @Test
    void endsWithAnAnswerWithinTwoSeconds() {
        for (int i = 0; i < 5; i++) {
            patience.onFailure(Kind.TIMEOUT);
        }
        patience.onAnswer(Patience.USUAL_NANOS + 1);
        assertThat(patience.text()).isEqualTo("8 s");
        patience.onAnswer(Patience.USUAL_NANOS);
        assertThat(patience.text()).isEqualTo("2 s");
    }

    @Test
    void doesNotGrowWhileEtcdIsAway() {
        for (int i = 0; i < 5; i++) {
            patience.onFailure(Kind.UNAVAILABLE);
        }
        assertThat(patience.text()).isEqualTo("2 s");
    }
}
