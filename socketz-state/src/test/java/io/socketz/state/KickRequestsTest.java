package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KickRequestsTest {
    private static final long PATIENCE_NANOS = KickRequests.PATIENCE.toNanos();

    private final KickRequests requests = new KickRequests();
    private final Client one = client(1);
    private final Client other = client(2);
    private final Set<Client> gone = new HashSet<>();
    private final List<Client> ended = new ArrayList<>();
    private final List<KickResult> answers = new ArrayList<>();

    private static Client client(long number) {
        return new Client(new UUID(1, 2), number, "192.0.2.1:" + number, null, 0);
    }

    private void check(long now) {
        requests.check(now, 7, gone::contains, ended::add);
    }

    @Test
    void aRequestThatIsTooLateDoesNotEndAnotherForTheSameClient() {
        requests.add(0, List.of(one, other), answers::add);
        requests.add(3, List.of(other.withName("alice")), answers::add);
        check(PATIENCE_NANOS);
        assertThat(ended)
                .as("the other request still waits for the other client")
                .containsExactly(one);
        assertThat(answers).containsExactly(new KickResult(0, List.of(one, other), 7));

        gone.add(other.withName("alice"));
        check(PATIENCE_NANOS + 1);
        assertThat(ended).containsExactly(one, other.withName("alice"));
        assertThat(answers).endsWith(new KickResult(1, List.of(), 7)).hasSize(2);
    }

    @Test
    void aClientThatIsGoneEndsWithTheLastRequestForIt() {
        requests.add(0, List.of(one), answers::add);
        requests.add(0, List.of(other, one), answers::add);
        gone.add(one);
        check(1);
        assertThat(answers).containsExactly(new KickResult(1, List.of(), 7));
        gone.add(other);
        check(2);
        assertThat(ended).containsExactly(other, one);
        assertThat(answers).endsWith(new KickResult(2, List.of(), 7)).hasSize(2);
    }
}
