package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.StateThread;
import io.socketz.state.memory.MemoryRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WhoTextTest {
    private final StateThread state = new StateThread("socketz-state");
    private final MemoryRegistry registry =
            new MemoryRegistry(new Member(UUID.randomUUID(), "test", "127.0.0.1:5151", Instant.EPOCH), state);
    private final WhoText who = new WhoText(registry, state);

    @AfterEach
    void stop() {
        state.close();
    }

    @Test
    void isRenderedOnceHoweverManyAsk() throws Exception {
        for (int i = 0; i < 100; i++) {
            registry.join("10.0.0.1:" + i, null);
        }
        List<CompletableFuture<byte[]>> asked = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            asked.add(who.get());
        }
        byte[] text = asked.get(0).get(10, TimeUnit.SECONDS);
        for (CompletableFuture<byte[]> each : asked) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isSameAs(text);
        }
        assertThat(who.get()).isSameAs(who.get()).isCompletedWithValue(text);
    }

    @Test
    void changesWithTheRoster() throws Exception {
        assertThat(text()).isEqualTo("client list: {}\nconnected clients: 0\n");
        Client client = registry.join("[2001:db8::1]:50814", null);
        assertThat(text()).isEqualTo("client list: {'[2001:db8::1]:50814'}\nconnected clients: 1\n");
        registry.leave(client);
        assertThat(text()).isEqualTo("client list: {}\nconnected clients: 0\n");
    }

    private String text() throws Exception {
        return new String(who.get().get(10, TimeUnit.SECONDS), StandardCharsets.UTF_8);
    }
}
