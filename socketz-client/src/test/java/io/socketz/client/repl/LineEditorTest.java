package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jline.reader.History;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;

/** {@link LineEditor} in a terminal made of two streams. */
class LineEditorTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    private String type(String keys) throws Exception {
        ByteArrayInputStream in = new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8));
        try (Terminal terminal = new DumbTerminal("test", "xterm", in, shown, StandardCharsets.UTF_8)) {
            terminal.setSize(Size.of(80, 24));
            return new LineEditor(terminal, false).readLine(() -> "> ");
        }
    }

    @Test
    void keepsNoLineWithASecret() throws Exception {
        ByteArrayInputStream in = new ByteArrayInputStream(
                "WHO\rAUTH s3cret\r auth x\r/repeat 2 aUth y\rAUTH\rWHY\r".getBytes(StandardCharsets.UTF_8));
        try (Terminal terminal = new DumbTerminal("test", "xterm", in, shown, StandardCharsets.UTF_8)) {
            terminal.setSize(Size.of(80, 24));
            LineEditor editor = new LineEditor(terminal, false);
            for (int i = 0; i < 6; i++) {
                editor.readLine(() -> "> ");
            }
            assertThat(editor.getHistory()).extracting(History.Entry::line).containsExactly("WHO", "AUTH", "WHY");
        }
    }

    private String shown() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    @Test
    void completesTheOnlyMatchingCommand() throws Exception {
        assertThat(type("whe\t\r").strip()).isEqualTo("WHERE");
    }

    @Test
    void completesNothingAfterATypo() throws Exception {
        assertThat(type("wha\t\r")).isEqualTo("wha");
        assertThat(shown()).doesNotContain("original", "others", "WHERE");
    }
}
