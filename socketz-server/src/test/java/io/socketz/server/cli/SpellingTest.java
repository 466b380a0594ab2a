package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    private static final List<String> COMMANDS = List.of(
            "serve",
            "up",
            "ps",
            "kill",
            "stop",
            "start",
            "restart",
            "logs",
            "member-list",
            "down",
            "connect",
            "servers",
            "bench",
            "soak",
            "verify",
            "completion");

    @ParameterizedTest
    @CsvSource({
        "conect, connect",
        "sevre, serve",
        "lgos, logs",
        "pss, ps",
        "bensh, bench",
        "stopp, stop",
        "memberlist, member-list"
    })
    void theIntendedWordIsFound(String typed, String meant) {
        assertThat(Spelling.nearest(typed, COMMANDS)).contains(meant);
    }

    @Test
    void aDistantWordIsNotFound() {
        assertThat(Spelling.nearest("xyzzy", COMMANDS)).isEmpty();
        assertThat(Spelling.nearest("list", COMMANDS)).isEmpty();
        assertThat(Spelling.nearest("", COMMANDS)).isEmpty();
        assertThat(Spelling.nearest("-x", List.of("-h", "-V"))).isEmpty();
    }

    @Test
    void theDistanceIsTheNumberOfMistakes() {
        assertThat(Spelling.distance("--prot", "--port")).isEqualTo(1);
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Spelling.distance("", "abc")).isEqualTo(3);
    }
}
