package io.socketz.protocol.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.Splits;
import io.socketz.protocol.request.BuiltInCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyDecoderTest {
    private static final Reply GREETING = new Reply.Greeting(BuiltInCommands.TABLE.usage());
    private static final Reply ANSWER = new Reply.Answer();
    private static final Reply INVALID = new Reply.InvalidCommand(BuiltInCommands.TABLE.usage());
    private static final Reply SERVER = new Reply.ServerId(UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a"));
    private static final Reply TOO_LONG = new Reply.Failure("LINE_TOO_LONG", "max 1024 bytes");

    @Test
    void eachKindOfLineIsDecodedAsItsReply() {
        assertThat(replies("use 'WHY', 'WHO', 'WHERE', 'QUIT'\n")).containsExactly(GREETING);
        assertThat(replies("42\n")).containsExactly(ANSWER);
        assertThat(replies("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a\n")).containsExactly(SERVER);
        assertThat(replies("invalid command: use 'WHY', 'WHO', 'WHERE', 'QUIT'\n"))
                .containsExactly(INVALID);
        assertThat(replies("error LINE_TOO_LONG max 1024 bytes\n")).containsExactly(TOO_LONG);
    }

    @Test
    void aListContainsEveryClient() {
        assertThat(replies("client list: {}\nconnected clients: 0\n")).containsExactly(list());
        assertThat(replies("client list: {'127.0.0.1:50814'}\nconnected clients: 1\n"))
                .containsExactly(list("127.0.0.1:50814"));
        assertThat(replies("client list: {'127.0.0.1:50814', '127.0.0.1:50812'}\nconnected clients: 2\n"))
                .containsExactly(list("127.0.0.1:50814", "127.0.0.1:50812"));
        assertThat(replies("client list: {'[2001:db8::1]:50814', '[::1]:1'}\nconnected clients: 2\n"))
                .containsExactly(list("[2001:db8::1]:50814", "[::1]:1"));
    }

    @Test
    void aListIsReportedOnlyAfterItsCount() {
        assertThat(replies("client list: {'127.0.0.1:50814'}\n")).isEmpty();
        assertThat(replies("42\nclient list: {'127.0.0.1:50814'}\nconnected clients: 1"))
                .containsExactly(ANSWER);
    }

    @Test
    void theRepliesOfASessionAreDecodedInOrder() {
        String session = """
                use 'WHY', 'WHO', 'WHERE', 'QUIT'
                42
                client list: {'127.0.0.1:50814'}
                connected clients: 1
                42
                client list: {}
                connected clients: 0
                invalid command: use 'WHY', 'WHO', 'WHERE', 'QUIT'
                08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a
                error LINE_TOO_LONG max 1024 bytes
                42
                4""";
        assertThat(replies(session))
                .containsExactly(
                        GREETING, ANSWER, list("127.0.0.1:50814"), ANSWER, list(), INVALID, SERVER, TOO_LONG, ANSWER);
    }

    @Test
    void theFreshnessAfterAListIsASeparateReply() {
        String pipelined = """
                client list: {'127.0.0.1:50814'}
                connected clients: 1
                fresh at revision 1842
                client list: {}
                connected clients: 0
                client list: {}
                connected clients: 0
                stale by 12.3 s at revision 0
                42
                """;
        assertThat(replies(pipelined))
                .containsExactly(
                        list("127.0.0.1:50814"),
                        new Reply.Fresh(1842),
                        list(),
                        list(),
                        new Reply.Stale(Duration.ofMillis(12_300), 0),
                        ANSWER);
    }

    @Test
    void aLineCanEndWithCrlf() {
        assertThat(replies("42\r\nclient list: {'127.0.0.1:1'}\r\nconnected clients: 1\r\n"))
                .containsExactly(ANSWER, list("127.0.0.1:1"));
    }

    /** New commands are a compatible addition to the protocol. */
    @Test
    void aNewerServerCanHaveMoreCommands() {
        assertThat(replies("use 'WHY', 'HELP'\n")).containsExactly(new Reply.Greeting("use 'WHY', 'HELP'"));
        assertThat(replies("invalid command: use 'WHY', 'HELP'\n"))
                .containsExactly(new Reply.InvalidCommand("use 'WHY', 'HELP'"));
    }

    @Test
    void aFailureHasACodeAndAText() {
        assertThat(replies("error IDLE_TIMEOUT nothing was sent \u2026 \n"))
                .containsExactly(new Reply.Failure("IDLE_TIMEOUT", "nothing was sent \u2026 "));
        assertThat(replies("error SERVER_STOPPING\n")).containsExactly(new Reply.Failure("SERVER_STOPPING", ""));
    }

    @Test
    void everyReplyThatIsWrittenIsReadBack() {
        List<Reply> replies = List.of(
                GREETING,
                ANSWER,
                SERVER,
                new Reply.ServerId(new UUID(0, 0)),
                new Reply.ServerId(new UUID(-1, -1)),
                INVALID,
                TOO_LONG,
                new Reply.Failure("A_1", "x  y "),
                new Reply.Line("PONG x  y "),
                list(),
                list("127.0.0.1:50814"),
                new Reply.ClientList(ReplyTest.clients(12)),
                new Reply.Fresh(0),
                new Reply.Fresh(Long.MAX_VALUE),
                new Reply.Stale(Duration.ZERO, 0),
                new Reply.Stale(Duration.ofNanos(Long.MAX_VALUE), Long.MAX_VALUE),
                new Reply.Stale(Duration.ofSeconds(Long.MAX_VALUE), 1));
        StringBuilder session = new StringBuilder();
        for (Reply reply : replies) {
            String sent = new String(reply.toBytes(), UTF_8);
            assertThat(replies(sent)).containsExactly(reply);
            session.append(sent);
        }
        assertThat(replies(session.toString())).isEqualTo(replies);
    }

    @Test
    void aListOfTenThousandClientsIsReadInPiecesOfAnySize() {
        Reply reply = new Reply.ClientList(ReplyTest.clients(10_000));
        byte[] bytes = reply.toBytes();
        for (int size : new int[] {1, 7, 1_448, 16_384, bytes.length - 1, bytes.length}) {
            assertThat(decode(bytes, Splits.every(size, bytes.length), ReplyDecoder.DEFAULT_MAX_LINE_LENGTH))
                    .containsExactly(reply);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4",
                "43",
                "042",
                " 42",
                "4\u00b2",
                "WHY",
                "use",
                "Use 'WHY'",
                "invalid command",
                "error",
                "ERROR X y",
                "08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2",
                "08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a0",
                "08483048-5A1C-4B6E-9D6E-0D9B0D6C1F2A",
                "084830485a1c4b6e9d6e0d9b0d6c1f2a",
                "8483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a",
                "1-1-1-1-1",
                "g8483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a",
                "fresh",
                "fresh  at revision 1",
                "Fresh at revision 1",
                "fresh by 1.0 s at revision 1",
                "stale",
                "stale at revision 1",
                "connected clients: 01",
                "connected clients: -1",
                "id=1",
                "id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17",
                "client list: ",
                "client list:{}",
                "client list {}",
                "PONG",
                "PONG hello, w\u00f6rld",
            })
    void anyOtherPrintableLineIsAPlainLine(String line) {
        assertThat(replies(line + "\n42\n")).containsExactly(new Reply.Line(line), ANSWER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "42 ",
                "42\0",
                "fresh at revision ",
                "fresh at revision -1",
                "fresh at revision +1",
                "fresh at revision 01",
                "fresh at revision 1 ",
                "fresh at revision 1.0",
                "fresh at revision 9223372036854775808",
                "fresh at revision \u0661",
                "stale by 1 s at revision 1",
                "stale by 1. s at revision 1",
                "stale by .1 s at revision 1",
                "stale by 1.00 s at revision 1",
                "stale by 01.0 s at revision 1",
                "stale by -1.0 s at revision 1",
                "stale by 1,0 s at revision 1",
                "stale by 1.0s at revision 1",
                "stale by 1.0 s at revision ",
                "stale by 1.0 s at revision 01",
                "stale by 1.0 s",
                "stale by 9223372036854775808.0 s at revision 1",
                "stale by 1.0 s at revision 9223372036854775808",
                "client list: {",
                "client list: {'127.0.0.1:1'",
                "client list: {'127.0.0.1:1}",
                "client list: {'127.0.0.1:1}'",
                "client list: {127.0.0.1:1'}",
                "client list: {127.0.0.1:1}",
                "client list: {'}",
                "client list: { }",
                "client list: {'127.0.0.1:1',}",
                "client list: {'127.0.0.1:1', }",
                "client list: {'127.0.0.1:1', '}",
                "client list: {, '127.0.0.1:1'}",
                "client list: {'127.0.0.1:1','127.0.0.1:2'}",
                "client list: {'127.0.0.1:1' '127.0.0.1:2'}",
                "client list: {'127.0.0.1:1'; '127.0.0.1:2'}",
                "client list: {'127.0.0.1:1'}}",
                "client list: {'127.0.0.1:1'} ",
                "client list: {{'127.0.0.1:1'}}",
                "02 clients",
                "2 ",
                "2 Clients",
                "2 [",
                "99999999999999999999 clients",
                "1000001 lines",
                "event 1843 join id=x",
                "a\tb",
            })
    void aLineThatIsNotAReplyIsRefused(String line) {
        mustBeMalformed(line + "\n");
        mustBeMalformed("42\n" + line + "\n42\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client list: {'127.0.0.1:1'}\nconnected clients: 0\n",
                "client list: {'127.0.0.1:1'}\nconnected clients: 2\n",
                "client list: {'127.0.0.1:1'}\nconnected clients: 11\n",
                "client list: {'127.0.0.1:1'}\nconnected clients: 01\n",
                "client list: {'127.0.0.1:1'}\nconnected clients: -1\n",
                "client list: {'127.0.0.1:1'}\nconnected clients: 1 \n",
                "client list: {'127.0.0.1:1'}\nconnected clients: \n",
                "client list: {'127.0.0.1:1'}\nconnected clients:1\n",
                "client list: {'127.0.0.1:1'}\n1\n",
                "client list: {'127.0.0.1:1'}\n42\n",
                "client list: {'127.0.0.1:1'}\n\n",
                "client list: {'127.0.0.1:1'}\nclient list: {'127.0.0.1:1'}\n",
                "client list: {}\nconnected clients: 1\n",
                "client list: {}\nerror X y\n",
                "client list: {}\nfresh at revision 1\n",
            })
    void aListWithoutItsCountIsRefused(String text) {
        mustBeMalformed(text);
    }

    @Test
    void anErrorExplainsWhatIsWrongWithoutQuotingTheInput() {
        assertThatThrownBy(() -> replies("SECRET\t\n")).hasMessage("a line of 7 characters that is no reply");
        assertThatThrownBy(() -> replies("fresh at revision SECRET\n"))
                .hasMessage("a line about freshness that has another form");
        assertThatThrownBy(() -> replies("client list: {'SECRET'\n")).hasMessage("a client list without its end");
        assertThatThrownBy(() -> replies("client list: {SECRET}\n")).hasMessage("a client list without a quote at 14");
        assertThatThrownBy(() -> replies("client list: {'SECRET'SECRET}\n"))
                .hasMessage("a client list without a separator at 22");
        assertThatThrownBy(() -> replies("client list: {'SECRET'}\nSECRET\n"))
                .hasMessage("a client list of 1 is not followed by that number");
    }

    @Test
    void aLineOverTheLimitIsRefusedAtTheFirstByteThatExceedsIt() {
        byte[] greeting = GREETING.toBytes();
        int length = greeting.length - 1;
        Splits.of(greeting.length)
                .forEach(ends -> assertThat(decode(greeting, ends, length)).containsExactly(GREETING));
        byte[] withoutEnd = Arrays.copyOf(greeting, length);
        Splits.of(length)
                .forEach(ends -> assertThatThrownBy(() -> decode(withoutEnd, ends, length - 1))
                        .isInstanceOf(MalformedReplyException.class)
                        .hasMessage("a line that is too long"));
    }

    private static Reply list(String... clients) {
        return new Reply.ClientList(List.of(clients));
    }

    /** Decodes the bytes in one piece, split at every position and byte by byte; checks that all results are equal. */
    private static List<Reply> replies(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        List<Reply> whole = decode(bytes, Splits.whole(bytes.length), 1_000);
        Splits.of(bytes.length)
                .forEach(ends -> assertThat(decode(bytes, ends, 1_000))
                        .as("in pieces that end at %s", Arrays.toString(ends))
                        .isEqualTo(whole));
        return whole;
    }

    @ParameterizedTest
    @ValueSource(strings = {"error \n", "error  x\n", "error foo bar\n", "client list: {''}\nconnected clients: 1\n"})
    void anErrorWithoutACodeAndAClientWithoutAnAddressAreMalformed(String text) {
        mustBeMalformed(text);
    }

    @Test
    void aListenerThatThrowsDoesNotCorruptLaterReplies() {
        List<Reply> replies = new ArrayList<>();
        ReplyDecoder decoder = new ReplyDecoder(1_000, reply -> {
            replies.add(reply);
            if (reply instanceof Reply.ClientList) {
                throw new IllegalStateException("as planned");
            }
        });
        byte[] who = list("10.0.0.1:1").toBytes();
        assertThatThrownBy(() -> decoder.decode(who, 0, who.length)).hasMessage("as planned");
        byte[] why = new Reply.Answer().toBytes();
        decoder.decode(why, 0, why.length);
        assertThat(replies).containsExactly(list("10.0.0.1:1"), new Reply.Answer());
    }

    /** Only a client list can be megabytes long, so any other line is refused early. */
    @Test
    void aLineThatIsNotAClientListHasASmallLimit() {
        String limit = "error A " + "x".repeat(Reply.MAX_LINE_BYTES - 8);
        byte[] longest = (limit + "\n").getBytes(UTF_8);
        assertThat(decode(longest, new int[] {longest.length}, ReplyDecoder.DEFAULT_MAX_LINE_LENGTH))
                .hasSize(1);
        for (String text : List.of(limit + "x\n", limit + "x", "use " + "x".repeat(1_021), "client list: " + limit)) {
            byte[] bytes = text.getBytes(UTF_8);
            for (int[] ends : List.of(new int[] {bytes.length}, new int[] {10, bytes.length})) {
                assertThatThrownBy(() -> decode(bytes, ends, ReplyDecoder.DEFAULT_MAX_LINE_LENGTH))
                        .isInstanceOf(MalformedReplyException.class)
                        .hasMessage("a line of more than 1024 bytes, and no list of clients");
            }
        }
    }

    @Test
    void aLongListIsRefusedWhereListsAreNotAccepted() {
        byte[] who = new Reply.ClientList(Collections.nCopies(1_000, "10.0.0.1:50812")).toBytes();
        List<Reply> replies = new ArrayList<>();
        ReplyDecoder decoder = new ReplyDecoder(ReplyDecoder.DEFAULT_MAX_LINE_LENGTH, replies::add);
        decoder.decode(who, 0, 2_000);
        decoder.decode(who, 2_000, who.length);
        assertThat(replies).hasSize(1);
        decoder.acceptLists(false);
        assertThatThrownBy(() -> decoder.decode(who, 0, 2_000)).isInstanceOf(MalformedReplyException.class);
    }

    private static void mustBeMalformed(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        Splits.of(bytes.length)
                .forEach(ends -> assertThatThrownBy(() -> decode(bytes, ends, 1_000))
                        .as("in pieces that end at %s", Arrays.toString(ends))
                        .isInstanceOf(MalformedReplyException.class));
    }

    private static List<Reply> decode(byte[] bytes, int[] ends, int maxLineLength) {
        List<Reply> replies = new ArrayList<>();
        ReplyDecoder decoder = new ReplyDecoder(maxLineLength, replies::add);
        Splits.feed(bytes, ends, decoder::decode);
        return replies;
    }
}
