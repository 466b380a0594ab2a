package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerMetrics;
import io.socketz.server.event.ServerState;
import io.socketz.state.AuditResult;
import io.socketz.state.DurationHistogram;
import io.socketz.state.Registry;
import io.socketz.state.RegistryMetrics;
import io.socketz.state.RegistryMetrics.JoinsAndLeaves;
import io.socketz.state.RegistryMetrics.RosterGauges;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server counts, for the program that embeds it. */
@Timeout(60)
class ServerMetricsTest {
    private static final long LIMIT_NANOS = 10_000_000_000L;

    private final Events events = new Events();

    private SocketzServer.Builder builder() {
        return SocketzServer.builder().host("127.0.0.1").port(0).listener(events);
    }

    /** It becomes true soon. */
    private static void awaitTrue(BooleanSupplier condition) {
        long limit = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - limit).isNegative();
            Thread.onSpinWait();
        }
    }

    private void quit(LineClient client) throws Exception {
        client.send("QUIT\n");
        assertThat(client.rest()).isEmpty();
        assertThat(events.next("closed")).contains("CLIENT_QUIT");
    }

    @Test
    void itCountsWhoIsConnectedAndWhyOthersLeft() throws Exception {
        try (SocketzServer server = builder().maxConnections(10).start();
                LineClient stays = LineClient.greeted(server)) {
            quit(LineClient.greeted(server));
            assertThat(stays.ask("WHY")).isEqualTo("42");
            ServerMetrics.Connections connections = server.metrics().connections();
            assertThat(connections.open()).isEqualTo(1);
            assertThat(connections.clients()).isEqualTo(1);
            assertThat(connections.places()).isEqualTo(10);
            assertThat(connections.accepted()).isEqualTo(2);
            assertThat(connections.greetings().count()).isEqualTo(2);
            assertThat(connections.lifetimes().count()).isEqualTo(1);
            assertThat(connections.closed()).hasSize(CloseReason.values().length);
            connections
                    .closed()
                    .forEach((reason, count) ->
                            assertThat(count).as(reason.name()).isEqualTo(reason == CloseReason.CLIENT_QUIT ? 1 : 0));
        }
    }

    @Test
    void aClientThatIsRefusedWasAcceptedAndHasEnded() throws Exception {
        try (SocketzServer server = builder().maxConnections(1).start();
                LineClient stays = LineClient.greeted(server);
                LineClient refused = LineClient.connect(server)) {
            assertThat(refused.rest()).startsWith("error TOO_MANY_CONNECTIONS");
            assertThat(events.next("closed")).contains("TOO_MANY_CONNECTIONS");
            ServerMetrics.Connections connections = server.metrics().connections();
            assertThat(connections.accepted()).isEqualTo(2);
            assertThat(connections.closed()).containsEntry(CloseReason.TOO_MANY_CONNECTIONS, 1L);
            assertThat(connections.lifetimes().count()).isEqualTo(1);
            assertThat(connections.greetings().count()).isEqualTo(1);
            assertThat(stays.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void itCountsTheRequestsOfAllLoopsByCommand() throws Exception {
        CommandRow hello = CommandRow.of("HELLO", "greets", ReplyType.LINE);
        try (SocketzServer server = builder()
                        .loops(2)
                        .maxLineLength(100)
                        .command(hello, CommandReply.line("hello"))
                        .start();
                LineClient one = LineClient.greeted(server);
                LineClient other = LineClient.greeted(server)) {
            assertThat(server.metrics().requests().commands().keySet())
                    .containsExactlyElementsOf(BuiltInCommands.TABLE.with(List.of(hello)).rows().stream()
                            .map(CommandRow::words)
                            .toList());
            assertThat(one.ask("why")).isEqualTo("42");
            assertThat(one.ask("WHY")).isEqualTo("42");
            assertThat(other.ask("WHY")).isEqualTo("42");
            assertThat(other.ask("WHO FRESH")).startsWith("client list: ");
            other.line();
            other.line();
            assertThat(other.ask("HELLO")).isEqualTo("hello");
            assertThat(one.ask("HELLO you")).startsWith("error BAD_ARGUMENT");
            assertThat(one.ask("\n\nWHEN")).startsWith("invalid command");
            assertThat(one.ask("x".repeat(101))).startsWith("error LINE_TOO_LONG");
            ServerMetrics.Requests requests = server.metrics().requests();
            assertThat(requests.commands().entrySet().stream().filter(each -> each.getValue() > 0))
                    .containsExactly(Map.entry("WHY", 3L), Map.entry("WHO FRESH", 1L), Map.entry("HELLO", 2L));
            assertThat(requests.badArguments()).isEqualTo(1);
            assertThat(requests.invalid()).isEqualTo(1);
            assertThat(requests.tooLong()).isEqualTo(1);
        }
    }

    @Test
    void itCountsTheBytesOfClientsBothWays() throws Exception {
        try (SocketzServer server = builder().maxOutbound(1 << 20).start()) {
            LineClient client = LineClient.greeted(server);
            assertThat(client.ask("WHY")).isEqualTo("42");
            quit(client);
            ServerMetrics.Traffic traffic = server.metrics().traffic();
            assertThat(traffic.receivedBytes()).isEqualTo("WHY\nQUIT\n".length());
            assertThat(traffic.sentBytes()).isEqualTo((LineClient.GREETING + "\n42\n").length());
            assertThat(traffic.heldBytes()).isZero();
            assertThat(traffic.maxHeldBytes()).isEqualTo(1 << 20);
        }
    }

    @Test
    void whatWaitsForASlowClientIsHeldUntilItIsGone() throws Exception {
        try (SocketzServer server = builder().loops(1).start();
                LineClient slow = LineClient.connect(server, "127.0.0.1", 4096);
                LineClient other = LineClient.greeted(server)) {
            slow.send("HELP\n".repeat(3_000));
            awaitTrue(() -> server.metrics().traffic().heldBytes() > 0);
            slow.reset();
            events.next("closed");
            assertThat(other.ask("WHY")).isEqualTo("42");
            assertThat(server.metrics().traffic().heldBytes()).isZero();
        }
    }

    @Test
    void itCountsWhoWatches() throws Exception {
        try (SocketzServer server = builder().start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(server.metrics().connections().watchers()).isZero();
            client.askBlock("WATCH");
            assertThat(server.metrics().connections().watchers()).isEqualTo(1);
            assertThat(client.ask("UNWATCH")).isEqualTo("not watching");
            awaitTrue(() -> server.metrics().connections().watchers() == 0); // its loop may still be about to begin it
        }
    }

    @Test
    void itTellsOfTheRosterAndOfJoinsAndLeaves() throws Exception {
        try (SocketzServer server = builder().start();
                LineClient stays = LineClient.greeted(server)) {
            quit(LineClient.greeted(server));
            assertThat(stays.ask("WHY")).isEqualTo("42");
            assertThat(server.roster().get().size())
                    .as("the registry knows of it")
                    .isEqualTo(1);
            RegistryMetrics registry = server.metrics().registry();
            assertThat(registry.roster()).isEqualTo(new RosterGauges(1, 1, 3, 0, true));
            assertThat(registry.own()).isEqualTo(new JoinsAndLeaves(2, Map.of("CLIENT_QUIT", 1L)));
            assertThat(registry.cluster()).isEqualTo(registry.own());
            assertThat(registry.store()).isEmpty();
        }
    }

    @Test
    void itCountsFileDescriptors() throws Exception {
        try (SocketzServer server = builder().start()) {
            ServerMetrics.Descriptors descriptors = server.metrics().descriptors();
            assertThat(descriptors.open()).isPositive().isLessThan(descriptors.max());
            assertThat(descriptors.shortages()).isZero();
            assertThat(descriptors.acceptPauses()).isZero();
        }
    }

    @Test
    void itCountsWhatAuditsFind() throws Exception {
        CompletableFuture<Registry> opened = new CompletableFuture<>();
        try (SocketzServer server = builder()
                        .auditInterval(Duration.ofMillis(5))
                        .registry((self, state) -> {
                            Registry registry = new ForwardingRegistry(self, state);
                            opened.complete(registry);
                            return registry;
                        })
                        .start();
                LineClient client = LineClient.greeted(server)) {
            opened.get().join("192.0.2.9:1", null);
            assertThat(events.next("warning ")).contains("1 ghosts");
            assertThat(server.metrics().audits().ghosts()).isEqualTo(1);
            opened.get().leave(opened.get().roster().get().clients().get(0), "HARM");
            assertThat(events.next("warning ")).contains("1 missing");
            assertThat(client.ask("WHY")).isEqualTo("42");
            ServerMetrics.Audits audits = server.metrics().audits();
            assertThat(audits.missing()).isEqualTo(1);
            assertThat(audits.ghosts()).isEqualTo(1);
            assertThat(audits.repaired()).isEqualTo(2);
            assertThat(audits.made()).isGreaterThanOrEqualTo(2);
            assertThat(audits.failed()).isZero();
        }
    }

    @Test
    void anAuditWithoutAStoreHasFailed() throws Exception {
        try (SocketzServer server = builder()
                .auditInterval(Duration.ofMillis(5))
                .registry((self, state) -> new ForwardingRegistry(self, state) {
                    @Override
                    public CompletableFuture<Optional<AuditResult>> audit() {
                        return CompletableFuture.completedFuture(Optional.empty());
                    }
                })
                .start()) {
            awaitTrue(() -> server.metrics().audits().failed() > 0);
            assertThat(server.metrics().audits().made()).isZero();
        }
    }

    @Test
    void itsStateIsWhatTheAgentPortTells() throws Exception {
        CompletableFuture<Void> known = new CompletableFuture<>();
        SocketzServer server = builder()
                .agentPort(0)
                .registry((self, state) -> new ForwardingRegistry(self, state) {
                    @Override
                    public CompletableFuture<Void> known() {
                        return known;
                    }
                })
                .start();
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(AgentClient.ask(server)).isEqualTo("up 0% #starting\n");
            assertThat(server.state()).isEqualTo(ServerState.STARTING);
            known.complete(null);
            assertThat(AgentClient.ask(server)).isEqualTo("up 100%\n");
            assertThat(server.state()).isEqualTo(ServerState.READY);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
            AgentClient.awaitDrain(server);
            assertThat(server.metrics().state()).isEqualTo(ServerState.DRAINING);
            client.send("QUIT\n");
            closed.get();
        }
        assertThat(server.state()).isEqualTo(ServerState.DRAINING);
    }

    @Test
    void theDocumentationNamesEachValueAndNoOther() throws Exception {
        String docs = Files.readString(Path.of("../docs/embedding.md"));
        String section = docs.substring(docs.indexOf("### Metrics"), docs.indexOf("### What may run where"));
        List<String> documented = Pattern.compile("(?m)^\\| `([a-zA-Z.]+)` \\|")
                .matcher(section)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(documented).containsExactlyElementsOf(values("", ServerMetrics.class));
    }

    /** The values of a record of metrics, and of those in it. */
    private static List<String> values(String prefix, Class<?> type) {
        List<String> values = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + component.getName();
            Class<?> valueType = component.getGenericType() instanceof ParameterizedType generic
                            && component.getType() == Optional.class
                    ? (Class<?>) generic.getActualTypeArguments()[0]
                    : component.getType();
            if (valueType.isRecord() && valueType != DurationHistogram.class) {
                values.addAll(values(name + ".", valueType));
            } else {
                values.add(name);
            }
        }
        return values;
    }
}
