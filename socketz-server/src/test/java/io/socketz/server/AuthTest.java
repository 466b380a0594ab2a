package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.server.event.CloseReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a connection becomes an administrator's, over real sockets. */
class AuthTest {
    private static final String TOKEN = "correct-horse-battery";
    private static final String WRONG =
            "error WRONG_TOKEN expected a token whose SHA-256 is in the file of --admin-tokens";

    @TempDir
    Path folder;

    private final Events events = new Events();

    /** As {@code printf %s TOKEN | sha256sum} writes it. */
    static String hash(String token) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash) + "  -\n";
    }

    private Path file(String content) throws Exception {
        return Files.writeString(folder.resolve("tokens"), content);
    }

    private SocketzServer server(Path tokens) throws Exception {
        return server(tokens, Duration.ofMillis(1));
    }

    private SocketzServer server(Path tokens, Duration wrongTokenTime) throws Exception {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .loops(1)
                .adminTokens(tokens)
                .wrongTokenTime(wrongTokenTime)
                .drainTimeout(Duration.ofMillis(50)) // whoever waits for the answer to a wrong token is cut
                .listener(events)
                .start();
    }

    /** Sends a wrong token, and returns once the server has read it. */
    private static void guess(SocketzServer server, LineClient guesser, String more) throws Exception {
        guesser.send("WHERE\nAUTH x\n" + more); // one piece, which the server reads at once
        guesser.expect(server.member().id().toString());
    }

    @Test
    void aRightTokenAuthorizesTheConnectionThatSentIt() throws Exception {
        try (SocketzServer server = server(file("# ops\n\n" + hash("other") + hash(TOKEN)));
                LineClient admin = LineClient.greeted(server)) {
            assertThat(admin.ask("AUTH " + TOKEN)).isEqualTo("authorized");
            assertThat(admin.ask("auth other")).isEqualTo("authorized");
            assertThat(admin.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void withoutTokensAuthIsOffAndHelpSaysSo() throws Exception {
        try (SocketzServer server =
                        SocketzServer.builder().host("127.0.0.1").port(0).start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("AUTH x")).isEqualTo("error NOT_CONFIGURED expected a server with --admin-tokens");
            assertThat(client.ask("HELP AUTH")).isEqualTo("1 commands");
            assertThat(client.line()).endsWith("(off: the server has no --admin-tokens)");
        }
    }

    @Test
    void authWithoutATokenIsTold() throws Exception {
        try (SocketzServer server = server(file(hash(TOKEN)));
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("AUTH")).isEqualTo("error BAD_ARGUMENT expected AUTH token");
            assertThat(client.ask("AUTH a\u0001b")).startsWith("error BAD_ARGUMENT expected AUTH token");
            assertThat(client.ask("HELP AUTH")).isEqualTo("1 commands");
            assertThat(client.line()).endsWith("if the token is right");
        }
    }

    @Test
    void aWrongTokenHoldsUpWhoeverSentItAndNobodyElse() throws Exception {
        try (SocketzServer server = server(file(hash(TOKEN)), Duration.ofHours(1));
                LineClient guesser = LineClient.greeted(server);
                LineClient other = LineClient.greeted(server)) {
            guess(server, guesser, "WHY\n");
            for (int i = 0; i < 100; i++) {
                assertThat(other.ask("WHY")).isEqualTo("42");
            }
            assertThat(guesser.socket.getInputStream().available()).isZero();
        }
    }

    @Test
    void whatFollowsAWrongTokenIsAnsweredAfterIt() throws Exception {
        try (SocketzServer server = server(file(hash(TOKEN)));
                LineClient guesser = LineClient.greeted(server)) {
            guesser.send("AUTH x\nWHY\nAUTH " + TOKEN + "\n");
            guesser.expect(WRONG, "42", "authorized");
        }
    }

    @Test
    void byDefaultAWrongTokenTakesASecond() throws Exception {
        assertThat(new ServerOptions().wrongTokenNanos).isEqualTo(1_000_000_000);
    }

    @Test
    void theThirdWrongTokenEndsTheConnection() throws Exception {
        try (SocketzServer server = server(file(hash(TOKEN)))) {
            try (LineClient guesser = LineClient.greeted(server)) {
                guesser.send("AUTH 1\nAUTH 2\nAUTH 3\nAUTH " + TOKEN + "\nWHY\n");
                assertThat(guesser.rest()).isEqualTo(WRONG + "\n" + WRONG + "\nerror AUTH_FAILED 3 wrong tokens\n");
            }
            assertThat(events.next("closed")).endsWith(" AUTH_FAILED 3 wrong tokens");
            assertThat(server.closed(CloseReason.AUTH_FAILED)).isOne();
        }
    }

    /** One loop: it ends the delay of whoever guesses first, first. */
    @Test
    void aClientThatLeavesDuringTheDelayHarmsNobody() throws Exception {
        try (SocketzServer server = server(file(hash(TOKEN)), Duration.ofMillis(50));
                LineClient other = LineClient.greeted(server)) {
            LineClient guesser = LineClient.greeted(server);
            guess(server, guesser, "");
            guesser.reset();
            assertThat(other.ask("AUTH y")).isEqualTo(WRONG);
            assertThat(events.warnings()).isEmpty();
            assertThat(events.next("closed")).contains(" CONNECTION_RESET");
            assertThat(other.ask("WHO COUNT")).isEqualTo("connected clients: 1");
        }
    }

    @Test
    void aClientThatIsDisconnectedDuringTheDelayHarmsNobody() throws Exception {
        try (SocketzServer server = server(file(hash(TOKEN)), Duration.ofMillis(50));
                LineClient other = LineClient.greeted(server);
                LineClient guesser = LineClient.greeted(server)) {
            guess(server, guesser, "");
            server.connection(server.member().id() + "/2").orElseThrow().close("bye");
            assertThat(guesser.rest()).endsWith("error CLOSED_BY_SERVER bye\n");
            assertThat(other.ask("AUTH y")).isEqualTo(WRONG);
            assertThat(events.warnings()).isEmpty();
        }
    }

    @Test
    void theFileIsReadAgainWhenItChanges() throws Exception {
        try (SocketzServer server = server(file(hash("first")));
                LineClient admin = LineClient.greeted(server);
                LineClient another = LineClient.greeted(server)) {
            assertThat(admin.ask("AUTH first")).isEqualTo("authorized");
            file(hash("other"));
            assertThat(admin.ask("AUTH other")).isEqualTo("authorized");
            assertThat(another.ask("AUTH first")).isEqualTo(WRONG);
        }
    }

    @Test
    void aFileThatHasBecomeUnusableAdmitsNobodyAndIsReportedOnce() throws Exception {
        Path file = file(hash(TOKEN));
        try (SocketzServer server = server(file);
                LineClient client = LineClient.greeted(server)) {
            file(TOKEN + "\n");
            assertThat(client.ask("AUTH " + TOKEN)).isEqualTo(WRONG);
            assertThat(client.ask("AUTH " + TOKEN)).isEqualTo(WRONG);
            assertThat(events.warnings())
                    .containsExactly("--admin-tokens: nobody is admitted: " + file
                            + ": line 1 does not begin with a SHA-256 of 64 hexadecimal digits");
            file(hash(TOKEN));
            assertThat(client.ask("AUTH " + TOKEN)).isEqualTo("authorized");
        }
    }

    @Test
    void aServerDoesNotStartWithAFileThatItCannotUse() throws Exception {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> server(missing))
                .isInstanceOf(AdminTokensException.class)
                .hasMessage(missing + ": no such file");
        assertThatThrownBy(() -> server(folder)).hasMessage(folder + ": is not a regular file");
        Path bad = file("# one\n" + TOKEN + "\n");
        assertThatThrownBy(() -> server(bad))
                .hasMessage(bad + ": line 2 does not begin with a SHA-256 of 64 hexadecimal digits");
        Path large = file("#".repeat(70_000));
        assertThatThrownBy(() -> server(large)).hasMessage(large + ": is longer than 65536 bytes");
    }
}
