package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.Access;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.Connection;
import io.socketz.server.event.ConnectionListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of the program that embeds a server, over real sockets. */
class CustomCommandTest {
    private static final CommandRow ECHO = CommandRow.of("ECHO [text]", "the text again", ReplyType.LINE);
    private static final CommandRow ROOMS = CommandRow.of("ROOMS [LIMIT n]", "the rooms", ReplyType.BLOCK);

    private final Events events = new Events();

    private SocketzServer.Builder builder() {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .loops(1)
                .listener(events)
                .warnBlockedAfter(Duration.ZERO);
    }

    @Test
    void itsArgumentsAreReadAndItsReplyIsALineABlockOrAnError() throws Exception {
        try (SocketzServer server = builder()
                        .command(ECHO, (command, connection) -> CommandReply.line("you said " + command.text()))
                        .command(ROOMS, (command, connection) -> {
                            long limit = command.arguments().number("LIMIT").orElse(2);
                            return limit == 7
                                    ? CommandReply.error("NO_ROOM", "expected fewer")
                                    : CommandReply.block(
                                            "rooms", List.of("kitchen", "hall").subList(0, (int) limit));
                        })
                        .start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("echo  hello  you")).isEqualTo("you said hello  you");
            assertThat(client.askBlock("ROOMS")).containsExactly("2 rooms", "kitchen", "hall");
            assertThat(client.askBlock("rooms limit 1")).containsExactly("1 rooms", "kitchen");
            assertThat(client.ask("ROOMS LIMIT 7")).isEqualTo("error NO_ROOM expected fewer");
            assertThat(client.ask("ROOMS LIMIT x"))
                    .isEqualTo("error BAD_ARGUMENT expected LIMIT and a number from 1 to 10000");
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void itKnowsWhoAsks() throws Exception {
        BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
        try (SocketzServer server = builder()
                        .command(ECHO, (command, connection) -> {
                            connections.add(connection);
                            return CommandReply.line(connection.address() + " "
                                    + connection.name().orElse("nobody"));
                        })
                        .start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("ECHO")).isEqualTo(client.address() + " nobody");
            client.ask("NAME bob");
            assertThat(client.ask("ECHO")).isEqualTo(client.address() + " bob");
            Connection connection = connections.take();
            assertThat(connections.take()).isSameAs(connection);
            assertThat(connection.id()).isEqualTo(server.member().id() + "/1");
            assertThat(connection.via()).isEmpty();
            assertThat(client.ask("WHOAMI")).contains(" since=" + connection.since());
        }
    }

