package io.socketz.protocol.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.name.ClientId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events, from literal bytes and back, as docs/protocol.md specifies them. */
class EventTest {
    private static final UUID SERVER = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");
    private static final Instant SINCE = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final ClientRecord CLIENT = new ClientRecord(
            new ClientId(SERVER, 17), "203.0.113.7:50814", Optional.empty(), "server01", SINCE, Optional.of("web-7"));
    private static final String CLIENT_LINE = "id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17 addr=203.0.113.7:50814"
            + " server=server01 since=2026-01-31T12:00:00.123Z name=web-7";
    private static final ServerRecord SERVER_RECORD =
            new ServerRecord(SERVER, "server01", "10.0.0.11:5151", 25_000, Instant.parse("2026-01-31T12:00:00Z"));
    private static final String SERVER_LINE = "id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a name=server01"
            + " addr=10.0.0.11:5151 clients=25000 since=2026-01-31T12:00:00Z";

    private static final List<Event> EVENTS = List.of(
            new Event.Join(1843, CLIENT),
            new Event.Leave(1844, CLIENT, "CLIENT_QUIT"),
            new Event.Rename(1845, CLIENT),
            new Event.ServerUp(1846, SERVER_RECORD),
            new Event.ServerDown(1847, SERVER_RECORD, "SERVER_LOST"),
            new Event.Now(1850, Duration.ofMillis(400)),
            new Event.Resync(1900),
            new Event.Message("from=web-7  hello = everybody \u00e9"),
            new Event.Message(""),
            new Event.Other(1901, "moved id=1 to=2"));

    private static final String LINES = "event 1843 join " + CLIENT_LINE + "\n"
            + "event 1844 leave " + CLIENT_LINE + " reason=CLIENT_QUIT\n"
            + "event 1845 rename " + CLIENT_LINE + "\n"
            + "event 1846 server-up " + SERVER_LINE + "\n"
            + "event 1847 server-down " + SERVER_LINE + " reason=SERVER_LOST\n"
            + "event 1850 now age=0.4\n"
            + "event 1900 resync\n"
            + "event 0 message from=web-7  hello = everybody \u00e9\n"
            + "event 0 message\n"
            + "event 1901 moved id=1 to=2\n";

    @Test
    void eventsAreWrittenAsTheSpecificationSays() {
        StringBuilder written = new StringBuilder();
        EVENTS.forEach(event -> written.append(new String(event.toBytes(), StandardCharsets.UTF_8)));
        assertThat(written).hasToString(LINES);
    }

    @Test
    void eventsAreReadBackWhereverTheBytesAreSplit() {
        byte[] bytes = LINES.getBytes(StandardCharsets.UTF_8);
        for (int split = 0; split <= bytes.length; split++) {
            List<Reply> replies = new ArrayList<>();
            ReplyDecoder decoder = new ReplyDecoder(4096, replies::add);
            decoder.decode(bytes, 0, split);
            decoder.decode(bytes, split, bytes.length);
            assertThat(replies).as("split at %d", split).isEqualTo(EVENTS);
        }
    }

    @Test
    void fieldsThatAReaderDoesNotKnowAreSkipped() {
        assertThat(Event.parse("event 1843 join " + CLIENT_LINE + " colour=blue"))
                .isEqualTo(new Event.Join(1843, CLIENT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event 1843",
                "event x now age=0.4",
                "event -1 now age=0.4",
                "event 01 now age=0.4",
                "event 99999999999999999999 now age=0.4",
                "event 1 now",
                "event 1 now age=4",
                "event 1 now age=99999999999999999999.0",
                "event 1 message hello",
                "event 1 join id=1",
                "event 1 leave id=08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17 addr=1:1 server=s since=2026-01-31T12:00:00Z",
                "event 1 server-down id=x"
            })
    void whatIsNoEventIsMalformed(String line) {
        assertThatThrownBy(() -> Event.parse(line)).isInstanceOf(MalformedReplyException.class);
    }

    @Test
    void aMessageIsOneLineOfAnyText() {
        String longest = "x".repeat(Reply.MAX_LINE_BYTES - "event 0 message ".length());
        assertThat(new Event.Message(longest).line()).hasSize(Reply.MAX_LINE_BYTES);
        for (String text : List.of(longest + "x", "a\nb", "a\rb", "\u001b[2J")) {
            assertThatThrownBy(() -> new Event.Message(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void onlyMessagesAndUnknownEventsComeWithoutAWatch() {
        for (Event event : EVENTS) {
            assertThat(Event.isOutsideWatch(event.line()))
                    .as("%s", event)
                    .isEqualTo(event instanceof Event.Message || event instanceof Event.Other);
        }
        assertThat(Event.isOutsideWatch("event 1 message hello")).isFalse();
        assertThat(Event.isOutsideWatch("hello")).isFalse();
    }

    @Test
    void anEventAnswersNoRequest() {
        for (ReplyType type : ReplyType.values()) {
            assertThat(type.admits(new Event.Resync(1))).as("%s", type).isEqualTo(type == ReplyType.EVENT);
        }
    }

    @Test
    void aWatchIsAnsweredWithTheStateOrWithTheRevisionItBeginsAfter() {
        List<Reply> replies = new ArrayList<>();
        byte[] line = "watching since revision 1842\n".getBytes(StandardCharsets.UTF_8);
        new ReplyDecoder(4096, replies::add).decode(line, 0, line.length);
        assertThat(replies).containsExactly(new Watching(1842));
        assertThat(replies.get(0).toBytes()).isEqualTo(line);
        assertThat(ReplyType.WATCHING.admits(replies.get(0))).isTrue();
        assertThat(ReplyType.WATCHING.admits(new Block.Clients(List.of(), 0, 1, Optional.empty())))
                .isTrue();
    }
}
