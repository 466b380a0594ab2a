package io.socketz.it.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.it.TopologyException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTest {
    @TempDir
    Path directory;

    @Test
    void reportsInOneLineThatThereCanBeNoSocket() {
        Path folder = directory.resolve("none");
        assertThatThrownBy(() -> Control.listen(folder.resolve("socket")))
                .isInstanceOf(TopologyException.class)
                .hasMessage("cannot make a socket in '" + folder
                        + "' (No such file or directory): choose another folder with --data");
    }
}
