package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PendingRequestsTest {
    /** Near the end of the range: the order must survive an overflow of nanoTime. */
    private static final long NOW = Long.MAX_VALUE - 50;

    private static final long TIMEOUT = 100;

    private final Room room = new Room(1000);
    private final ClientCounters counters = new ClientCounters();
    private final PendingRequests pending = new PendingRequests(TIMEOUT, room, counters);

    private PendingRequest<List<Reply>> ask(String line, long now) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        Request parsed = BuiltInCommands.TABLE.parse(bytes, 0, bytes.length - 1);
        PendingRequest<List<Reply>> request =
                new PendingRequest<>(parsed, bytes, true, Function.identity(), new Thread());
        assertThat(room.enter(bytes.length)).isTrue();
        pending.add(request, now);
        return request;
    }

    private static long at(long later) {
        return NOW + later;
    }

    private String take() {
        return new String(pending.take(), StandardCharsets.UTF_8);
    }

    private static Reply error(String text) {
        return new Reply.Failure("ECHO", text);
    }

    @Test
    void isTakenWholeAndOnlyOnce() {
        ask("WHY", at(0));
        ask("WHO", at(0));
        assertThat(take()).isEqualTo("WHY\nWHO\n");
        ask("WHERE", at(0));
        assertThat(take()).isEqualTo("WHERE\n");
        assertThat(take()).isEmpty();
    }

    @Test
    void isTakenInWritesOfBoundedSize() {
        for (int i = 0; i < 20; i++) {
            ask("x".repeat(9_999), at(0));
        }
        assertThat(take()).hasSize(60_000);
        ask("y".repeat(99_999), at(0));
        assertThat(take()).hasSize(60_000);
        assertThat(take()).hasSize(60_000);
        assertThat(take()).hasSize(20_000);
        assertThat(take()).as("more than a write").hasSize(100_000);
    }

    @Test
    void answersInOrder() throws Exception {
        var why = ask("WHY", at(0));
        var fresh = ask("WHO FRESH", at(0));
        var nonsense = ask("what", at(0));
        take();
        Reply list = new Reply.ClientList(List.of());
        pending.onReply(new Reply.Answer());
        assertThat(why.answer.get()).containsExactly(new Reply.Answer());
        pending.onReply(list);
        assertThat(fresh.answer).isNotDone();
        pending.onReply(new Reply.Fresh(7));
        assertThat(fresh.answer.get()).containsExactly(list, new Reply.Fresh(7));
        pending.onReply(error("what"));
        assertThat(nonsense.answer.get()).containsExactly(error("what"));
        assertThat(pending.isEmpty()).isTrue();
        assertThat(room.requests()).isZero();
    }

    @Test
    void countsWhatIsSentAndAnsweredButNoLateReply() throws Exception {
        ask("WHY", at(0));
        ask("WHY", at(1));
        take();
        ask("WHO", at(1));
        assertThat(pending.expire(at(TIMEOUT))).hasSize(1);
        pending.onReply(new Reply.Answer());
        ClientStatistics late = counters.read(room.requests());
        assertThat(late.sent()).isEqualTo(2);
        assertThat(late.answered()).as("failed when its time was up").isZero();
        pending.onReply(error("x"));
        assertThat(counters.read(0).answered()).as("with an error").isEqualTo(1);
    }

    @Test
    void refusesAReplyThatCannotBeTheAnswer() {
        ask("WHO FRESH", at(0));
        assertThatThrownBy(() -> pending.onReply(new Reply.Answer()))
                .as("not sent")
                .isInstanceOf(SocketzException.class);
        take();
        for (Reply reply : List.of(
                new Reply.Answer(),
                new Reply.Fresh(1),
                new Reply.ServerId(new UUID(1, 2)),
                new Reply.Greeting(BuiltInCommands.TABLE.usage()))) {
            assertThatThrownBy(() -> pending.onReply(reply))
                    .as("%s", reply)
                    .isInstanceOfSatisfying(
                            SocketzException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED_REPLY));
        }
    }

    @Test
    void refusesAnErrorInTheMiddleOfAnAnswer() throws Exception {
        ask("WHO FRESH", at(0));
        take();
        pending.onReply(new Reply.ClientList(List.of()));
        assertThatThrownBy(() -> pending.onReply(error("half"))).isInstanceOf(SocketzException.class);
    }

    @Test
    void keepsThePlaceOfALateAnswer() throws Exception {
        var late = ask("WHO FRESH", at(0));
        take();
        var next = ask("next", at(1));
        take();
        assertThat(pending.untilNext(at(0))).isEqualTo(100);
        assertThat(pending.expire(at(99))).isEmpty();
        assertThat(pending.untilNext(at(99))).isEqualTo(1);
        // Half of the answer has come: the other half is dropped too.
        pending.onReply(new Reply.ClientList(List.of()));
        assertThat(pending.expire(at(100))).isEqualTo(List.of(late));
        assertThat(pending.expire(at(100))).isEmpty();
        assertThat(pending.untilNext(at(100))).isEqualTo(1);
        assertThat(room.requests()).as("its place is kept").isEqualTo(2);
        pending.onReply(new Reply.Fresh(1));
        pending.onReply(error("next"));
        assertThat(next.answer.get()).containsExactly(error("next"));
        assertThat(pending.untilNext(at(500))).isEqualTo(-1);
        assertThat(room.requests()).isZero();
    }

    @Test
    void aRequestThatExpiresUnsentIsNeverSent() {
        var first = ask("first", at(0));
        ask("second", at(10));
        assertThat(pending.expire(at(100))).isEqualTo(List.of(first));
        assertThat(take()).isEqualTo("second\n");
        assertThat(room.requests()).isEqualTo(1);
    }

    @Test
    void losesSentRequestsAndKeepsTheOthers() {
        ask("expired", at(0));
        take();
        pending.expire(at(100));
        var sent = ask("sent", at(100));
        take();
        ask("unsent", at(100));
        assertThat(pending.lose()).isEqualTo(List.of(sent));
        assertThat(pending.isQuiet()).isTrue();
        assertThat(room.requests()).isEqualTo(1);
        assertThat(take()).isEqualTo("unsent\n");
        assertThat(pending.loseAll()).hasSize(1);
        assertThat(room.requests()).isZero();
    }

    @Test
    void roomIsLimitedInRequestsAndInBytes() {
        Room small = new Room(2);
        assertThat(small.enter(Room.MAX_BYTES - 1)).isTrue();
        assertThat(small.enter(2)).isFalse();
        assertThat(small.enter(1)).isTrue();
        assertThat(small.enter(0)).isFalse();
        small.onSent(Room.MAX_BYTES);
        small.leave();
        assertThat(small.enter(Integer.MAX_VALUE)).isFalse();
        assertThat(small.enter(Room.MAX_BYTES)).isTrue();
        assertThat(small.requests()).isEqualTo(2);
    }

    @Test
    void aKickHasMoreTimeFromTheMomentItIsSent() {
        PendingRequest<List<Reply>> kick = ask("KICK ADDR ::1", at(0));
        assertThat(pending.untilNext(at(0))).isEqualTo(TIMEOUT);
        take();
        PendingRequest<List<Reply>> unsent = ask("WHY", at(10));
        assertThat(pending.untilNext(at(10)))
                .as("what is not sent has its own time")
                .isEqualTo(TIMEOUT);
        assertThat(pending.expire(at(10 + TIMEOUT))).isEqualTo(List.of(unsent));
        assertThat(pending.untilNext(at(110))).isEqualTo(PendingRequest.KICK_NANOS - 10);
        assertThat(pending.expire(at(TIMEOUT + PendingRequest.KICK_NANOS))).isEqualTo(List.of(kick));
    }

    @Test
    void anAuditHasEvenMoreTime() {
        PendingRequest<List<Reply>> audit = ask("AUDIT", at(0));
        take();
        assertThat(pending.untilNext(at(0))).isEqualTo(TIMEOUT + PendingRequest.AUDIT_NANOS);
        assertThat(pending.expire(at(TIMEOUT + PendingRequest.AUDIT_NANOS))).isEqualTo(List.of(audit));
    }

    @Test
    void whatIsSentBehindASlowRequestHasItsTimeToo() throws Exception {
        long slow = TIMEOUT + PendingRequest.KICK_NANOS;
        ask("KICK ADDR ::1", at(0));
        PendingRequest<List<Reply>> together = ask("WHY", at(0));
        take();
        PendingRequest<List<Reply>> later = ask("WHY", at(10));
        take();
        assertThat(pending.expire(at(slow - 1))).isEmpty();
        pending.onReply(new Reply.Failure("KICK_TIMEOUT", ""));
        assertThat(pending.expire(at(slow - 1)))
                .as("in the moment of the answer")
                .isEmpty();
        PendingRequest<List<Reply>> third = ask("WHY", at(slow - 1));
        take();
        assertThat(pending.expire(at(slow))).containsExactly(together, later);
        assertThat(pending.untilNext(at(slow)))
                .as("the kick is answered, and gives no more time")
                .isEqualTo(TIMEOUT - 1);
        assertThat(pending.expire(at(slow - 1 + TIMEOUT))).containsExactly(third);
    }

    @Test
    void slowRequestsBehindEachOtherHaveTheSumOfTheirTimes() {
        PendingRequest<List<Reply>> kick = ask("KICK ADDR ::1", at(0));
        take();
        PendingRequest<List<Reply>> audit = ask("AUDIT", at(10));
        PendingRequest<List<Reply>> why = ask("WHY", at(10));
        take();
        long first = TIMEOUT + PendingRequest.KICK_NANOS;
        long second = first + PendingRequest.AUDIT_NANOS;
        assertThat(pending.expire(at(first))).containsExactly(kick);
        assertThat(pending.untilNext(at(first))).isEqualTo(PendingRequest.AUDIT_NANOS);
        assertThat(pending.expire(at(second - 1))).isEmpty();
        assertThat(pending.expire(at(second))).containsExactly(audit, why);
    }

    @Test
    void whatIsAddedFirstIsSentFirstAndDelaysNoFailure() throws Exception {
        PendingRequest<List<Reply>> earlier = ask("WHY", at(0));
        byte[] bytes = "AUTH x\n".getBytes(StandardCharsets.UTF_8);
        Request auth = BuiltInCommands.TABLE.parse(bytes, 0, bytes.length - 1);
        PendingRequest<List<Reply>> first = new PendingRequest<>(auth, bytes, true, Function.identity(), new Thread());
        room.enterAnyway(bytes.length);
        pending.addFirst(first, at(50));
        assertThat(take()).isEqualTo("AUTH x\nWHY\n");
        assertThat(pending.expire(at(TIMEOUT))).containsExactly(first, earlier);
        pending.onReply(new Reply.Line("authorized"));
        pending.onReply(new Reply.Answer());
        assertThat(room.requests()).isZero();
    }
}
