package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines for a terminal that is slow, or takes nothing. */
@Timeout(30)
class RecentLinesTest {
    private final BlockingQueue<String> shown = new LinkedBlockingQueue<>();
    private final CountDownLatch printing = new CountDownLatch(1);
    private final CountDownLatch terminal = new CountDownLatch(1);
    private final RecentLines lines = new RecentLines("test-lines", this::print);

    /** The terminal takes a line once {@link #terminal} is open. */
    private void print(String line) {
        printing.countDown();
        try {
            terminal.await();
            shown.put(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void end() {
        lines.end();
        terminal.countDown();
    }

    private List<String> next(int count) throws InterruptedException {
        List<String> next = new ArrayList<>();
        while (next.size() < count) {
            next.add(shown.take());
        }
        return next;
    }

    @Test
    void ofManyLinesInAMomentTheLastAreShownAndTheOthersAreCounted() throws Exception {
        lines.add("line 0");
        printing.await();
        for (int i = 1; i <= 1_050; i++) {
            lines.add("line " + i);
        }
        terminal.countDown();
        List<String> all = next(22);
        assertThat(all.subList(0, 3)).containsExactly("line 0", "... 1,030 more before these", "line 1031");
        assertThat(all.get(21)).isEqualTo("line 1050");
    }

    @Test
    void whatATerminalWouldObeyIsReplaced() throws Exception {
        terminal.countDown();
        lines.add("red \u001b[31m");
        assertThat(shown.take()).startsWith("red ").doesNotContain("\u001b");
    }

    @Test
    void theLastLinesAreShownAtTheEndAndNoneAfterIt() throws Exception {
        lines.add("first");
        printing.await();
        lines.add("last");
        lines.end();
        lines.add("too late");
        terminal.countDown();
        lines.close();
        assertThat(next(2)).containsExactly("first", "last");
        assertThat(shown.poll(10, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aTerminalThatTakesNothingDoesNotDelayTheEndForEver() throws Exception {
        lines.add("line");
        printing.await();
        lines.close();
        assertThat(shown).isEmpty();
    }
}
