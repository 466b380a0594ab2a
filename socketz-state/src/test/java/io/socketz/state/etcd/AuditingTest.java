package io.socketz.state.etcd;

import static io.socketz.state.etcd.PublishedServer.clientKey;
import static io.socketz.state.etcd.PublishedServer.leaves;
import static io.socketz.state.etcd.PublishedServer.memberKey;
import static io.socketz.state.etcd.PublishedServer.puts;
import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.NOON;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.client;
import static io.socketz.state.etcd.Samples.deleteClient;
import static io.socketz.state.etcd.Samples.entry;
import static io.socketz.state.etcd.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.AuditResult;
import io.socketz.state.AuditResult.Difference;
import io.socketz.state.etcd.ScriptedEtcd.Asked;
import io.socketz.state.etcd.ScriptedEtcd.Watched;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server compares its keys in etcd with its clients. Clients 1 to 3 are on lease 88, written at revision 11. */
class AuditingTest {
    private static final long SECOND = 1_000_000_000;
    private static final String OWN_KEYS = "clients/self/.." + KEYS.endOfClients(SELF) + " @";
    private static final String EVERYTHING = "../socketz/v10 @0 limit 4000";

    private final ScriptedEtcd etcd = new ScriptedEtcd();
    private final Replication replication = new Replication(
            Samples.member(SELF),
            new ClusterSettings("/socketz", Duration.ofSeconds(60)),
            etcd,
            new Random(1),
            Samples.CLOCK,
            EtcdRegistryListener.NONE,
            (client, reason) -> {});
    private final List<Optional<AuditResult>> answers = new ArrayList<>();
    private long now = -100 * SECOND;
    private Watched watch;

    @BeforeEach
    void connect() {
        etcd.onEventEnd = replication::onEventEnd;
        replication.onStart(now);
        replication.onEventEnd(now);
        etcd.range(EVERYTHING).answer(now, new RangePage(List.of(), false, 9));
        watch = etcd.watch("../socketz/v10 from 10");
        watch.listener.onCreated(now);
        etcd.take("grant 60").answer(now, 77L);
        etcd.take("put members/self on 77").answer(now, 10L);
        join(1);
        join(2);
        join(3);
        etcd.take("grant 300").answer(now, 88L);
        etcd.take(puts(88, 1, 2, 3)).answer(now, 11L);
        seen(memberKey(77, 11));
        etcd.ranges().clear();
    }

    private void join(long number) {
        replication.onJoin(now, client(SELF, number), () -> {});
        replication.onEventEnd(now);
    }

    private void leave(long number) {
        replication.onLeave(number, "CLIENT_QUIT", NOON);
        replication.onEventEnd(now);
    }

    private void seen(KeyValue entry) {
        watch.listener.onEvents(now, List.of(put(entry)));
    }

    private void onDeadline() {
        now = Math.max(now, replication.deadline());
        replication.onTime(now);
        replication.onEventEnd(now);
    }

    private void ask() {
        replication.askAudit(now, answers::add);
        replication.onEventEnd(now);
    }

    private static RangePage page(long revision, KeyValue... entries) {
        return new RangePage(List.of(entries), false, revision);
    }

    private static KeyValue key(long number) {
        return clientKey(number, 88, 11);
    }

    private Asked<RangePage> ownKeys() {
        return etcd.range(OWN_KEYS + "0 limit 500");
    }

    private void expect(Difference found, Difference left, long repaired) {
        assertThat(answers).hasSize(1);
        AuditResult result = answers.get(0).orElseThrow();
        assertThat(result.found()).isEqualTo(found);
        assertThat(result.left()).isEqualTo(left);
        assertThat(result.repaired()).isEqualTo(repaired);
    }

    private void expectNothing() {
        expect(Difference.NONE, Difference.NONE, 0);
        assertThat(watch.isCancelled()).isFalse();
    }

    // ---------------------------------------------------------------- nothing is wrong

    @Test
    void keysThatAreRightAreNoDifference() {
        ask();
        ownKeys().answer(now, page(11, key(1), key(2), key(3)));
        expectNothing();
        assertThat(answers.get(0)).contains(new AuditResult(Difference.NONE, Difference.NONE, 0, 0, 3, 11));
        assertThat(etcd.open()).isEmpty();
    }

    @Test
    void keysAreReadPageByPageAtOneRevision() {
        ask();
        ownKeys().answer(now, new RangePage(List.of(key(1), key(2)), true, 11));
        etcd.range("clients/self/2\0.." + KEYS.endOfClients(SELF) + " @11 limit 500")
                .answer(now, page(12, key(3)));
        expectNothing();
        assertThat(answers.get(0).orElseThrow().revision()).isEqualTo(11);
    }

    @Test
    void whatIsOnItsWayIsNoDifference() {
        ask();
        join(4);
        leave(1);
        ownKeys().answer(now, page(11, key(1), key(2), key(3)));
        expectNothing();
        assertThat(answers.get(0).orElseThrow().pending()).isEqualTo(2);
    }

    @Test
    void whatWasWrittenAfterTheReadIsNoDifference() {
        ask();
        leave(1);
        etcd.take(leaves(1)).answer(now, 12L);
        watch.listener.onEvents(now, List.of(deleteClient(client(SELF, 1), 12)));
        join(4);
        etcd.take(puts(88, 4)).answer(now, 13L);
        seen(clientKey(4, 88, 13));
        ownKeys().answer(now, page(11, key(1), key(2), key(3)));
        expectNothing();
        assertThat(etcd.open()).isEmpty();
    }

