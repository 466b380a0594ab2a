package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.Member;
import io.socketz.state.StateThread;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before anything starts. */
class EtcdRegistryTest {
    private static final UUID ID = new UUID(1, 1);

    @Test
    void aServerWithANameThatOthersWouldRejectIsRefused() {
        assertRefused("n".repeat(301), "127.0.0.1:5151", "no name");
    }

    @ParameterizedTest
    @CsvSource({"301", "4000"})
    void aServerWithAnAddressThatOthersWouldRejectIsRefused(int length) {
        assertRefused("server01", "a".repeat(length), "no address");
    }

    private static void assertRefused(String name, String address, String why) {
        Member self = new Member(ID, name, address, Instant.EPOCH);
        try (StateThread state = new StateThread("state")) {
            assertThatThrownBy(() -> EtcdRegistry.factory(
                                    ClusterSettings.DEFAULT,
                                    owner -> {
                                        throw new AssertionError("no transport may be opened");
                                    },
                                    EtcdRegistryListener.NONE)
                            .open(self, state))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("other servers would skip " + name + " at " + address + ": " + why);
        }
    }
}
