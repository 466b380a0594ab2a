package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.etcd.transport.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * An etcd that does nothing by itself: it keeps requests as text, and the test answers them. In the text, keys have no
 * prefix, and {@link Samples#SELF} is {@code self}.
 */
final class ScriptedEtcd implements EtcdTransport {
    /** A request that waits for its answer. */
    class Asked<T> implements Call {
        final String text;
        private final Answer<T> answer;
        private boolean cancelled;

        private Asked(String text, Answer<T> answer) {
            this.text = text;
            this.answer = answer;
        }

        void answer(long now, T value) {
            answer.onAnswer(now, value);
            onEventEnd.accept(now);
        }

        void fail(long now, Kind kind) {
            answer.onFailure(now, new EtcdFailure(kind, kind.toString()));
            onEventEnd.accept(now);
        }

        boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** A transaction. */
    final class Transaction extends Asked<Long> {
        final Fence fence;
        private final Answer<Committed> answer;

        private Transaction(String text, Fence fence, Answer<Committed> answer) {
            super(text, new Answer<>() {
                @Override
                public void onAnswer(long now, Long revision) {
                    answer.onAnswer(now, new Committed(true, revision));
                }

                @Override
                public void onFailure(long now, EtcdFailure failure) {
                    answer.onFailure(now, failure);
                }
            });
            this.fence = fence;
            this.answer = answer;
        }

        /** Nothing was written, since the key of the fence was last set at {@code revision}. */
        void stopAtFence(long now, long revision) {
            answer.onAnswer(now, new Committed(false, revision));
            onEventEnd.accept(now);
        }
    }

    /** A watch. */
    static final class Watched implements Call {
        final String text;
        final WatchListener listener;
        private boolean cancelled;

        private Watched(String text, WatchListener listener) {
            this.text = text;
            this.listener = listener;
        }

        boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** In order of arrival; without those that {@link #take} removed. */
    private final List<Asked<?>> numbers = new ArrayList<>();

    private final List<Asked<RangePage>> ranges = new ArrayList<>();
    private final List<Watched> watches = new ArrayList<>();

    /** Run after each answer, and after each call of a watch's listener. */
    LongConsumer onEventEnd = now -> {};

    /** The writes of the last commit. */
    List<Write> lastWrites = List.of();

    /** The requests, except ranges and watches, that were neither taken nor cancelled. */
    List<String> open() {
        return numbers.stream()
                .filter(asked -> !asked.cancelled)
                .map(asked -> asked.text)
                .toList();
    }

    /** The request with that text, which must be there. */
    @SuppressWarnings("unchecked") // the answer of all of them is a number
    Asked<Long> take(String text) {
        assertThat(open()).contains(text);
        for (Asked<?> asked : numbers) {
            if (asked.text.equals(text) && !asked.cancelled) {
                numbers.remove(asked);
                return (Asked<Long>) asked;
            }
        }
        throw new AssertionError(text);
    }

    /** The transaction with that text, which must be there. */
    Transaction takeTransaction(String text) {
        Asked<?> taken = take(text);
        return (Transaction) taken;
    }

    /** The only request whose text begins with {@code start}. */
    Asked<Long> takeAny(String start) {
        List<String> texts =
                open().stream().filter(text -> text.startsWith(start)).toList();
        assertThat(texts).as("%s of %s", start, open()).hasSize(1);
        return take(texts.get(0));
    }

    List<Asked<RangePage>> ranges() {
        return ranges;
    }

    /** The last range that was requested. */
    Asked<RangePage> range(String text) {
        assertThat(ranges).isNotEmpty();
        Asked<RangePage> last = ranges.get(ranges.size() - 1);
        assertThat(last.text).isEqualTo(text);
        return last;
    }

    List<Watched> watches() {
        return watches;
    }

    /** The last watch that was requested. */
    Watched watch(String text) {
        assertThat(watches).isNotEmpty();
        Watched last = watches.get(watches.size() - 1);
        assertThat(last.text).isEqualTo(text);
        return last;
    }

    private Call keep(String text, Answer<Long> answer) {
        Asked<Long> asked = new Asked<>(text, answer);
        numbers.add(asked);
        return asked;
    }

    static String shortened(String key) {
        String root = Samples.KEYS.first();
        String inside = key.startsWith(root) ? key.substring(root.length()) : key;
        return inside.replace(Samples.SELF.toString(), "self");
    }

    @Override
    public Call grantLease(long ttlSeconds, Answer<Long> answer) {
        return keep("grant " + ttlSeconds, answer);
    }

    @Override
    public Call keepAlive(long lease, Answer<Long> answer) {
        return keep("renew " + lease, answer);
    }

    @Override
    public Call revokeLease(long lease, Answer<Long> answer) {
        return keep("revoke " + lease, answer);
    }

    @Override
    public Call commit(Fence fence, List<Write> writes, Answer<Committed> answer) {
        assertThat(writes).hasSizeBetween(1, 128);
        assertThat(writes.stream().map(Write::key)).doesNotHaveDuplicates();
        lastWrites = List.copyOf(writes);
        String text = writes.stream().map(ScriptedEtcd::text).collect(Collectors.joining(", "));
        Transaction transaction = new Transaction(text, fence, answer);
        numbers.add(transaction);
        return transaction;
    }

    private static String text(Write write) {
        String key = shortened(write.key());
        return write instanceof Write.Put put ? "put " + key + " on " + put.lease() : "delete " + key;
    }

    @Override
    public Call range(String from, String to, long revision, int limit, Answer<RangePage> answer) {
        Asked<RangePage> asked = new Asked<>(shortened(from) + ".." + to + " @" + revision + " limit " + limit, answer);
        ranges.add(asked);
        return asked;
    }

    @Override
    public Call revision(String key, Answer<Long> answer) {
        return keep("revision of " + shortened(key), answer);
    }

    @Override
    public Call watch(String from, String to, long revision, WatchListener listener) {
        Watched watch = new Watched(shortened(from) + ".." + to + " from " + revision, new WatchListener() {
            @Override
            public void onCreated(long now) {
                listener.onCreated(now);
                onEventEnd.accept(now);
            }

            @Override
            public void onEvents(long now, List<WatchEvent> events) {
                listener.onEvents(now, events);
                onEventEnd.accept(now);
            }

            @Override
            public void onEnd(long now, EtcdFailure failure) {
                listener.onEnd(now, failure);
                onEventEnd.accept(now);
            }
        });
        watches.add(watch);
        return watch;
    }

    @Override
    public void close() {}
}
