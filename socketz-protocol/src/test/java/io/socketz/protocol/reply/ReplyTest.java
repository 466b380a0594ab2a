package io.socketz.protocol.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.request.BuiltInCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The frozen formats, byte for byte. */
class ReplyTest {
    @Test
    void theGreetingListsTheCommands() {
        assertThat(sent(new Reply.Greeting(BuiltInCommands.TABLE.usage())))
                .isEqualTo("use 'WHY', 'WHO', 'WHERE', 'QUIT'\n");
    }

    @Test
    void theReplyToWhyIs42() {
        assertThat(sent(new Reply.Answer())).isEqualTo("42\n");
    }

    @Test
    void theReplyToWhereIsTheUuidInLowerCase() {
        UUID id = UUID.fromString("08483048-5A1C-4B6E-9D6E-0D9B0D6C1F2A");
        assertThat(sent(new Reply.ServerId(id))).isEqualTo("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a\n");
    }

    @Test
    void theReplyToAnInvalidCommandListsTheValidOnesWithoutQuotingIt() {
        assertThat(sent(new Reply.InvalidCommand(BuiltInCommands.TABLE.usage())))
                .isEqualTo("invalid command: use 'WHY', 'WHO', 'WHERE', 'QUIT'\n");
    }

    @Test
    void theReplyToALineThatIsTooLongNamesTheLimit() {
        assertThat(sent(Reply.Failure.lineTooLong(1024))).isEqualTo("error LINE_TOO_LONG max 1024 bytes\n");
        assertThat(sent(Reply.Failure.lineTooLong(80))).isEqualTo("error LINE_TOO_LONG max 80 bytes\n");
    }

    @Test
    void aFailureIsWrittenAsItsCodeAndItsTextInUtf8() {
        assertThat(sent(new Reply.Failure("IDLE_TIMEOUT", "nothing was sent \u2026")))
                .isEqualTo("error IDLE_TIMEOUT nothing was sent \u2026\n");
        assertThat(new Reply.Failure("X", "\u2026").toBytes())
                .containsExactly('e', 'r', 'r', 'o', 'r', ' ', 'X', ' ', 0xe2, 0x80, 0xa6, '\n');
    }

    /** Otherwise a client would wait for more lines or close the connection. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "a\nb", "a\tb", "\u0085", "2 clients of 2 at revision 7", "event 1 join", "client list: {}"})
    void aLineThatAClientCannotReadAsOneReplyIsRefused(String line) {
        assertThatThrownBy(() -> new Reply.Line(line)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLineIsNoLongerThanAClientAccepts() {
        String longest = "\u00e9".repeat(Reply.MAX_LINE_BYTES / 2);
        assertThat(new Reply.Line(longest).toBytes()).hasSize(Reply.MAX_LINE_BYTES + 1);
        assertThatThrownBy(() -> new Reply.Line(longest + "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theReplyToWhoIsTheListAndThenTheCount() {
        assertThat(who("127.0.0.1:50814", "127.0.0.1:50812"))
                .isEqualTo("client list: {'127.0.0.1:50814', '127.0.0.1:50812'}\nconnected clients: 2\n");
    }

    @Test
    void aListOfOneClientHasNoSeparator() {
        assertThat(who("127.0.0.1:50814")).isEqualTo("client list: {'127.0.0.1:50814'}\nconnected clients: 1\n");
    }

    @Test
    void aListWithoutClientsIsEmpty() {
        assertThat(who()).isEqualTo("client list: {}\nconnected clients: 0\n");
    }

    @Test
    void aListPutsIpv6AddressesInBrackets() {
        assertThat(who("[2001:db8::1]:50814", "127.0.0.1:50812", "[::1]:1")).isEqualTo("""
                        client list: {'[2001:db8::1]:50814', '127.0.0.1:50812', '[::1]:1'}
                        connected clients: 3
                        """);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 10, 11, 99, 100, 10_000})
    void aListKeepsTheOrderOfItsClients(int count) {
        List<String> clients = clients(count);
        String quoted = clients.stream().map(client -> "'" + client + "'").collect(Collectors.joining(", "));
        assertThat(who(clients.toArray(String[]::new)))
                .isEqualTo("client list: {" + quoted + "}\nconnected clients: " + count + "\n");
    }

    /** Addresses of different lengths, unsorted. */
    static List<String> clients(int count) {
        List<String> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(
                    i % 3 == 0
                            ? "[2001:db8::" + Integer.toHexString(i + 1) + "]:" + (65_535 - i)
                            : "10." + i % 7 + "." + i / 256 + "." + i % 256 + ":" + (i + 1));
        }
        return clients;
    }

    private static String who(String... clients) {
        return sent(new Reply.ClientList(List.of(clients)));
    }

    private static String sent(Reply reply) {
        return new String(reply.toBytes(), UTF_8);
    }
}
