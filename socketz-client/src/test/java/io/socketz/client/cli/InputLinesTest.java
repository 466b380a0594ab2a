package io.socketz.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputLinesTest {
    private static List<String> lines(String text) throws Exception {
        InputLines in = new InputLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        List<String> lines = new ArrayList<>();
        for (Optional<String> line = in.next(); line.isPresent(); line = in.next()) {
            lines.add(line.get());
        }
        return lines;
    }

    @Test
    void endAtLfCrLfOrTheEnd() throws Exception {
        assertThat(lines("")).isEmpty();
        assertThat(lines("WHO\nWHY\r\n\nWHERE")).containsExactly("WHO", "WHY", "", "WHERE");
        assertThat(lines("gr\u00fc\u00df\n")).containsExactly("gr\u00fc\u00df");
        assertThat(lines("WH\rO\n")).containsExactly("WH?O");
    }

    @Test
    void keepNoMoreOfALineThanAnyServerAccepts() throws Exception {
        List<String> lines = lines("x".repeat(1 << 20) + "\nWHY\n");
        assertThat(lines).hasSize(2).last().isEqualTo("WHY");
        assertThat(lines.get(0)).hasSize(InputLines.MAX_BYTES);
    }
}