    @Test
    void helpShowsItAfterTheBuiltInOnes() throws Exception {
        try (SocketzServer server = builder()
                        .command(ECHO, CommandReply.line("x"))
                        .command(ROOMS.forAccess(Access.ADMINISTRATORS), CommandReply.block("rooms", List.of()))
                        .start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.askBlock("HELP echo")).containsExactly("1 commands", "ECHO [text] - the text again");
            assertThat(client.askBlock("HELP"))
                    .endsWith(
                            "ECHO [text] - the text again",
                            "ROOMS [LIMIT n] - the rooms (off: the server has no --admin-tokens)");
            assertThat(client.ask("ROOMS")).startsWith("error NOT_CONFIGURED");
        }
    }

    @Test
    void whatItThrowsEndsThatRequestAndIsReportedAndNothingElse() throws Exception {
        try (SocketzServer server = builder()
                        .command(ECHO, (command, connection) -> {
                            throw new IllegalStateException("I am\nbroken");
                        })
                        .command(ROOMS, (command, connection) -> {
                            throw new StackOverflowError();
                        })
                        .start();
                LineClient client = LineClient.greeted(server)) {
            client.send("ECHO\nWHY\nROOMS\nWHY\n");
            client.expect("error INTERNAL_ERROR", "42", "error INTERNAL_ERROR", "42");
            assertThat(events.next("warning"))
                    .startsWith("warning the command ECHO failed: java.lang.IllegalStateException: I am broken at "
                            + CustomCommandTest.class.getName());
            assertThat(events.next("warning"))
                    .startsWith("warning the command ROOMS failed: java.lang.StackOverflowError");
        }
    }

    /** As programs in Kotlin do, and those that use Lombok. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void whatIsThrownWithoutBeingDeclaredEndsThatRequestAndNothingElse() throws Exception {
        ConnectionListener broken = new ConnectionListener() {
            @Override
            public void onOpened(Connection connection) {
                CustomCommandTest.<RuntimeException>sneak(new IOException("opened"));
            }

            @Override
            public void onClosed(Connection connection, CloseReason reason, String detail) {
                CustomCommandTest.<RuntimeException>sneak(new IOException("closed"));
            }
        };
        try (SocketzServer server = builder()
                .connectionListener(broken)
                .command(ECHO, (command, connection) -> {
                    CustomCommandTest.<RuntimeException>sneak(new Unprintable());
                    return CommandReply.line("x");
                })
                .start()) {
            for (int i = 0; i < 2; i++) {
                try (LineClient client = LineClient.greeted(server)) {
                    client.send("ECHO\nWHY\n");
                    client.expect("error INTERNAL_ERROR", "42");
                }
                assertThat(events.next("warning"))
                        .startsWith("warning the connection listener failed: java.io.IOException: opened");
                assertThat(events.next("warning"))
                        .startsWith("warning the command ECHO failed: " + Unprintable.class.getName());
                assertThat(events.next("warning"))
                        .startsWith("warning the connection listener failed: java.io.IOException: closed");
            }
        }
    }

    private static final class Unprintable extends Throwable {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no words");
        }
    }

    @Test
    void aCommandThatInterruptsItsThreadDoesNotKeepTheLoopAwake() throws Exception {
        try (SocketzServer server = builder()
                        .command(ECHO, (command, connection) -> {
                            boolean before = Thread.currentThread().isInterrupted();
                            Thread.currentThread().interrupt();
                            return CommandReply.line(before ? "interrupted" : "fresh");
                        })
                        .start();
                LineClient client = LineClient.greeted(server)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.ask("ECHO")).isEqualTo("fresh");
            }
        }
    }

    @Test
    void repliesThatWouldMisleadAReaderAreRefused() {
        for (String title : List.of("commands", "clients of 3 at revision 2", "Rooms", "rooms\n")) {
            assertThatThrownBy(() -> CommandReply.block(title, List.of()))
                    .as(title)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String line : List.of("error occurred", "stale by the door", "event 1 x", "7 dwarfs")) {
            assertThatThrownBy(() -> CommandReply.line(line)).as(line).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> CommandReply.of(new Reply.InvalidCommand("a\nb")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(CommandReply.line("42").reply()).isNotNull();
    }

    @Test
    void anAnswerThatTheRowDoesNotAnnounceIsAnErrorOfTheProgram() throws Exception {
        try (SocketzServer server = builder()
                        .command(ECHO, CommandReply.block("rooms", List.of("kitchen")))
                        .command(ROOMS, (command, connection) -> nothing())
                        .start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("ECHO")).isEqualTo("error INTERNAL_ERROR");
            assertThat(events.next("warning"))
                    .isEqualTo(
                            "warning the command ECHO failed: it has answered with BLOCK, and its row announces LINE");
            assertThat(client.ask("ROOMS")).isEqualTo("error INTERNAL_ERROR");
            assertThat(events.next("warning")).isEqualTo("warning the command ROOMS failed: it has answered with null");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // as programs that are not checked for nulls
    void nullIsRefusedWhereItIsGiven() {
        List<Consumer<SocketzServer.Builder>> nulls = List.of(
                builder -> builder.host(null),
                builder -> builder.name(null),
                builder -> builder.proxies(null),
                builder -> builder.tls(null),
                builder -> builder.registry(null),
                builder -> builder.cluster(null),
                builder -> builder.listener(null),
                builder -> builder.connectionListener(null),
                builder -> builder.command(null, CommandReply.line("x")),
                builder -> builder.command(ECHO, (CommandReply) null),
                builder -> builder.command(ECHO, (CommandFunction) null),
                builder -> builder.commandAsync(ECHO, null),
                builder -> builder.greeting(null),
                builder -> builder.idleTimeout(null),
                builder -> builder.adminHost(null),
                builder -> builder.adminTokens(null));
        for (Consumer<SocketzServer.Builder> each : nulls) {
            assertThatThrownBy(() -> each.accept(builder())).isInstanceOf(NullPointerException.class);
        }
    }

    @SuppressWarnings("NullAway") // as programs that are not checked for nulls
    private static CommandReply nothing() {
        return null;
    }

    @Test
    void aLaterAnswerKeepsTheOrderOfRepliesAndDelaysNobodyElse() throws Exception {
        BlockingQueue<CompletableFuture<CommandReply>> begun = new LinkedBlockingQueue<>();
        try (SocketzServer server = builder()
                        .commandAsync(ECHO, (command, connection) -> {
                            CompletableFuture<CommandReply> answer = new CompletableFuture<>();
                            begun.add(answer);
                            return answer;
                        })
                        .start();
                LineClient client = LineClient.greeted(server);
                LineClient other = LineClient.greeted(server)) {
            client.send("ECHO\nWHY\nECHO\nWHY\n");
            CompletableFuture<CommandReply> first = begun.take();
            assertThat(other.ask("WHY")).isEqualTo("42");
            first.complete(CommandReply.line("first"));
            client.expect("first", "42");
            begun.take().completeExceptionally(new IllegalStateException("no database"));
            client.expect("error INTERNAL_ERROR", "42");
            assertThat(events.next("warning"))
                    .startsWith("warning the command ECHO failed: java.lang.IllegalStateException: no database");
        }
    }

    @Test
    void aStageThatIsCompleteAlreadyIsAnsweredAtOnce() throws Exception {
        try (SocketzServer server = builder()
                        .commandAsync(
                                ECHO,
                                (command, connection) ->
                                        CompletableFuture.completedStage(CommandReply.line(command.text())))
                        .commandAsync(ROOMS, (command, connection) -> {
                            throw new IllegalStateException("broken");
                        })
                        .start();
                LineClient client = LineClient.greeted(server)) {
            client.send("ECHO a\nROOMS\nECHO b\n");
            client.expect("a", "error INTERNAL_ERROR", "b");
        }
    }

    @Test
    void aHandlerThatNeverAnswersTimesOutAndItsConnectionLives() throws Exception {
        CompletableFuture<CommandReply> never = new CompletableFuture<>();
        try (SocketzServer server = builder()
                        .commandTimeout(Duration.ofMillis(10))
                        .commandAsync(ECHO, (command, connection) -> never)
                        .start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("ECHO")).isEqualTo("error COMMAND_TIMEOUT expected an answer within 10ms");
            assertThat(events.next("warning")).isEqualTo("warning the command ECHO has not answered within 10ms");
            never.complete(CommandReply.line("too late"));
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aServerStopsInSpiteOfAHandlerThatNeverAnswers() throws Exception {
        BlockingQueue<String> begun = new LinkedBlockingQueue<>();
        SocketzServer server = builder()
                .drainTimeout(Duration.ofMillis(50))
                .commandAsync(ECHO, (command, connection) -> {
                    begun.add("begun");
                    return new CompletableFuture<>();
                })
                .start();
        try (LineClient client = LineClient.greeted(server)) {
            client.send("ECHO\n");
            begun.take();
            server.close();
            assertThat(client.socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** Keeps the calling thread for at least two milliseconds. */
    private static void block() {
        long until = System.nanoTime() + 2_000_000;
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aFunctionThatDoesNotReturnIsNamedWhileItRuns() throws Exception {
        Events heard = new Events();
        CountDownLatch mayReturn = new CountDownLatch(1);
        try (SocketzServer server = builder()
                        .listener(heard)
                        .warnBlockedAfter(Duration.ofMillis(1))
                        .command(ECHO, (command, connection) -> {
                            awaitUninterruptibly(mayReturn);
                            return CommandReply.line("done");
                        })
                        .start();
                LineClient client = LineClient.greeted(server)) {
            client.send("ECHO\n");
            try {
                assertThat(heard.next("warning"))
                        .startsWith("warning the command ECHO has been blocking its event loop for ")
                        .endsWith(", and has not returned yet");
            } finally {
                mayReturn.countDown(); // the server's end waits for its loop
            }
            client.expect("done");
            assertThat(heard.next("warning")).startsWith("warning the command ECHO has blocked its event loop for ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1}) // the first client is on the loop that accepts connections
    void aFunctionThatDoesNotReturnDoesNotKeepTheServerFromClosing(int stuckClient) throws Exception {
        Events heard = new Events();
        CountDownLatch mayReturn = new CountDownLatch(1);
        BlockingQueue<Thread> loops = new LinkedBlockingQueue<>();
        SocketzServer server = builder()
                .loops(2)
                .listener(heard)
                .drainTimeout(Duration.ZERO)
                .giveUpAfter(Duration.ofSeconds(2))
                .command(ECHO, (command, connection) -> {
                    loops.add(Thread.currentThread());
                    awaitUninterruptibly(mayReturn);
                    return CommandReply.line("done");
                })
                .command(ROOMS, (command, connection) -> {
                    loops.add(Thread.currentThread());
                    return CommandReply.block("rooms", List.of());
                })
                .start();
        try (LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.greeted(server)) {
            (stuckClient == 0 ? second : first).send("ROOMS\n");
            Thread well = loops.take();
            (stuckClient == 0 ? first : second).send("ECHO\n");
            Thread stuck = loops.take();
            assertThat(stuck).isNotEqualTo(well);

            server.close();

            assertThat(well.isAlive()).isFalse();
            assertThat(stuck.isAlive()).isTrue();
            mayReturn.countDown();
            stuck.join();
            assertThat(heard.next("closed")).contains("SERVER_STOPPING");
            assertThat(heard.next("closed")).contains("SERVER_STOPPING");
            assertThat(heard.warnings()).isEmpty();
        } finally {
            mayReturn.countDown();
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSecondCloseDoesNotWaitForAFunctionThatTheFirstHasGivenUp(boolean agent) throws Exception {
        CountDownLatch mayReturn = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        SocketzServer.Builder builder = builder()
                .loops(1)
                .drainTimeout(Duration.ofSeconds(2))
                .giveUpAfter(Duration.ofMillis(200))
                .command(ECHO, (command, connection) -> {
                    begun.countDown();
                    awaitUninterruptibly(mayReturn);
                    return CommandReply.line("done");
                });
        if (agent) {
            builder.agentPort(0);
        }
        SocketzServer server = builder.start();
        try (LineClient client = LineClient.greeted(server)) {
            client.send("ECHO\n");
            begun.await();
            server.close();
            long again = System.nanoTime();
            server.close();
            assertThat(System.nanoTime() - again).isLessThan(TimeUnit.SECONDS.toNanos(1));
        } finally {
            mayReturn.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatBlocksAnEventLoopIsNamedUnlessThatIsSwitchedOff() throws Exception {
        for (boolean on : List.of(true, false)) {
            Events heard = new Events();
            try (SocketzServer server = builder()
                            .listener(heard)
                            .warnBlockedAfter(on ? Duration.ofMillis(1) : Duration.ZERO)
                            .command(ECHO, (command, connection) -> {
                                block();
                                return CommandReply.line("done");
                            })
                            .commandAsync(ROOMS, (command, connection) -> {
                                block();
                                return CompletableFuture.completedStage(CommandReply.block("rooms", List.of()));
                            })
                            .connectionListener(new ConnectionListener() {
                                @Override
                                public void onOpened(Connection connection) {
                                    block();
                                }
                            })
                            .start();
                    LineClient client = LineClient.greeted(server)) {
                client.send("ECHO\nROOMS\nWHY\n");
                client.expect("done", "0 rooms", "42");
                if (on) {
                    assertThat(heard.next("warning"))
                            .startsWith("warning the connection listener's onOpened has blocked its event loop for ");
                    assertThat(heard.next("warning"))
                            .startsWith("warning the command ECHO has blocked its event loop for ");
                    assertThat(heard.next("warning"))
                            .startsWith("warning the command ROOMS has blocked its event loop for ");
                } else {
                    assertThat(heard.warnings()).isEmpty();
                }
            }
        }
    }

    @Test
    void theGreetingAndTheUsageLineAreTheProgramsToChoose() throws Exception {
        try (SocketzServer server = builder()
                        .greeting("welcome to the echo service")
                        .usage("use 'ECHO'")
                        .start();
                LineClient client = LineClient.connect(server)) {
            client.expect("welcome to the echo service");
            assertThat(client.ask("NONSENSE")).isEqualTo("invalid command: use 'ECHO'");
        }
    }

    @Test
    void theUsageLineNamesRowsThatAreToBeNamed() throws Exception {
        try (SocketzServer server = builder()
                        .command(ECHO.inUsageLine(), CommandReply.line("x"))
                        .start();
                LineClient client = LineClient.connect(server)) {
            client.expect("use 'WHY', 'WHO', 'WHERE', 'QUIT', 'ECHO'");
        }
    }

    @Test
    void textsThatAreNoLineAreRefused() {
        for (String greeting : List.of("", "a\nb", "2 rooms", "event 1 x", "x".repeat(1025))) {
            assertThatThrownBy(() -> builder().greeting(greeting)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String usage : List.of("", "a\nb", "x".repeat(1001))) {
            assertThatThrownBy(() -> builder().usage(usage)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> CommandReply.line("2 rooms")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CommandReply.block("Rooms", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CommandReply.error("CODE", "x".repeat(1020)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRowThatCollidesIsRefused() {
        for (String syntax : List.of("WHO name", "WHO FRESH", "QUIT")) {
            assertThatThrownBy(
                            () -> builder().command(CommandRow.of(syntax, "x", ReplyType.LINE), CommandReply.line("x")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("two commands are called ");
        }
        SocketzServer.Builder once = builder().command(ECHO, CommandReply.line("x"));
        assertThatThrownBy(() -> once.command(ECHO, CommandReply.line("x"))).hasMessage("two commands are called ECHO");
        assertThatThrownBy(() -> builder().command(CommandRow.of("BYE", "leaves"), CommandReply.line("x")))
                .hasMessage("expected a command with one reply: BYE");
    }

    @Test
    void aThousandCommandsAreAllAnswered() throws Exception {
        SocketzServer.Builder builder = builder();
        for (int i = 0; i < 1_000; i++) {
            builder.command(CommandRow.of(verb(i), "number " + i, ReplyType.LINE), CommandReply.line("x" + i));
        }
        try (SocketzServer server = builder.start();
                LineClient client = LineClient.greeted(server)) {
            for (int i = 0; i < 1_000; i += 9) {
                assertThat(client.ask(verb(i))).isEqualTo("x" + i);
            }
            assertThat(client.askBlock("HELP"))
                    .hasSize(1 + 1_000 + BuiltInCommands.TABLE.rows().size())
                    .endsWith("VJJJ - number 999");
            assertThat(client.ask("HELP NONE"))
                    .startsWith("error UNKNOWN_COMMAND expected one of WHY, ")
                    .endsWith(", ...")
                    .hasSizeLessThan(1024);
        }
    }

    private static String verb(int number) {
        return "V" + (char) ('A' + number / 100) + (char) ('A' + number / 10 % 10) + (char) ('A' + number % 10);
    }
}