    @Test
    void whatTheWatchIsAboutToShowIsNoDifference() {
        ask();
        ownKeys().answer(now, page(12, key(1), key(2)));
        assertThat(answers).isEmpty();
        watch.listener.onEvents(now, List.of(deleteClient(client(SELF, 3), 12)));
        expectNothing();
        etcd.take(puts(88, 3)).answer(now, 13L);
        seen(clientKey(3, 88, 13));
        answers.clear();
        ask();
        ownKeys().answer(now, page(13, key(1), key(2), clientKey(3, 88, 13)));
        expect(Difference.NONE, Difference.NONE, 1);
    }

    @Test
    void aForeignRevisionLeadsToAWriteOfTheMemberKey() {
        ask();
        ownKeys().answer(now, page(50, key(1), key(2), key(3)));
        assertThat(etcd.open()).isEmpty();
        onDeadline();
        etcd.take("put members/self on 77").answer(now, 51L);
        assertThat(answers).isEmpty();
        seen(memberKey(77, 51));
        expectNothing();
    }

    // ---------------------------------------------------------------- something is wrong

    @Test
    void whatTheWatchHasMissedIsPutRightAndEverythingIsReadAgain() {
        seen(memberKey(77, 12));
        ask();
        KeyValue altered = new KeyValue(KEYS.client(SELF, 1), Samples.bytes("{}"), 88, 11);
        ownKeys().answer(now, page(12, altered, key(2), entry(KEYS.client(SELF, 9), "{}", 8)));
        assertThat(answers).as("until it is right").isEmpty();
        assertThat(watch.isCancelled()).isTrue();
        String deletes = "delete clients/self/9";
        etcd.take("put members/self on 77, " + deletes + ", put clients/self/1 on 88, put clients/self/3 on 88")
                .answer(now, 13L);
        expect(new Difference(2, 1), Difference.NONE, 3);
        onDeadline();
        etcd.range(EVERYTHING)
                .answer(now, page(13, clientKey(1, 88, 13), key(2), clientKey(3, 88, 13), memberKey(77, 13)));
        etcd.watch("../socketz/v10 from 14").listener.onCreated(now);
        assertThat(etcd.open()).isEmpty();
    }

    @Test
    void whatCannotBePutRightWithinTenSecondsIsLeft() {
        ask();
        ownKeys().answer(now, page(11, key(1), key(2), key(3), entry(KEYS.client(SELF, 9), "{}", 8)));
        long until = now + Auditing.PATIENCE_NANOS;
        while (now < until) {
            etcd.open().forEach(request -> etcd.take(request).fail(now, Kind.REFUSED));
            onDeadline();
        }
        expect(new Difference(0, 1), new Difference(0, 1), 0);
        assertThat(answers.get(0).orElseThrow().pending()).isEqualTo(1);
    }

    // ---------------------------------------------------------------- etcd does not answer

    @Test
    void withoutAWatchWithinTwoSecondsThereIsNoAnswer() {
        watch.listener.onEnd(now, new EtcdFailure(Kind.UNAVAILABLE, "gone"));
        ask();
        long askedAt = now;
        while (answers.isEmpty()) {
            onDeadline();
        }
        assertThat(answers).containsExactly(Optional.empty());
        assertThat(now - askedAt).isEqualTo(2 * SECOND);
        assertThat(etcd.ranges()).noneMatch(range -> range.text.startsWith(OWN_KEYS));
    }

    @Test
    void aLostWatchMakesItBeginAnew() {
        ask();
        Asked<RangePage> first = ownKeys();
        watch.listener.onEnd(now, new EtcdFailure(Kind.REFUSED, "gone"));
        onDeadline();
        etcd.range(EVERYTHING).answer(now, page(12, key(1), key(2), key(3), memberKey(77, 11)));
        etcd.watch("../socketz/v10 from 13").listener.onCreated(now);
        first.answer(now, page(11));
        assertThat(answers).isEmpty();
        ownKeys().answer(now, page(12, key(1), key(2), key(3)));
        expect(Difference.NONE, Difference.NONE, 0);
    }

    @Test
    void aReadThatFailsIsNoAnswerAndOneThatIsTooLargeIsMadeAgain() {
        ask();
        ownKeys().fail(now, Kind.REFUSED);
        etcd.range(OWN_KEYS + "0 limit 250").fail(now, Kind.UNAVAILABLE);
        assertThat(answers).containsExactly(Optional.empty());
    }

    @Test
    void aRevisionThatEtcdHadPassedMeansThatDataIsLost() {
        ask();
        ownKeys().answer(now, page(5));
        assertThat(watch.isCancelled()).isTrue();
        assertThat(etcd.open()).as("nothing is repaired").isEmpty();
    }

    @Test
    void whoeverAsksMeanwhileGetsTheNextOne() {
        ask();
        Asked<RangePage> first = ownKeys();
        ask();
        ask();
        first.answer(now, page(11, key(1), key(2), key(3)));
        assertThat(answers).hasSize(1);
        ownKeys().answer(now, page(11, key(1), key(2), key(3)));
        assertThat(answers).hasSize(3).allMatch(Optional::isPresent);
    }

    @Test
    void aServerThatLeavesComparesNothing() {
        ask();
        replication.onClosing(now, now + SECOND, () -> {});
        replication.onEventEnd(now);
        ask();
        assertThat(answers).containsExactly(Optional.empty(), Optional.empty());
    }
}
