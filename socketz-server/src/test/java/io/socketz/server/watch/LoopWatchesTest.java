package io.socketz.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.command.ClientFilter;
import io.socketz.server.command.Watcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one who watches gets before and after its answer. */
class LoopWatchesTest {
    private final List<String> told = new ArrayList<>();
    private final LoopWatches watches = new LoopWatches(Runnable::run);
    private final Watcher watcher = new Watcher() {
        @Override
        public Executor loop() {
            return Runnable::run;
        }

        @Override
        public void onEvents(byte[] events) {
            told.add(new String(events, StandardCharsets.US_ASCII));
        }

        @Override
        public void onMissed(String why) {
            told.add("missed: " + why);
        }
    };
    private final Watch watch =
            new Watch(watcher, Optional.empty(), new ClientFilter(Optional.empty(), Optional.empty()));

    @BeforeEach
    void start() {
        watches.add(watch);
        assertThat(watches.start(watch)).isTrue();
    }

    private void send(String text) {
        watches.send(each -> text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatIsSentBeforeTheAnswerFollowsIt() {
        send("one");
        send("two");
        assertThat(told).isEmpty();
        watches.release(watch);
        send("three");
        assertThat(told).containsExactly("one", "two", "three");
    }

    @Test
    void aStateTakesThePlaceOfWhatWasSentBeforeIt() {
        send("one");
        watches.send(new Telling() {
            @Override
            public byte[] bytesFor(Watch each) {
                return "all".getBytes(StandardCharsets.US_ASCII);
            }

            @Override
            public boolean isState() {
                return true;
            }
        });
        send("two");
        watches.release(watch);
        assertThat(told).containsExactly("all", "two");
    }

    /** The thread that makes the answer may wait for a disk. */
    @Test
    void anAnswerThatTakesTooLongEndsTheWatch() {
        for (int i = 0; i < 1_000; i++) {
            send("event");
        }
        assertThat(told).isEmpty();
        send("event");
        send("event");
        watches.release(watch);
        send("event");
        assertThat(told).containsExactly("missed: 1,000 batches of events wait for its first list");
    }
}
