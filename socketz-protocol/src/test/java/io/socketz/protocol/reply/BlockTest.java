package io.socketz.protocol.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.Splits;
import io.socketz.protocol.name.ClientId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks and records, written byte for byte and read back in pieces. */
class BlockTest {
    private static final UUID SERVER = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");
    private static final Instant SINCE = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final ClientRecord FULL = new ClientRecord(
            new ClientId(SERVER, 17),
            "203.0.113.7:50814",
            Optional.of("10.0.0.2:40022"),
            "server01",
            SINCE,
            Optional.of("web-7"));
    private static final ClientRecord BARE = new ClientRecord(
            new ClientId(SERVER, 18), "[::1]:50814", Optional.empty(), "server01", SINCE, Optional.empty());
    private static final String FULL_LINE = "id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17 addr=203.0.113.7:50814"
            + " via=10.0.0.2:40022 server=server01 since=2026-01-31T12:00:00.123Z name=web-7\n";
    private static final String BARE_LINE = "id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/18 addr=[::1]:50814"
            + " server=server01 since=2026-01-31T12:00:00.123Z\n";

    @Test
    void aClientIsARecord() {
        mustBe(FULL, FULL_LINE);
        mustBe(BARE, BARE_LINE);
    }

    @Test
    void theCountOfClientsIsALine() {
        mustBe(new ClientCount(0), "connected clients: 0\n");
        mustBe(new ClientCount(75_005), "connected clients: 75005\n");
        assertThatThrownBy(() -> new ClientCount(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void howManyWereKickedIsALine() {
        mustBe(new Kicked(3, 1_842), "kicked 3 at revision 1842\n");
        mustBe(new Kicked(0, 0), "kicked 0 at revision 0\n");
        assertThat(replies("kicked 03 at revision 1\nkicked it\n"))
                .containsExactly(new Reply.Line("kicked 03 at revision 1"), new Reply.Line("kicked it"));
        assertThatThrownBy(() -> new Kicked(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Kicked(1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAuditIsARecord() {
        mustBe(
                new AuditRecord(0, 0, 3, 1, 75_000, 1_842, "server01"),
                "missing=0 ghosts=0 repaired=3 pending=1 clients=75000 revision=1842 server=server01\n");
        assertThatThrownBy(() -> new AuditRecord(0, 0, -1, 0, 0, 0, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientsAreABlockWithTheTotalAndTheRevision() {
        mustBe(
                new Block.Clients(List.of(FULL, BARE), 75_005, 1_842, Optional.empty()),
                "2 clients of 75005 at revision 1842\n" + FULL_LINE + BARE_LINE);
        mustBe(new Block.Clients(List.of(), 0, 0, Optional.empty()), "0 clients of 0 at revision 0\n");
        mustBe(
                new Block.Clients(List.of(BARE), 2, 1_842, Optional.of(new Reply.Fresh(1_842))),
                "1 clients of 2 at revision 1842 fresh\n" + BARE_LINE);
        mustBe(
                new Block.Clients(List.of(), 2, 1_842, Optional.of(new Reply.Stale(Duration.ofMillis(12_300), 1_842))),
                "0 clients of 2 at revision 1842 stale by 12.3 s\n");
    }

    @Test
    void aBlockOfClientsCannotSayTheFreshnessOfAnotherRevision() {
        assertThatThrownBy(() -> new Block.Clients(List.of(), 0, 1, Optional.of(new Reply.Fresh(2))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Block.Clients(List.of(), -1, 1, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Block.Servers(List.of(), -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void serversAreABlock() {
        mustBe(
                new Block.Servers(List.of(new ServerRecord(SERVER, "server01", "10.0.0.11:5151", 17, SINCE)), 1_842),
                """
                1 servers at revision 1842
                id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a name=server01 addr=10.0.0.11:5151 clients=17 \
                since=2026-01-31T12:00:00.123Z
                """);
    }

    @Test
    void departuresAreABlockWithReasons() {
        Instant left = Instant.parse("2026-01-31T12:01:00Z");
        mustBe(
                new Block.Departures(
                        List.of(
                                new DepartureRecord(
                                        new ClientId(SERVER, 17),
                                        "203.0.113.7:50814",
                                        "server01",
                                        SINCE,
                                        left,
                                        "CLIENT_QUIT",
                                        Optional.of("web-7")),
                                new DepartureRecord(
                                        new ClientId(SERVER, 18),
                                        "[::1]:1",
                                        "server01",
                                        SINCE,
                                        left,
                                        "SERVER_LOST",
                                        Optional.empty())),
                        7),
                """
                2 departures at revision 7
                id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17 addr=203.0.113.7:50814 server=server01 \
                since=2026-01-31T12:00:00.123Z left=2026-01-31T12:01:00Z reason=CLIENT_QUIT name=web-7
                id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/18 addr=[::1]:1 server=server01 \
                since=2026-01-31T12:00:00.123Z left=2026-01-31T12:01:00Z reason=SERVER_LOST
                """);
    }

    @Test
    void commandsAreABlock() {
        mustBe(
                new Block.Commands(List.of(
                        new CommandRecord("WHO", "all clients - of all servers"),
                        new CommandRecord("PING [text]", ""))),
                "2 commands\nWHO - all clients - of all servers\nPING [text] - \n");
        assertThatThrownBy(() -> new CommandRecord("A - B", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CommandRecord("", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CommandRecord("A", "x\n")).isInstanceOf(IllegalArgumentException.class);
    }

    /** A reader that has never heard of the verb knows where the reply ends, whatever its lines look like. */
    @Test
    void anyOtherBlockIsReadAsItsLines() {
        mustBe(
                new Block.Lines("things of 3 \u2026", List.of(new LineRecord("42"), new LineRecord(""))),
                "2 things of 3 \u2026\n42\n\n");
        mustBe(new Block.Lines("things", List.of()), "0 things\n");
        String looksLikeReplies = """
                4 lines
                client list: {'127.0.0.1:1'}
                error X y
                3 servers at revision 1
                event 1 join id=x
                42
                """;
        assertThat(replies(looksLikeReplies))
                .containsExactly(
                        new Block.Lines(
                                "lines",
                                List.of(
                                        new LineRecord("client list: {'127.0.0.1:1'}"),
                                        new LineRecord("error X y"),
                                        new LineRecord("3 servers at revision 1"),
                                        new LineRecord("event 1 join id=x"))),
                        new Reply.Answer());
        for (String title : new String[] {"", " x", "Things", "2 things", "a\nb", "x".repeat(1_024)}) {
            assertThatThrownBy(() -> new Block.Lines(title, List.of())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void fieldsThatAReaderDoesNotKnowAreSkipped() {
        assertThat(replies("id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/18 new=1=2 addr=[::1]:50814 empty= server=server01"
                        + " since=2026-01-31T12:00:00.123Z x_9=\u2026\n"))
                .containsExactly(BARE);
    }

    /** A foreign server's name may be anything, and must not break the line. */
    @Test
    void aValueIsMadeFitToBeReadBack() {
        ServerRecord hostile = new ServerRecord(SERVER, "a b\n'\"\t\u00a0\u2028\ud800\u00e9=", "", 0, SINCE);
        assertThat(hostile.line()).contains(" name=a?b???????\u00e9= addr= clients=0 ");
        String face = "\ud83d\ude00";
        ServerRecord longest = new ServerRecord(SERVER, face.repeat(40), "x".repeat(200), Long.MAX_VALUE, SINCE);
        assertThat(longest.line())
                .contains(" name=" + face.repeat(32) + " addr=" + "x".repeat(64) + " clients=9223372036854775807 ");
        for (ReplyRecord record : List.of(
                new ClientRecord(
                        new ClientId(SERVER, Long.MAX_VALUE),
                        "\u2603".repeat(99),
                        Optional.of("\u2603".repeat(99)),
                        "\u2603".repeat(99),
                        Instant.MAX,
                        Optional.of("\u2603".repeat(99))),
                new DepartureRecord(
                        new ClientId(SERVER, Long.MAX_VALUE),
                        "\u2603".repeat(99),
                        "\u2603".repeat(99),
                        Instant.MAX,
                        Instant.MAX,
                        "\u2603".repeat(99),
                        Optional.of("\u2603".repeat(99))))) {
            assertThat(record.line().getBytes(UTF_8)).hasSizeLessThanOrEqualTo(Reply.MAX_LINE_BYTES);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 servers at revision 1\n\n",
                "1 servers at revision 1\n42\n",
                "1 servers at revision 1\nid=1\n",
                "1 servers at revision 1\nid=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a name=a addr=b clients=-1 since=2026-01-31T12:00:00Z\n",
                "1 servers at revision 1\nid=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a name=a addr=b clients=1 since=today\n",
                "1 servers at revision 1\nid=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a name=a  addr=b clients=1 since=2026-01-31T12:00:00Z\n",
                "1 servers at revision 1\nid=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a name=' addr=b clients=1 since=2026-01-31T12:00:00Z\n",
                "1 servers at revision 1\nid=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a name=a name=a addr=b clients=1 since=2026-01-31T12:00:00Z\n",
                "1 servers at revision 99999999999999999999\n",
                "1 clients of 99999999999999999999 at revision 1\n",
                "0 clients of 1 at revision 1 stale by soon\n",
                "1 commands\nWHO\n",
                "1 commands\n - x\n",
                "1 lines\na\tb\n",
                "1 departures at revision 1\nid=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/0\n",
            })
    void aBlockWithALineOfAnotherFormIsRefused(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        Splits.of(bytes.length)
                .forEach(ends -> assertThatThrownBy(() -> decode(bytes, ends, 10_000))
                        .isInstanceOf(MalformedReplyException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000001 clients of 2 at revision 1\n", "1000000000 lines\n", "4294967297 commands\n"})
    void aBlockOfTooManyLinesIsRefusedAtItsFirstLine(String header) {
        byte[] bytes = header.getBytes(UTF_8);
        assertThatThrownBy(() -> decode(bytes, Splits.whole(bytes.length), 10_000))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessage("a block of more than 1000000 lines");
    }

    @Test
    void aBlockOfTooManyBytesIsRefusedWhenItExceedsThem() {
        String line = "x".repeat(99) + "\n";
        assertThat(decode(("100 lines\n" + line.repeat(100)).getBytes(UTF_8), 10_000))
                .hasSize(1);
        assertThatThrownBy(() -> decode(("1000000 lines\n" + line.repeat(101)).getBytes(UTF_8), 10_000))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessage("a block of more than 10000 bytes");
    }

    @Test
    void aLineOfABlockIsShortEvenIfItBeginsLikeAListOfClients() {
        byte[] bytes = ("1 lines\nclient list: {" + "x".repeat(1_024)).getBytes(UTF_8);
        for (int[] ends : List.of(Splits.whole(bytes.length), new int[] {10, bytes.length})) {
            assertThatThrownBy(() -> decode(bytes, ends, 10_000))
                    .isInstanceOf(MalformedReplyException.class)
                    .hasMessage("a line of more than 1024 bytes, and no list of clients");
        }
    }

    @Test
    void aBlockIsRefusedWhereNoLongReplyIsAccepted() {
        ReplyDecoder decoder = new ReplyDecoder(10_000, reply -> {});
        decoder.acceptLists(false);
        byte[] bytes = "1 lines\n".getBytes(UTF_8);
        assertThatThrownBy(() -> decoder.decode(bytes, 0, bytes.length))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessage("a block that nobody asked for");
    }

    /** A server hands in a list that makes each record when it is asked, once. */
    @Test
    void aBlockOfTenThousandIsWrittenFromALazyList() {
        List<Integer> made = new ArrayList<>();
        IntFunction<ClientRecord> maker = i -> {
            made.add(i);
            return new ClientRecord(
                    new ClientId(SERVER, i + 1), "10.0.0.1:" + i, Optional.empty(), "s", SINCE, Optional.empty());
        };
        List<ClientRecord> lazy = new java.util.AbstractList<>() {
            @Override
            public ClientRecord get(int index) {
                return maker.apply(index);
            }

            @Override
            public int size() {
                return 10_000;
            }
        };
        byte[] bytes = new Block.Clients(lazy, 10_000, 1, Optional.empty()).toBytes();
        assertThat(made).hasSize(10_000);
        List<Reply> read = decode(bytes, Splits.every(1_448, bytes.length), ReplyDecoder.DEFAULT_MAX_LINE_LENGTH);
        assertThat(read)
                .containsExactly(new Block.Clients(
                        IntStream.range(0, 10_000).mapToObj(maker).toList(), 10_000, 1, Optional.empty()));
    }

    @Test
    void blocksOfRandomRecordsAreReadBackInRandomPieces() {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            List<Reply> sent = new ArrayList<>();
            StringBuilder session = new StringBuilder();
            for (int n = random.nextInt(4); n >= 0; n--) {
                Reply reply = random(random);
                sent.add(reply);
                session.append(new String(reply.toBytes(), UTF_8));
            }
            byte[] bytes = session.toString().getBytes(UTF_8);
            int[] ends = Splits.random(random, 8, bytes.length);
            assertThat(decode(bytes, ends, 100_000))
                    .as("-Dsocketz.seed=%d, input %d split at %s", seed, i, Arrays.toString(ends))
                    .isEqualTo(sent);
        }
    }

    /** Whatever a peer sends, only one exception may come of it, for callers close the connection after that one. */
    @Test
    void damagedBlocksAreReadOrMalformedAndNothingElse() {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        Random random = new Random(seed);
        String session = "2 clients of 75005 at revision 1842 stale by 12.3 s\n" + FULL_LINE + BARE_LINE
                + "1 servers at revision 7\nid=" + SERVER + " name=s addr=a:1 clients=17 since=2026-01-31T12:00:00Z\n"
                + "1 departures at revision 7\n" + BARE_LINE.strip() + " left=2026-01-31T12:00:00Z reason=X\n"
                + "1 commands\nWHY - why\n1 things\nx\nconnected clients: 3\n" + FULL_LINE;
        int malformed = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = session.getBytes(UTF_8);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) "\n =0-9/.: az'".charAt(random.nextInt(13));
            }
            try {
                decode(bytes, Splits.random(random, 4, bytes.length), 10_000);
            } catch (MalformedReplyException e) {
                malformed++;
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "-Dsocketz.seed=" + seed + ", input " + i + ": " + new String(bytes, UTF_8), e);
            }
        }
        assertThat(malformed).as("-Dsocketz.seed=%d", seed).isBetween(2_000, 19_000);
    }

    private static Reply random(Random random) {
        List<ClientRecord> clients = new ArrayList<>();
        List<LineRecord> lines = new ArrayList<>();
        for (int n = random.nextInt(5); n > 0; n--) {
            clients.add(new ClientRecord(
                    new ClientId(new UUID(random.nextLong(), random.nextLong()), 1 + random.nextInt(1_000)),
                    value(random),
                    random.nextBoolean() ? Optional.of(value(random)) : Optional.empty(),
                    value(random),
                    Instant.ofEpochMilli(random.nextInt()),
                    random.nextBoolean() ? Optional.of(value(random)) : Optional.empty()));
            lines.add(new LineRecord(value(random)));
        }
        return switch (random.nextInt(5)) {
            case 3 -> new AuditRecord(0, 1, random.nextInt(10), 0, 2, random.nextInt(1_000), value(random));
            case 0 -> new Block.Lines("lines " + value(random), lines);
            case 1 -> new Reply.Answer();
            case 2 -> new ClientCount(random.nextInt(10));
            default ->
                new Block.Clients(
                        clients,
                        random.nextInt(1_000),
                        5,
                        random.nextBoolean() ? Optional.of(new Reply.Fresh(5)) : Optional.empty());
        };
    }

    private static String value(Random random) {
        StringBuilder value = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            value.appendCodePoint(
                    random.nextInt(8) == 0 ? 0x1f600 : "az=/*:\u00e9\u2026".codePointAt(random.nextInt(8)));
        }
        return value.toString();
    }

    /** Checks that {@code reply} is written as {@code text} and read back from it, split anywhere. */
    private static void mustBe(Reply reply, String text) {
        assertThat(new String(reply.toBytes(), UTF_8)).isEqualTo(text);
        assertThat(replies(text)).containsExactly(reply);
        assertThat(replies("42\n" + text + "42\n")).containsExactly(new Reply.Answer(), reply, new Reply.Answer());
    }

    private static List<Reply> replies(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        List<Reply> whole = decode(bytes, Splits.whole(bytes.length), 10_000);
        Splits.of(bytes.length)
                .forEach(ends -> assertThat(decode(bytes, ends, 10_000))
                        .as("in pieces that end at %s", Arrays.toString(ends))
                        .isEqualTo(whole));
        return whole;
    }

    private static List<Reply> decode(byte[] bytes, int maxLength) {
        return decode(bytes, Splits.whole(bytes.length), maxLength);
    }

    private static List<Reply> decode(byte[] bytes, int[] ends, int maxLength) {
        List<Reply> replies = new ArrayList<>();
        ReplyDecoder decoder = new ReplyDecoder(maxLength, replies::add);
        Splits.feed(bytes, ends, decoder::decode);
        return replies;
    }
}
