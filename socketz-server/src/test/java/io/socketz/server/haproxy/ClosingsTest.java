package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.ForwardingRegistry;
import io.socketz.server.LineClient;
import io.socketz.server.command.CommandHandler;
import io.socketz.server.command.CommandService;
import io.socketz.server.command.WhoText;
import io.socketz.server.command.Wording;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ConnectionListener;
import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.Acceptor;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.SpareDescriptors;
import io.socketz.server.session.Admission;
import io.socketz.server.session.Counters;
import io.socketz.server.session.HeldMemory;
import io.socketz.server.session.Limits;
import io.socketz.server.session.SessionContext;
import io.socketz.server.session.SessionDispatcher;
import io.socketz.server.session.Sessions;
import io.socketz.server.watch.WatchCommands;
import io.socketz.server.watch.WatchHub;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a client is closed when its turn comes, whatever it is doing. There is one loop, and the test makes the plan. */
@Timeout(60)
class ClosingsTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final String GREETING = LineClient.GREETING + "\n";

    private final StateThread state = new StateThread("socketz-state");
    private final CompletableFuture<Roster> roster = new CompletableFuture<>();
    private final Admission admission = new Admission(1_000, 1, 0);
    private final Counters counters = new Counters();
    private final EventLoop loop;
    private final InetSocketAddress address;

    ClosingsTest() throws Exception {
        Member self = new Member(UUID.randomUUID(), "server01", "127.0.0.1:1", Instant.EPOCH);
        ForwardingRegistry registry = new ForwardingRegistry(self, state) {
            @Override
            public CompletableFuture<Roster> roster() {
                return roster;
            }
        };
        loop = new EventLoop("socketz-test", ServerListener.NONE);
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = (InetSocketAddress) channel.getLocalAddress();
        WatchHub watches = new WatchHub(registry, state, Runnable::run);
        Map<CommandRow, CommandHandler> handlers = new HashMap<>(new WatchCommands(watches).handlers());
        handlers.put(BuiltInCommands.AUDIT, (command, requester) -> {});
        SessionContext context = new SessionContext(
                new Limits(1024, 0, 0, 0, 0, 0),
                CidrSet.NONE,
                null,
                registry,
                new CommandService(
                        self,
                        new Wording(
                                BuiltInCommands.TABLE,
                                BuiltInCommands.TABLE.usage(),
                                BuiltInCommands.TABLE.usage(),
                                1024),
                        registry,
                        new WhoText(registry, state),
                        null,
                        Runnable::run,
                        handlers),
                watches,
                new Sessions(List.of(loop)),
                admission,
                new HeldMemory(1 << 20),
                counters,
                ServerListener.NONE,
                ConnectionListener.NONE);
        SessionDispatcher dispatcher = new SessionDispatcher(List.of(loop), context);
        new Acceptor(channel, new SpareDescriptors(0), loop, dispatcher, ServerListener.NONE);
    }

    @BeforeEach
    void start() {
        loop.start();
    }

    @AfterEach
    void stop() throws Exception {
        loop.stop(System.nanoTime());
        loop.join(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        state.close();
    }

    /** Begins to close all sessions now. */
    private Closings closeAll() {
        long now = System.nanoTime();
        Closings closings = new Closings(loop, new DrainPlan(now, now, now + HOUR), new Random(1));
        loop.execute(closings::begin);
        return closings;
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(address);
        assertThat(read(socket, GREETING.length())).isEqualTo(GREETING);
        return socket;
    }

    private static void send(Socket socket, String text) throws Exception {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket socket, int length) throws Exception {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static String rest(Socket socket) throws Exception {
        return read(socket, Integer.MAX_VALUE);
    }

    @Test
    void aClientThatWaitsForAReplyGetsItBeforeItIsClosed() throws Exception {
        try (Socket waits = connect();
                Socket idle = connect()) {
            send(waits, "WHY\nWHO\nWHY\n");
            assertThat(read(waits, 3)).isEqualTo("42\n");
            closeAll();
            assertThat(rest(idle)).isEmpty();
            // Both clients have had their turn; this one still waits for a reply.
            roster.complete(Roster.of(1, List.of()));
            assertThat(rest(waits)).isEqualTo("client list: {}\nconnected clients: 0\n42\n");
        }
    }

    @Test
    void requestsThatHaveArrivedAreAnswered() throws Exception {
        try (Socket asks = connect()) {
            send(asks, "WHY\n".repeat(10_000));
            assertThat(read(asks, 3)).isEqualTo("42\n");
            closeAll();
            assertThat(rest(asks)).isEqualTo("42\n".repeat(9_999));
        }
    }

    /** A reset would discard the replies that the client has not read yet. */
    @Test
    void bytesThatArriveAfterTheCloseDoNotResetTheConnection() throws Exception {
        try (Socket client = connect()) {
            closeAll();
            assertThat(client.getInputStream().read()).isNegative();
            send(client, "WHY\n");
            client.shutdownOutput();
            assertThat(rest(client)).isEmpty();
        }
    }

    @Test
    void aClientThatStillWaitsForAReplyIsCutWhenTheTimeIsUp() throws Exception {
        CompletableFuture<Void> empty = new CompletableFuture<>();
        try (Socket waits = connect()) {
            send(waits, "WHY\nWHO\n");
            assertThat(read(waits, 3)).isEqualTo("42\n");
            admission.onEmpty(() -> empty.complete(null));
            Closings closings = closeAll();
            loop.execute(closings::cut);
            empty.get(10, TimeUnit.SECONDS);
            assertThat(rest(waits)).isEmpty();
            assertThat(counters.closed(CloseReason.SERVER_DRAINING)).isEqualTo(1);
        }
    }

    @Test
    void aClientThatConnectsMeanwhileIsServedAndClosedLast() throws Exception {
        long now = System.nanoTime();
        Closings closings = new Closings(loop, new DrainPlan(now, now + HOUR, now + 2 * HOUR), new Random(1));
        try (Socket before = connect()) {
            loop.execute(closings::begin);
            try (Socket late = connect()) {
                send(late, "WHY\n");
                assertThat(read(late, 3)).isEqualTo("42\n");
                loop.execute(() -> closings.onDeadline(now + HOUR));
                assertThat(rest(before)).isEmpty();
                assertThat(rest(late)).isEmpty();
            }
        }
    }

    @Test
    void aClientThatIsCutGetsTheRepliesThatAreAvailable() throws Exception {
        Closings closings = new Closings(loop, new DrainPlan(0, 0, 0), new Random(1));
        try (Socket asks = connect()) {
            send(asks, "WHY\n".repeat(10_000));
            assertThat(read(asks, 3)).isEqualTo("42\n");
            loop.execute(closings::cut);
            assertThat(rest(asks)).isEqualTo("42\n".repeat(9_999));
        }
    }

    @Test
    void anEmptyServerIsReportedAtOnce() throws Exception {
        CompletableFuture<Void> empty = new CompletableFuture<>();
        closeAll();
        admission.onEmpty(() -> empty.complete(null));
        assertThat(empty).isCompleted();
    }
}
