package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static PrintStream stream(OutputStream target) {
        return new PrintStream(target, false, StandardCharsets.UTF_8);
    }

    private static void tell(Console console) {
        console.onConnected("10.0.0.1:1");
        console.onReplied("10.0.0.1:1");
        console.onClosed("10.0.0.1:1", CloseReason.CLIENT_QUIT, "");
        console.onClosed("10.0.0.2:1", CloseReason.IDLE_TIMEOUT, "nothing was sent for too long");
        console.onWarning("careful");
    }

    @Test
    void theConsoleShowsConnectionsAndUnusualEvents() {
        try (Console console = new Console(stream(out), stream(err), false, () -> {})) {
            tell(console);
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "connection from: 10.0.0.1:1",
                        "connection closed: 10.0.0.2:1 IDLE_TIMEOUT (nothing was sent for too long)");
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).containsExactly("careful");
    }

    @Test
    void theVerboseConsoleShowsEveryEvent() {
        try (Console console = new Console(stream(out), stream(err), true, () -> {})) {
            tell(console);
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "connection from: 10.0.0.1:1",
                        "sent reply to 10.0.0.1:1",
                        "connection closed: 10.0.0.1:1 CLIENT_QUIT",
                        "connection closed: 10.0.0.2:1 IDLE_TIMEOUT (nothing was sent for too long)");
    }

    @Test
    void aStuckOutputDoesNotBlockAndTheLostLinesAreCounted() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        PrintStream stuck = stream(new OutputStream() {
            @Override
            public void write(int b) {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                out.write(b);
            }
        });
        int lines = 100_000;
        try (Console console = new Console(stuck, stream(err), false, () -> {})) {
            console.print("first");
            blocked.await();
            for (int i = 0; i < lines; i++) {
                console.print("line");
            }
            release.countDown();
        }
        long written = out.toString(StandardCharsets.UTF_8).lines().count() - 1;
        String warning = err.toString(StandardCharsets.UTF_8);
        assertThat(written).isPositive();
        assertThat(warning).contains(lines - written + " lines were dropped");
    }
}
