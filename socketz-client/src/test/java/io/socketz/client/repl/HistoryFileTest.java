package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
    @TempDir
    Path directory;

    @Test
    void isReadableByItsOwnerOnly() throws Exception {
        Path file = directory.resolve("history");
        assertThat(HistoryFile.prepare(file)).contains(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(HistoryFile.prepare(file)).contains(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void anUnusableFileIsNoFailure() throws Exception {
        assertThat(HistoryFile.prepare(directory)).isEmpty();
        assertThat(HistoryFile.prepare(directory.resolve("none/history"))).isEmpty();
        assertThat(HistoryFile.prepare(Path.of("/dev/null"))).isEmpty();
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(HistoryFile.prepare(binary)).isEmpty();
        assertThat(Files.readAllBytes(binary)).hasSize(3);
    }
}
