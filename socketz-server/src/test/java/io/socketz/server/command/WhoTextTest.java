package io.socketz.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.ForwardingRegistry;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import io.socketz.state.memory.MemoryRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
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
    void aListIsRenderedOnceForAllWhoAsk() throws Exception {
        for (int i = 0; i < 100; i++) {
            registry.join("10.0.0.1:" + i, null);
        }
        List<CompletableFuture<byte[][]>> asked = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            asked.add(who.get());
        }
        byte[][] text = asked.get(0).get(10, TimeUnit.SECONDS);
        for (CompletableFuture<byte[][]> each : asked) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isSameAs(text);
        }
        assertThat(who.get()).isSameAs(who.get()).isCompletedWithValue(text);
    }

    @Test
    void theListChangesWithTheRoster() throws Exception {
        assertThat(text()).isEqualTo("client list: {}\nconnected clients: 0\n");
        Client client = registry.join("[2001:db8::1]:50814", null);
        assertThat(text()).isEqualTo("client list: {'[2001:db8::1]:50814'}\nconnected clients: 1\n");
        registry.leave(client);
        assertThat(text()).isEqualTo("client list: {}\nconnected clients: 0\n");
    }

    @Test
    void aListIsRenderedOnceForPlainAndFreshRequests() throws Exception {
        for (int i = 0; i < 100; i++) {
            registry.join("10.0.0.1:" + i, null);
        }
        List<CompletableFuture<byte[][]>> asked = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            asked.add(i % 100 == 50 ? who.get() : who.getFresh());
        }
        byte[] list = asked.get(0).get(10, TimeUnit.SECONDS)[0];
        for (int i = 0; i < asked.size(); i++) {
            byte[][] answer = asked.get(i).get(10, TimeUnit.SECONDS);
            assertThat(answer[0]).isSameAs(list);
            assertThat(answer.length).isEqualTo(i % 100 == 50 ? 1 : 2);
        }
    }

    @Test
    void aFreshAnswerShowsItsOwnListThoughANewerOneIsKnown() throws Exception {
        List<Client> none = List.of();
        List<Client> one = List.of(new Client(UUID.randomUUID(), 1, "10.0.0.1:1", null, 0));
        CompletableFuture<FreshRoster> late = new CompletableFuture<>();
        CompletableFuture<FreshRoster> next = new CompletableFuture<>();
        Iterator<CompletableFuture<FreshRoster>> answers = List.of(late, next).iterator();
        WhoText text = new WhoText(
                new ForwardingRegistry(registry.self(), state) {
                    @Override
                    public CompletableFuture<FreshRoster> freshRoster() {
                        return answers.next();
                    }
                },
                state);
        CompletableFuture<byte[][]> first = text.getFresh();
        CompletableFuture<byte[][]> second = text.getFresh();
        next.complete(new FreshRoster(Roster.replica(8, 1842, one, 0), true, Duration.ZERO));
        assertThat(text(second))
                .isEqualTo("client list: {'10.0.0.1:1'}\nconnected clients: 1\nfresh at revision 1842\n");
        // Other servers may not know yet what has changed since.
        late.complete(new FreshRoster(Roster.replica(7, 1841, none, 0), true, Duration.ZERO));
        assertThat(text(first)).isEqualTo("client list: {}\nconnected clients: 0\nfresh at revision 1841\n");
    }

    @Test
    void anUnchangedListIsShownWithItsNewRevision() throws Exception {
        List<Client> same = List.of(new Client(UUID.randomUUID(), 1, "10.0.0.1:1", null, 0));
        Iterator<Roster> rosters = List.of(Roster.replica(1, 10, same, 0), Roster.replica(1, 99, same, 0))
                .iterator();
        WhoText text = new WhoText(
                new ForwardingRegistry(registry.self(), state) {
                    @Override
                    public CompletableFuture<FreshRoster> freshRoster() {
                        return CompletableFuture.completedFuture(new FreshRoster(rosters.next(), true, Duration.ZERO));
                    }
                },
                state);
        byte[][] first = text.getFresh().get(10, TimeUnit.SECONDS);
        byte[][] second = text.getFresh().get(10, TimeUnit.SECONDS);
        assertThat(second[0]).isSameAs(first[0]);
        assertThat(new String(first[1], StandardCharsets.UTF_8)).isEqualTo("fresh at revision 10\n");
        assertThat(new String(second[1], StandardCharsets.UTF_8)).isEqualTo("fresh at revision 99\n");
    }

    @Test
    void aRequestFailsAfterTheRegistryOrItsThreadIsClosed() {
        registry.close();
        assertThat(who.get()).failsWithin(10, TimeUnit.SECONDS);
        assertThat(who.getFresh()).failsWithin(10, TimeUnit.SECONDS);
        state.close();
        assertThat(who.getFresh()).failsWithin(10, TimeUnit.SECONDS);
    }

    private String text() throws Exception {
        return text(who.get());
    }

    private static String text(CompletableFuture<byte[][]> answer) throws Exception {
        StringBuilder text = new StringBuilder();
        for (byte[] part : answer.get(10, TimeUnit.SECONDS)) {
            text.append(new String(part, StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
