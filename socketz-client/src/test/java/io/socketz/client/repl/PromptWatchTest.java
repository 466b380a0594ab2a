package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.Server;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.ServerRecord;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PromptWatchTest {
    private static final UUID SERVER = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");
    private static final Instant SINCE = Instant.parse("2026-01-31T12:00:00.123Z");

    private final BlockingQueue<String> shown = new LinkedBlockingQueue<>();

    /** Open while the terminal takes text. */
    private volatile CountDownLatch terminal = new CountDownLatch(0);

    private final PromptWatch watch = new PromptWatch(this::show);

    @AfterEach
    void close() {
        watch.close();
    }

    private void show(String line) {
        shown.add(line);
        try {
            terminal.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ClientRecord client(int number, String... name) {
        return new ClientRecord(
                new ClientId(SERVER, number),
                "10.0.0.1:" + number,
                Optional.empty(),
                "s1",
                SINCE,
                List.of(name).stream().findFirst());
    }

    private static ServerRecord server(long clients) {
        return new ServerRecord(SERVER, "s1", "10.0.0.9:5151", clients, SINCE);
    }

    private void expect(String... lines) throws InterruptedException {
        for (String line : lines) {
            assertThat(shown.poll(20, TimeUnit.SECONDS)).isEqualTo(line);
        }
        assertThat(shown).isEmpty();
    }

    @Test
    void eachChangeIsALine() throws Exception {
        watch.onState(List.of(client(1), client(2)), 7);
        watch.onEvent(new Event.Join(8, client(3, "web-7")));
        watch.onEvent(new Event.Leave(9, client(2), "CLIENT_QUIT"));
        watch.onEvent(new Event.Rename(10, client(3, "web-8")));
        watch.onEvent(new Event.Rename(11, client(3)));
        watch.onEvent(new Event.ServerUp(12, server(0)));
        watch.onEvent(new Event.Now(13, Duration.ofMillis(100)));
        watch.onEvent(new Event.Other(14, "dance id=1"));
        watch.onEvent(new Event.ServerDown(15, server(25_000), "SERVER_LOST"));
        expect(
                "watching: 2 clients at revision 7",
                "+ 10.0.0.1:3 web-7 joined s1",
                "- 10.0.0.1:2 left s1: CLIENT_QUIT",
                "~ 10.0.0.1:3 web-8 has a new name",
                "~ 10.0.0.1:3 has no name now",
                "+ server s1 is up",
                "- server s1 is down with 25,000 clients: SERVER_LOST");
    }

    @Test
    void ofManyInAMomentTheLastAreShownAndTheOthersCounted() throws Exception {
        terminal = new CountDownLatch(1);
        watch.onEvent(new Event.Join(1, client(1)));
        expect("+ 10.0.0.1:1 joined s1"); // and the terminal takes no more
        for (int i = 2; i <= 2_031; i++) {
            watch.onEvent(new Event.Join(i, client(i)));
        }
        terminal.countDown();
        assertThat(shown.poll(20, TimeUnit.SECONDS)).isEqualTo("... 2,010 more before these");
        for (int i = 2_012; i <= 2_031; i++) {
            assertThat(shown.poll(20, TimeUnit.SECONDS)).isEqualTo("+ 10.0.0.1:" + i + " joined s1");
        }
        assertThat(shown).isEmpty();
    }

    @Test
    void whatIsToldAgainAfterAPauseIsShownOnce() throws Exception {
        watch.onEvent(new Event.Join(8, client(3)));
        watch.onEvent(new Event.Join(8, client(4)));
        watch.onResumed(
                new Server(HostPort.parse("localhost:1"), new InetSocketAddress(1), new InetSocketAddress(2), SERVER),
                7);
        watch.onEvent(new Event.Join(8, client(3)));
        watch.onEvent(new Event.Join(8, client(4)));
        watch.onEvent(new Event.Join(8, client(5)));
        watch.onEvent(new Event.Leave(9, client(3), "CLIENT_QUIT"));
        expect(
                "+ 10.0.0.1:3 joined s1",
                "+ 10.0.0.1:4 joined s1",
                "watching since revision 7: nothing is missing",
                "+ 10.0.0.1:5 joined s1",
                "- 10.0.0.1:3 left s1: CLIENT_QUIT");
    }

    @Test
    void nothingThatIsToldControlsTheTerminal() throws Exception {
        watch.onEvent(new Event.Leave(9, client(3), "\u001b[2J\u202e"));
        expect("- 10.0.0.1:3 left s1: ?[2J?");
    }

    @Test
    void showsWhatHasGatheredBeforeItEndsAndNothingAfterwards() throws Exception {
        watch.onEvent(new Event.Join(8, client(3)));
        watch.close();
        watch.onEvent(new Event.Join(9, client(4)));
        expect("+ 10.0.0.1:3 joined s1");
    }
}
