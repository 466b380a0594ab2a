package io.socketz.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandArguments;
import io.socketz.server.command.ClientFilter;
import io.socketz.server.command.Watcher;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.StateThread;
import io.socketz.state.memory.MemoryRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Searches of the roster run when the test runs them. */
@Timeout(30)
class WatchHubTest {
    private final StateThread state = new StateThread("test-state");
    private final Registry registry =
            new MemoryRegistry(new Member(UUID.randomUUID(), "server01", "127.0.0.1:1", Instant.EPOCH), state);
    private final BlockingQueue<Runnable> searches = new LinkedBlockingQueue<>();
    private final WatchHub hub = new WatchHub(registry, state, searches::add);
    private final ExecutorService loop = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        loop.shutdown();
        registry.close();
        state.close();
    }

    private final class Told implements Watcher {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public ExecutorService loop() {
            return loop;
        }

        @Override
        public void onEvents(byte[] told) {
            new String(told, StandardCharsets.US_ASCII).lines().forEach(events::add);
        }

        @Override
        public void onMissed(String why) {
            events.add("missed: " + why);
        }

        CompletableFuture<String> watch(String arguments) {
            CommandArguments all = BuiltInCommands.WATCH.command(arguments).arguments();
            Watch watch = new Watch(this, Optional.empty(), ClientFilter.of(all));
            CompletableFuture<byte[][]> answer = new CompletableFuture<>();
            loop.execute(() -> hub.begin(watch, OptionalLong.empty(), answer));
            return answer.thenApply(parts -> String.join(
                    "",
                    Arrays.stream(parts)
                            .map(part -> new String(part, StandardCharsets.US_ASCII))
                            .toList()));
        }
    }

    private void join(String address) {
        registry.join(address, null, () -> {});
    }

    @Test
    void aSearchKeepsNobodyWaitingAndItsClientMissesNothing() throws Exception {
        join("10.0.0.1:1");
        Told some = new Told();
        CompletableFuture<String> answer = some.watch("ADDR 10.0.0.0/8");
        Runnable search = searches.take();
        join("10.0.0.2:2");
        join("192.0.2.3:3");
        Told all = new Told();
        assertThat(all.watch("").get()).startsWith("3 clients of 3 at revision 3\n");
        join("10.0.0.4:4");
        assertThat(all.events.take()).contains(" join ").contains(" addr=10.0.0.4:4 ");
        assertThat(answer).isNotDone();
        assertThat(some.events).as("events before the answer").isEmpty();

        search.run();
        assertThat(answer.get()).startsWith("1 clients of 1 at revision 1\n").contains(" addr=10.0.0.1:1 ");
        assertThat(some.events.take()).startsWith("event 2 join ").contains(" addr=10.0.0.2:2 ");
        assertThat(some.events.take()).startsWith("event 4 join ").contains(" addr=10.0.0.4:4 ");
        join("10.0.0.5:5");
        assertThat(some.events.take()).startsWith("event 5 join ");
    }
}
