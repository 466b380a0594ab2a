package io.socketz.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    private static void append(Path log, byte... bytes) throws Exception {
        Files.write(log, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void itShowsWhatIsAddedFromTheBeginningOfTheFileOn() throws Exception {
        Path log = directory.resolve("log");
        try (Tail tail = new Tail(log, new PrintWriter(out))) {
            tail.show();
            assertThat(tail.hasShown()).isFalse();
            append(log, "one\n".getBytes(StandardCharsets.UTF_8));
            tail.show();
            tail.show();
            append(log, "two\n".getBytes(StandardCharsets.UTF_8));
            tail.show();
            assertThat(tail.hasShown()).isTrue();
        }
        assertThat(out).hasToString("one\ntwo\n");
    }

    @Test
    void aCharacterThatIsWrittenInTwoPartsIsShownOnce() throws Exception {
        Path log = directory.resolve("log");
        byte[] letter = "\u00e9".getBytes(StandardCharsets.UTF_8);
        try (Tail tail = new Tail(log, new PrintWriter(out))) {
            append(log, letter[0]);
            tail.show();
            append(log, letter[1]);
            tail.show();
        }
        assertThat(out).hasToString("\u00e9");
    }
}
