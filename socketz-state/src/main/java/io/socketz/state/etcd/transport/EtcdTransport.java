package io.socketz.state.etcd.transport;

import java.util.List;
import java.util.function.LongConsumer;

/**
 * The way to etcd: what the algorithm asks of it, and no more. etcd's own words for all of this are in its API
 * reference, {@code rpc.proto}.
 *
 * <p>Everything here is called by the owner, and returns at once. For each request the owner is called back exactly
 * once, through {@link CallbackExecutor}, never from within the request; not at all once the request was cancelled. A transport
 * repeats nothing, and need not have timeouts for answers: the algorithm does, which knows what may be repeated. It may
 * fail a request that has had no answer for 5 s or more, long after the algorithm has cancelled it. It picks one of the
 * endpoints, and goes on to the next when a request fails for want of a connection or of a leader, or is cancelled.
 *
 * <p>Keys are byte strings: each character is one byte, 0 to 255 (ISO 8859-1).
 */
public interface EtcdTransport {
    /** Where answers go: runs events one after the other, on the thread that owns the registry. */
    @FunctionalInterface
    interface CallbackExecutor {
        /**
         * Runs {@code event} soon, with the time it is then, in the owner's nanoseconds. From any thread. Does nothing once
         * the owner has ended.
         */
        void execute(LongConsumer event);
    }

    /** Takes what became of a request. */
    interface Answer<T> {
        /**
         * It is done.
         *
         * @param now the owner's time, in nanoseconds
         */
        void onAnswer(long now, T value);

        /**
         * It may have taken effect all the same, unless the kind of failure says otherwise.
         *
         * @param now the owner's time, in nanoseconds
         */
        void onFailure(long now, EtcdFailure failure);
    }

    /** Takes what a watch brings. */
    interface WatchListener {
        /** etcd watches from now on: no change from the revision asked for on will be left out. */
        void onCreated(long now);

        /**
         * Changes in the order of their revisions; all changes of a revision come in one call.
         *
         * @param events one or more
         */
        void onEvents(long now, List<WatchEvent> events);

        /**
         * Nothing comes any more, for whatever reason: an error, a cancel by etcd, a compaction, the plain end of the
         * stream. The last call, made exactly once.
         */
        void onEnd(long now, EtcdFailure failure);
    }

    /** A request on its way, or a watch. */
    @FunctionalInterface
    interface Call {
        /**
         * The owner has waited long enough: calls nobody back for it from now on, frees what it holds, and takes another
         * endpoint for what comes. Watches at the one it leaves end. Does nothing when it has ended.
         */
        void cancel();
    }

    /**
     * Grants a lease.
     *
     * @param ttlSeconds for how long, 1 or more; etcd may grant a longer time
     * @param answer takes the lease's id
     */
    Call grantLease(long ttlSeconds, Answer<Long> answer);

    /**
     * Renews a lease.
     *
     * @param answer takes the seconds it lives from now on; 0 or less when there is no such lease (any more)
     */
    Call keepAlive(long lease, Answer<Long> answer);

    /**
     * Revokes a lease, and so deletes its keys.
     *
     * @param answer takes the revision it happened at; {@link EtcdFailure.Kind#LEASE_NOT_FOUND} where there is no such
     *     lease
     */
    Call revokeLease(long lease, Answer<Long> answer);

    /**
     * Writes all of {@code writes}, in one transaction.
     *
     * @param writes 1 to 128, each of another key
     * @param answer takes the revision it happened at; {@link EtcdFailure.Kind#LEASE_NOT_FOUND} when a lease of a put
     *     does not exist, and then nothing is written
     */
    Call commit(List<Write> writes, Answer<Long> answer);

    /**
     * Reads keys in order of their bytes: a linearizable read.
     *
     * @param from the first key
     * @param to the key behind the last one
     * @param revision as of which to read; 0 for the latest
     * @param limit of keys to answer with, 1 or more; where they are too large to hold, the page has fewer
     * @param answer takes the first of the keys; {@link EtcdFailure.Kind#COMPACTED} when that revision is gone
     */
    Call range(String from, String to, long revision, int limit, Answer<RangePage> answer);

    /**
     * The revision that etcd is at, not before the moment of asking: a linearizable read.
     *
     * @param key some key; its value is not read
     * @param answer takes etcd's revision
     */
    Call revision(String key, Answer<Long> answer);

    /**
     * Watches keys, until it is cancelled or ends by itself. Asks etcd to end it when it has no leader.
     *
     * @param from the first key
     * @param to the key behind the last one
     * @param revision of the first change to be told of
     */
    Call watch(String from, String to, long revision, WatchListener listener);

    /**
     * Ends every request without an answer, and all connections and threads. Returns when that is done, after 5 s at most.
     */
    void close();
}
