package io.socketz.state.etcd.transport;

import java.util.List;
import java.util.function.LongConsumer;

/**
 * The way to etcd: what the algorithm asks of it, and no more. etcd's API reference, {@code rpc.proto}, specifies all of it.
 *
 * <p>The owner, the thread that owns the registry, makes all calls here; they return at once. For each request the owner is
 * called back exactly once, through {@link CallbackExecutor}, never from within the request, and not at all after it has
 * cancelled the request. A transport retries nothing and needs no timeouts for answers: the algorithm has them, since it
 * knows what may be retried. A transport may fail a request that has had no answer for 5 s or more, long after the algorithm
 * has cancelled it. It picks one of the endpoints, and moves on to the next one when a request is cancelled, or fails for
 * lack of a connection or a leader.
 *
 * <p>Keys are byte strings: each character is one byte, 0 to 255 (ISO 8859-1).
 */
public interface EtcdTransport {
    /** Runs callbacks one after the other, on the owner. */
    @FunctionalInterface
    interface CallbackExecutor {
        /**
         * Runs {@code callback} soon, and passes it the owner's time then, in nanoseconds. May be called from any thread. Does
         * nothing once the owner has ended.
         */
        void execute(LongConsumer callback);
    }

    /** Hears the outcome of a request. */
    interface Answer<T> {
        /**
         * etcd has answered.
         *
         * @param now the owner's time, in nanoseconds
         */
        void onAnswer(long now, T value);

        /**
         * The request has failed. It may have taken effect nevertheless, unless the kind of failure says otherwise.
         *
         * @param now the owner's time, in nanoseconds
         */
        void onFailure(long now, EtcdFailure failure);
    }

    /** Hears what a watch brings. */
    interface WatchListener {
        /** etcd watches now: no change from the requested revision on will be missing. */
        void onCreated(long now);

        /**
         * Changes in the order of their revisions; all changes of a revision come in one call.
         *
         * @param events one or more
         */
        void onEvents(long now, List<WatchEvent> events);

        /**
         * The watch has ended, for any reason: an error, a cancel by etcd, a compaction, the plain end of the stream. The last
         * call, made exactly once.
         */
        void onEnd(long now, EtcdFailure failure);
    }

    /** A request on its way, or a watch. */
    @FunctionalInterface
    interface Call {
        /**
         * Gives up on the request: nothing is called back for it from now on, what it holds is freed, and later requests go to
         * another endpoint. Watches at the endpoint that is left end. Does nothing if the request has ended.
         */
        void cancel();
    }

    /**
     * Grants a lease.
     *
     * @param ttlSeconds for how long, 1 or more; etcd may grant a longer time
     * @param answer hears the lease's id
     */
    Call grantLease(long ttlSeconds, Answer<Long> answer);

    /**
     * Renews a lease.
     *
     * @param answer hears the seconds that the lease lives from now on; 0 or less if there is no such lease (any more)
     */
    Call keepAlive(long lease, Answer<Long> answer);

    /**
     * Revokes a lease, and so deletes its keys.
     *
     * @param answer hears the revision of that; {@link EtcdFailure.Kind#LEASE_NOT_FOUND} if there is no such lease
     */
    Call revokeLease(long lease, Answer<Long> answer);

    /**
     * Writes all of {@code writes}, in one transaction, unless the key of {@code fence} has been changed.
     *
     * @param writes 1 to 128, each of another key
     * @param answer {@link EtcdFailure.Kind#LEASE_NOT_FOUND} if the lease of a put does not exist: then nothing is written
     */
    Call commit(Fence fence, List<Write> writes, Answer<Committed> answer);

    /**
     * Reads keys in order of their bytes: a linearizable read.
     *
     * @param from the first key
     * @param to the key after the last one
     * @param revision at which to read; 0 for the latest
     * @param limit how many keys to return at most, 1 or more; if they are too large to hold, the page has fewer
     * @param answer hears the first of the keys; {@link EtcdFailure.Kind#COMPACTED} if that revision is gone
     */
    Call range(String from, String to, long revision, int limit, Answer<RangePage> answer);

    /**
     * Reads the revision that etcd is at, at some time after this call: a linearizable read.
     *
     * @param key some key; its value is not read
     * @param answer hears etcd's revision
     */
    Call revision(String key, Answer<Long> answer);

    /**
     * Watches keys until the watch is cancelled or ends. Asks etcd to end the watch when etcd has no leader.
     *
     * @param from the first key
     * @param to the key after the last one
     * @param revision of the first change to report
     */
    Call watch(String from, String to, long revision, WatchListener listener);

    /**
     * Ends all requests without an answer, all connections and all threads. Returns when that is done, after at most 5 s.
     */
    void close();
}
