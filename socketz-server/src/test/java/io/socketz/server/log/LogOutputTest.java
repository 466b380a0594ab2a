package io.socketz.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogOutputTest {
    /** A file on a disk that has room for some bytes. */
    private static final class Disk extends OutputStream {
        private final ByteArrayOutputStream file = new ByteArrayOutputStream();
        private int room = Integer.MAX_VALUE;

        @Override
        public void write(int b) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            room--;
            file.write(b);
        }

        private String text() {
            return file.toString(StandardCharsets.UTF_8);
        }
    }

    private final Disk disk = new Disk();
    private final PrintStream log = new PrintStream(new LogOutput(disk), false, StandardCharsets.UTF_8);

    private void line(String text) {
        log.println(text);
        log.flush();
    }

    @Test
    void whatIsWrittenAfterAFullDiskBeginsALine() {
        line("one");
        disk.room = 5;
        line("two, of which five bytes fit");
        line("three");
        disk.room = Integer.MAX_VALUE;
        line("four");
        line("five");
        assertThat(disk.text()).isEqualTo("one\ntwo, \nfour\nfive\n");
    }

    @Test
    void nothingIsWrittenBeforeAFlush() {
        log.print("one");
        assertThat(disk.text()).isEmpty();
        log.flush();
        assertThat(disk.text()).isEqualTo("one");
    }

    @Test
    void linesOfAnyLengthKeepTheirOrder() {
        String longest = "x".repeat(100_000);
        log.println("one");
        log.println(longest);
        log.println("two");
        log.flush();
        assertThat(disk.text()).isEqualTo("one\n" + longest + "\ntwo\n");
    }
}
