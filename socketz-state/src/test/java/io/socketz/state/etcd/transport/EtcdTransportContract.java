package io.socketz.state.etcd.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.TransportProbe.Pending;
import io.socketz.state.etcd.transport.TransportProbe.Request;
import io.socketz.state.etcd.transport.TransportProbe.Watched;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every way to etcd promises; run for each of them on a healthy etcd. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class EtcdTransportContract {
    private static final AtomicInteger TESTS = new AtomicInteger();

    /** Every test has keys of its own. */
    private final String prefix = "/contract/" + TESTS.incrementAndGet() + "/";

    private final String end = prefix.substring(0, prefix.length() - 1) + "0"; // '0' follows '/'

    private final Set<Thread> threadsBefore = new HashSet<>();
    private TransportProbe probe;

    /** A transport to a healthy etcd. */
    protected abstract EtcdTransport open(EtcdTransport.CallbackExecutor owner);

    /** Compacts etcd's history: everything before {@code revision} is gone. */
    protected abstract void compact(long revision);

    /** Lets virtual time pass; real time passes by itself. */
    protected void pass(long seconds) {}

    /** Whether {@code thread} may outlive a transport: one that the JVM or a library shares. */
    protected boolean mayStay(Thread thread) {
        return false;
    }

    @BeforeEach
    final void openTransport() {
        threadsBefore.addAll(Thread.getAllStackTraces().keySet());
        probe = new TransportProbe(this::open);
    }

    @AfterEach
    final void closeTransport() {
        probe.close();
    }

    // ------------------------------------------------------------ leases

    @Test
    void aLeaseIsRenewedForAsLongAsItWasGranted() {
        long lease = grant(60);

        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
    }

    @Test
    void manyLeasesAreRenewedAtTheSameTime() {
        List<Long> leases = IntStream.range(0, 20).mapToObj(i -> grant(60 + i)).toList();

        List<Pending<Long>> renewals =
                leases.stream().map(lease -> probe.start(keepAlive(lease))).toList();

        for (int i = 0; i < leases.size(); i++) {
            assertThat(Await.get(renewals.get(i).result())).isEqualTo(60 + i);
        }
        assertThat(leases).doesNotHaveDuplicates();
    }

    @Test
    void anUnknownLeaseIsDistinguishedFromAKnownOne() {
        long lease = 4711;

        assertThat(probe.ask(keepAlive(lease))).isNotPositive();
        assertThat(probe.askInVain(revoke(lease)).kind()).isEqualTo(Kind.LEASE_NOT_FOUND);
    }

    @Test
    void aRevokedLeaseDeletesItsKeysAtOneRevision() {
        long lease = grant(60);
        long other = grant(60);
        commitAll(keys(500), lease);
        commit(put("other", "", other), put("none", "", 0));
        Watched watched = probe.watch(prefix, end, now() + 1).awaitCreated();

        long revision = probe.ask(revoke(lease));

        List<WatchEvent> events = watched.awaitEvents(500);
        assertThat(events).hasSize(500).allMatch(event -> event.put() == null && event.revision() == revision);
        assertThat(watched.batches()).hasSize(1);
        assertThat(found()).containsExactly("none", "other");
        assertThat(probe.ask(keepAlive(lease))).isNotPositive();
        assertThat(probe.ask(keepAlive(other))).isEqualTo(60);
        assertThat(probe.askInVain(revoke(lease)).kind()).isEqualTo(Kind.LEASE_NOT_FOUND);
    }

    @Test
    void anExpiredLeaseDeletesItsKeysAtOneRevision() {
        long lease = grant(1);
        commit(put("a", "1", lease), put("b", "2", lease), put("c", "3", 0));
        Watched watched = probe.watch(prefix, end, now() + 1).awaitCreated();

        pass(5);

        List<WatchEvent> events = watched.awaitEvents(2);
        assertThat(events).extracting(event -> name(event.key())).containsExactlyInAnyOrder("a", "b");
        assertThat(events).allMatch(event -> event.put() == null);
        assertThat(watched.batches()).hasSize(1);
        assertThat(probe.ask(keepAlive(lease))).isNotPositive();
    }

    // ------------------------------------------------------------ transactions

    @Test
    void aTransactionOf128WritesHappensAtOneRevision() {
        long lease = grant(60);
        commit(put("gone", "", 0));
        List<Write> writes = new ArrayList<>();
        keys(127).forEach(key -> writes.add(put(key, "value of " + key, lease)));
        writes.add(new Write.Delete(prefix + "gone"));
        Watched watched = probe.watch(prefix, end, now() + 1).awaitCreated();

        long revision = probe.ask(commit(writes)).revision();

        RangePage page = range(0, 1000);
        assertThat(page.entries()).hasSize(127).allMatch(entry -> entry.revision() == revision);
        assertThat(page.entries()).allMatch(entry -> entry.lease() == lease);
        assertThat(page.entries()).allMatch(entry -> text(entry).equals("value of " + name(entry.key())));
        assertThat(page.revision()).isEqualTo(revision);
        assertThat(watched.awaitEvents(128)).hasSize(128).allMatch(event -> event.revision() == revision);
        assertThat(watched.batches()).hasSize(1);
    }

    @Test
    void aTransactionWithAnUnknownLeaseWritesNothing() {
        long lease = grant(60);
        long dead = grant(60);
        long revoked = probe.ask(revoke(dead));

        EtcdFailure failure = probe.askInVain(commit(List.of(put("a", "", lease), put("b", "", dead))));

        assertThat(failure.kind()).isEqualTo(Kind.LEASE_NOT_FOUND);
        assertThat(found()).isEmpty();
        assertThat(now()).isEqualTo(revoked);
    }

    @Test
    void aTransactionWhoseFenceHasChangedWritesNothing() {
        Fence absent = new Fence(prefix + "fence", 0);
        long first = commit(put("fence", "1", 0));
        Fence set = new Fence(prefix + "fence", first);
        List<Write> writes = List.of(put("a", "", 0));

        assertThat(probe.ask(commit(absent, writes))).isEqualTo(new Committed(false, first));
        assertThat(found()).containsExactly("fence");

        long second = first + 1;
        assertThat(probe.ask(commit(set, List.of(put("fence", "1", 0)))))
                .as("the same value")
                .isEqualTo(new Committed(true, second));
        assertThat(probe.ask(commit(set, writes))).isEqualTo(new Committed(false, second));

        commit(new Write.Delete(prefix + "fence"));
        assertThat(probe.ask(commit(set, writes))).isEqualTo(new Committed(false, 0));
        assertThat(found()).isEmpty();
        assertThat(probe.ask(commit(absent, writes)).written()).isTrue();
        assertThat(found()).containsExactly("a");
    }

    @Test
    void deletingAnAbsentKeyChangesNothing() {
        long before = commit(put("a", "", 0));

        long revision = commit(new Write.Delete(prefix + "b"));

        assertThat(revision).isEqualTo(before);
        assertThat(found()).containsExactly("a");
    }

    @Test
    void valuesAreAnyBytes() {
        byte[] all = new byte[256];
        IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);

        commit(new Write.Put(prefix + "all", all, 0), new Write.Put(prefix + "empty", new byte[0], 0));

        List<KeyValue> entries = range(0, 10).entries();
        assertThat(entries.get(0).value()).isEqualTo(all);
        assertThat(entries.get(1).value()).isEmpty();
        assertThat(entries.get(1).lease()).isZero();
    }

    // ------------------------------------------------------------ ranges

    @Test
    void pagesAtOneRevisionAddUpToTheStateAtThatRevision() {
        commitAll(keys(10), 0);
        RangePage page = range(0, 3);
        long revision = page.revision();
        commit(put("later", "", 0), new Write.Delete(prefix + keys(10).get(9)));

        List<String> names = new ArrayList<>(names(page));
        while (page.more()) {
            String from = page.entries().get(page.entries().size() - 1).key() + "\0";
            page = probe.ask((transport, answer) -> transport.range(from, end, revision, 3, answer));
            assertThat(page.revision()).isEqualTo(revision + 1);
            names.addAll(names(page));
        }

        assertThat(names).isEqualTo(keys(10));
    }

    @Test
    void aPageWithAllKeysSaysThatThereAreNoMore() {
        commitAll(keys(4), 0);

        assertThat(range(0, 3).more()).isTrue();
        assertThat(range(0, 4).more()).isFalse();
        assertThat(range(0, 5).more()).isFalse();
        assertThat(names(range(0, 3))).isEqualTo(keys(3));
    }

    @Test
    void keysAreBytesAndSortedAsBytes() {
        List<String> names = List.of("\0", "\1", "A", "a", "a\0", "~", "\177", "\200", "\303\244", "\377", "\377\377");
        List<String> shuffled = new ArrayList<>(names.subList(5, names.size()));
        shuffled.addAll(names.subList(0, 5));

        long revision = commitAll(shuffled, 0);

        assertThat(found()).isEqualTo(names);
        Watched watched = probe.watch(prefix, end, revision);
        assertThat(watched.awaitEvents(names.size()))
                .extracting(event -> name(event.key()))
                .containsExactlyElementsOf(shuffled);
    }

    @Test
    void aRangeBeginsAtItsFirstKeyAndEndsBeforeItsLast() {
        commitAll(List.of("a", "b", "c", "d"), 0);

        RangePage page = probe.ask((transport, answer) -> transport.range(prefix + "b", prefix + "d", 0, 10, answer));

        assertThat(names(page)).containsExactly("b", "c");
    }

    @Test
    void anEmptyRangeHasARevision() {
        long revision = commit(put("a", "", 0), put("b", "", 0));
        long later = commit(new Write.Delete(prefix + "a"), new Write.Delete(prefix + "b"));

        RangePage page = range(0, 10);

        assertThat(page.entries()).isEmpty();
        assertThat(page.more()).isFalse();
        assertThat(page.revision()).isEqualTo(later).isEqualTo(revision + 1);
    }

    @Test
    void aRangeAtACompactedRevisionFails() {
        long gone = commit(put("a", "1", 0));
        long kept = commit(put("a", "2", 0));
        compact(kept);

        Request<RangePage> request = (transport, answer) -> transport.range(prefix, end, gone, 10, answer);
        EtcdFailure failure = probe.askInVain(request);

        assertThat(failure.kind()).isEqualTo(Kind.COMPACTED);
        assertThat(names(range(kept, 10))).containsExactly("a");
    }

    /** Whoever knew a revision that etcd has lost must not take this for a broken connection. */
    @Test
    void aRangeAtAFutureRevisionIsRefused() {
        long last = commit(put("a", "1", 0));

        Request<RangePage> request = (transport, answer) -> transport.range(prefix, end, last + 1, 10, answer);

        assertThat(probe.askInVain(request).kind()).isEqualTo(Kind.REFUSED);
        assertThat(names(range(last, 10))).containsExactly("a");
    }

    @Test
    void oneKeyIsReadAsItWasAtARevision() {
        long then = commit(put("a", "1", 0), put("b", "1", 0));
        long later = commit(put("a", "2", 0));

        RangePage page =
                probe.ask((transport, answer) -> transport.range(prefix + "a", prefix + "a\0", then, 1, answer));

        assertThat(page.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.revision()).isEqualTo(then);
            assertThat(entry.value()).containsExactly('1');
        });
        assertThat(page.more()).isFalse();
        assertThat(page.revision()).as("that etcd is at").isEqualTo(later);
    }

    @Test
    void theRevisionIsThatOfTheLastWrite() {
        long first = commit(put("a", "", 0));
        assertThat(now()).isEqualTo(first);

        long second = commit(put("b", "", 0));
        assertThat(now()).isEqualTo(second).isEqualTo(first + 1);
    }

    // ------------------------------------------------------------ watches

    @Test
    void aWatchFromAPastRevisionReportsAllChangesSince() {
        commit(put("before", "", 0));
        long first = commit(put("a", "1", 0));
        commit(put("b", "2", 0), put("c", "3", 0));
        commit(new Write.Delete(prefix + "a"));

        Watched watched = probe.watch(prefix, end, first).awaitCreated();
        commit(put("d", "4", 0));

        assertThat(watched.awaitEvents(5))
                .extracting(event -> describe(event, first))
                .containsExactly("0 a=1", "1 b=2", "1 c=3", "2 -a", "3 d=4");
        assertRevisionsWhole(watched);
    }

    @Test
    void aWatchReportsLeaseAndRevisionOfPuts() {
        long lease = grant(60);
        Watched watched = probe.watch(prefix, end, now() + 1).awaitCreated();

        long revision = commit(put("a", "1", lease));

        WatchEvent event = watched.awaitEvents(1).get(0);
        assertThat(event.revision()).isEqualTo(revision);
        KeyValue put = Objects.requireNonNull(event.put());
        assertThat(put.lease()).isEqualTo(lease);
        assertThat(put.revision()).isEqualTo(revision);
        assertThat(put.key()).isEqualTo(event.key()).isEqualTo(prefix + "a");
    }

    @Test
    void aWatchReportsOnlyItsRange() {
        Watched watched = probe.watch(prefix + "b", prefix + "d", now() + 1).awaitCreated();

        commit(put("a", "", 0), put("b", "", 0), put("c", "", 0), put("d", "", 0));
        commit(put("c", "", 0));

        assertThat(watched.awaitEvents(3))
                .extracting(event -> name(event.key()))
                .containsExactly("b", "c", "c");
    }

    @Test
    void aWatchThatCatchesUpReportsEachRevisionInOneCallAndInOrder() {
        long first = now() + 1;
        for (int i = 0; i < 30; i++) {
            commitAll(keys(100), 0);
        }

        Watched watched = probe.watch(prefix, end, first);

        List<WatchEvent> events = watched.awaitEvents(3_000);
        assertThat(events).hasSize(3_000);
        assertRevisionsWhole(watched);
    }

    @Test
    void aWatchFromAFutureRevisionWaitsForIt() {
        long revision = now();
        Watched watched = probe.watch(prefix, end, revision + 2).awaitCreated();

        commit(put("a", "", 0));
        commit(put("b", "", 0));

        assertThat(watched.awaitEvents(1))
                .extracting(event -> name(event.key()))
                .containsExactly("b");
    }

    @Test
    void aWatchFromACompactedRevisionEnds() {
        long gone = commit(put("a", "1", 0));
        commit(put("a", "2", 0));
        compact(commit(put("a", "3", 0)));

        Watched watched = probe.watch(prefix, end, gone);

        assertThat(watched.awaitEnd().kind()).isEqualTo(Kind.COMPACTED);
        assertThat(watched.events()).isEmpty();
    }

    @Test
    void watchesDoNotDisturbEachOther() {
        Watched one = probe.watch(prefix + "a", prefix + "b", now() + 1).awaitCreated();
        Watched other = probe.watch(prefix + "b", prefix + "c", now() + 1).awaitCreated();

        commit(put("a", "", 0), put("b", "", 0));

        assertThat(one.awaitEvents(1)).extracting(event -> name(event.key())).containsExactly("a");
        assertThat(other.awaitEvents(1)).extracting(event -> name(event.key())).containsExactly("b");
    }

    // ------------------------------------------------------------ cancel and close

    @Test
    void aCancelledRequestIsNotAnswered() {
        long lease = grant(60);
        List<Request<?>> requests = List.of(
                (Request<Long>) (transport, answer) -> transport.grantLease(60, answer),
                keepAlive(lease),
                commit(List.of(put("a", "", 0))),
                (Request<Long>) (transport, answer) -> transport.revision(prefix, answer));
        for (Request<?> request : requests) {
            Pending<?> pending = probe.start(cancelled(request));
            untilAnswered(keepAlive(lease));

            assertThat(pending.result()).isNotDone();
        }
    }

    private static <T> Request<T> cancelled(Request<T> request) {
        return (transport, answer) -> {
            EtcdTransport.Call call = request.make(transport, answer);
            call.cancel();
            call.cancel();
            return call;
        };
    }

    @Test
    void cancellingAnAnsweredRequestDoesNothing() {
        Pending<Long> pending = probe.start((transport, answer) -> transport.grantLease(60, answer));
        long lease = Await.get(pending.result());

        probe.cancel(pending.call());

        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
    }

    @Test
    void aCancelledWatchReportsNothingMore() {
        Watched cancelled = probe.watch(prefix, end, now() + 1).awaitCreated();
        cancelled.cancel();

        untilAnswered(commit(List.of(put("a", "", 0))));
        probe.watch(prefix, end, now()).awaitEvents(1);

        assertThat(cancelled.events()).isEmpty();
        assertThat(cancelled.isEnded()).isFalse();
    }

    @Test
    void aClosedTransportAnswersNothing() {
        Watched watched = probe.watch(prefix, end, now() + 1).awaitCreated();
        List<Pending<Long>> pending = new ArrayList<>();
        probe.onOwner(() -> {
            probe.transport().close();
            return null;
        });
        pending.add(probe.start((transport, answer) -> transport.grantLease(60, answer)));
        pending.add(probe.start((transport, answer) -> transport.revision(prefix, answer)));

        probe.close();

        assertThat(pending).allMatch(call -> !call.result().isDone());
        assertThat(watched.isEnded()).isFalse();
        probe = new TransportProbe(this::open);
    }

    @Test
    void aClosedTransportLeavesNoThreadBehind() throws Exception {
        probe.watch(prefix, end, now() + 1).awaitCreated();
        long lease = grant(60);
        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);

        probe.close();

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!threadsBefore.contains(thread) && thread != Thread.currentThread() && !mayStay(thread)) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
                assertThat(thread.isAlive()).as("%s is alive", thread).isFalse();
            }
        }
        probe = new TransportProbe(this::open);
    }

    @Test
    void beforeTheFirstRequestThereIsNoThread() {
        TransportProbe unused = new TransportProbe(this::open);
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        unused.close();
        threads.removeAll(threadsBefore);
        threads.removeIf(this::mayStay);

        assertThat(threads).isSubsetOf(Thread.currentThread());
    }

    // ------------------------------------------------------------ what the tests ask

    /** Retries as a registry does when a connection is lost, here because of a cancel. */
    private <T> T untilAnswered(Request<T> request) {
        for (int attempt = 1; ; attempt++) {
            try {
                return probe.ask(request);
            } catch (TransportProbe.Failed e) {
                if (attempt == 10) {
                    throw e;
                }
                assertThat(e.failure().kind()).isEqualTo(Kind.UNAVAILABLE);
            }
        }
    }

    private long grant(long seconds) {
        return probe.ask((transport, answer) -> transport.grantLease(seconds, answer));
    }

    private static Request<Long> keepAlive(long lease) {
        return (transport, answer) -> transport.keepAlive(lease, answer);
    }

    private static Request<Long> revoke(long lease) {
        return (transport, answer) -> transport.revokeLease(lease, answer);
    }

    private Write put(String name, String value, long lease) {
        return new Write.Put(prefix + name, value.getBytes(UTF_8), lease);
    }

    private static Request<Committed> commit(List<Write> writes) {
        return TransportProbe.commit(writes.toArray(Write[]::new));
    }

    private static Request<Committed> commit(Fence fence, List<Write> writes) {
        return (transport, answer) -> transport.commit(fence, writes, answer);
    }

    private long commit(Write... writes) {
        return probe.ask(commit(List.of(writes))).revision();
    }

    /** Puts keys, as many in a transaction as allowed. */
    private long commitAll(List<String> names, long lease) {
        long revision = 0;
        for (int i = 0; i < names.size(); i += 128) {
            List<Write> writes = names.subList(i, Math.min(names.size(), i + 128)).stream()
                    .map(name -> put(name, "", lease))
                    .toList();
            revision = probe.ask(commit(writes)).revision();
        }
        return revision;
    }

    private RangePage range(long revision, int limit) {
        return probe.ask((transport, answer) -> transport.range(prefix, end, revision, limit, answer));
    }

    private long now() {
        return probe.ask((transport, answer) -> transport.revision(prefix, answer));
    }

    private List<String> found() {
        return names(range(0, 1_000));
    }

    private List<String> names(RangePage page) {
        return page.entries().stream().map(entry -> name(entry.key())).toList();
    }

    private String name(String key) {
        assertThat(key).startsWith(prefix);
        return key.substring(prefix.length());
    }

    private static String text(KeyValue entry) {
        return new String(entry.value(), UTF_8);
    }

    private String describe(WatchEvent event, long base) {
        KeyValue put = event.put();
        String name = name(event.key());
        return event.revision() - base + " " + (put == null ? "-" + name : name + "=" + text(put));
    }

    /** Names of {@code count} keys, in order. */
    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj("key%04d"::formatted).toList();
    }

    private static void assertRevisionsWhole(Watched watched) {
        long last = 0;
        for (List<WatchEvent> batch : watched.batches()) {
            assertThat(batch.get(0).revision()).isGreaterThan(last);
            for (WatchEvent event : batch) {
                assertThat(event.revision()).isGreaterThanOrEqualTo(last);
                last = event.revision();
            }
        }
    }
}
