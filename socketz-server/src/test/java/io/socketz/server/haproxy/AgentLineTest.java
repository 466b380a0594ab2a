package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.AgentClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentLineTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1000, 100",
        "9, 1000, 100",
        "10, 1000, 99",
        "500, 1000, 50",
        "999, 1000, 1",
        "1000, 1000, 1",
        "1003, 1000, 1",
        "0, 1, 100",
        "1, 1, 1",
        "0, 2147483647, 100",
        "1, 2147483647, 100",
        "2147483647, 2147483647, 1"
    })
    void theWeightIsThePercentageOfFreePlaces(int connections, int max, int weight) {
        assertThat(AgentLine.weight(connections, max)).isEqualTo(weight);
    }

    @Test
    void everyLineConsistsOfWordsThatHaproxyKnows() {
        assertThat(new String(AgentLine.serving(13, 100, 100), StandardCharsets.US_ASCII))
                .isEqualTo("up 87%\n");
        assertThat(new String(AgentLine.serving(50, 100, 30), StandardCharsets.US_ASCII))
                .isEqualTo("up 15% #rebalancing\n");
        assertThat(new String(AgentLine.serving(50, 100, 1), StandardCharsets.US_ASCII))
                .as("never 0, which would be a drain")
                .isEqualTo("up 1% #rebalancing\n");
        assertThat(new String(AgentLine.draining(), StandardCharsets.US_ASCII)).isEqualTo(AgentClient.DRAINING);
        assertThat(new String(AgentLine.starting(), StandardCharsets.US_ASCII)).isEqualTo("up 0% #starting\n");
    }
}
