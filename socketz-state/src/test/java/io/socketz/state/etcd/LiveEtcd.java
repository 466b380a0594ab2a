package io.socketz.state.etcd;

import io.socketz.state.Await;
import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.etcd.transport.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A {@link ModelEtcd} in real time, for servers to offer on the network: leases expire when they are due, and watches hear
 * of changes at once. One thread owns it; the servers' code may run there too.
 *
 * <pre>{@code
 *   registry -> transport -> wire -> a faulty server -> LiveEtcd, on its thread
 * }</pre>
 */
public final class LiveEtcd implements Executor, AutoCloseable {
    /** etcd refuses. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final EtcdFailure.Kind kind;

        Refused(EtcdFailure.Kind kind, String message) {
            super(message, null, false, false);
            this.kind = kind;
        }

        public EtcdFailure.Kind kind() {
            return kind;
        }

        /** etcd's own text. */
        public String words() {
            return "etcdserver: " + getMessage();
        }
    }

    /** Hears what a watch brings, on etcd's thread. */
    public interface Watcher {
        /** All changes since the last call. */
        void onEvents(long revision, List<WatchEvent> events);

        /** The requested revision is compacted; the watch has ended. */
        void onCompacted(long oldest);
    }

    private static final long LONGEST_MEMBER_LEASE_SECONDS = 6;

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1,
            task -> {
                Thread created = new Thread(task, "live etcd");
                created.setDaemon(true);
                return created;
            },
            new ThreadPoolExecutor.DiscardPolicy()); // ignores what servers still report after the end

    /** Owned by the thread, like everything below. */
    private final ModelEtcd etcd = new ModelEtcd(1);

    private boolean leader = true;
    private long leastSeconds = 1;

    public LiveEtcd() {
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs something on its thread. */
    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    /** Runs something on its thread, and waits for it. */
    public void run(Runnable task) {
        Object unused = Await.get(thread.submit(task, task));
    }

    /** Computes something on its thread, and waits for the result. */
    public <T> T ask(Callable<T> question) {
        return Await.get(thread.submit(question));
    }

    // ---------------------------------------------------------------- what servers ask, on its thread

    public long grant(long ttlSeconds) {
        checkLeader();
        long granted = Math.max(ttlSeconds, leastSeconds);
        long lease = etcd.grant(System.nanoTime(), granted);
        expireAfter(granted);
        return lease;
    }

    /** The seconds that the lease lives from now on; 0 if there is no such lease. */
    public long keepAlive(long lease) {
        checkLeader();
        long ttlSeconds = etcd.keepAlive(System.nanoTime(), lease);
        expireAfter(ttlSeconds);
        return ttlSeconds;
    }

    private void expireAfter(long seconds) {
        var unused = thread.schedule(() -> etcd.expire(System.nanoTime()), seconds, TimeUnit.SECONDS);
    }

    public long revoke(long lease) {
        checkLeader();
        try {
            return etcd.revoke(System.nanoTime(), lease);
        } catch (ModelEtcd.Refusal e) {
            throw refused(e);
        }
    }

    public Committed commit(Fence fence, List<Write> writes) {
        checkLeader();
        try {
            return etcd.commit(System.nanoTime(), fence, writes);
        } catch (ModelEtcd.Refusal e) {
            throw refused(e);
        }
    }

    /** Without a fence. */
    public long commit(List<Write> writes) {
        checkLeader();
        try {
            return etcd.commit(System.nanoTime(), writes);
        } catch (ModelEtcd.Refusal e) {
            throw refused(e);
        }
    }

    public RangePage range(String from, String to, long revision, int limit) {
        checkLeader();
        try {
            return etcd.range(from, to, revision, limit);
        } catch (ModelEtcd.Refusal e) {
            throw refused(e);
        }
    }

    public long revision() {
        return etcd.revision();
    }

    private static Refused refused(ModelEtcd.Refusal refusal) {
        return new Refused(refusal.failure().kind(), String.valueOf(refusal.getMessage()));
    }

    /** Throws if there is no leader. */
    public void checkLeader() {
        if (!leader) {
            throw new Refused(EtcdFailure.Kind.UNAVAILABLE, "no leader");
        }
    }

    /**
     * Watches changes from a revision on.
     *
     * @param revision 0 for the next one
     * @return ends the watch
     */
    public Runnable watch(String from, String to, long revision, Watcher watcher) {
        Watch watch = new Watch(from, to, revision, watcher);
        etcd.observe(watch);
        watch.run();
        return () -> etcd.ignore(watch);
    }

    private final class Watch implements Runnable {
        private final String from;
        private final String to;
        private final Watcher watcher;

        /** The first revision that was not reported. */
        private long next;

        Watch(String from, String to, long revision, Watcher watcher) {
            this.from = from;
            this.to = to;
            this.next = revision == 0 ? etcd.revision() + 1 : revision;
            this.watcher = watcher;
        }

        @Override
        public void run() {
            if (next < etcd.compacted()) {
                etcd.ignore(this);
                watcher.onCompacted(etcd.compacted());
                return;
            }
            List<WatchEvent> events = new ArrayList<>();
            for (; next <= etcd.revision(); next++) {
                for (ModelEtcd.Change change : etcd.history(0).at(next)) {
                    if (change.key().compareTo(from) >= 0 && change.key().compareTo(to) < 0) {
                        events.add(change.event());
                    }
                }
            }
            if (!events.isEmpty()) {
                watcher.onEvents(etcd.revision(), events);
            }
        }
    }

    // ---------------------------------------------------------------- what tests do, on any thread

    /** The current keys and values. */
    public Set<String> keys() {
        return ask(() -> new TreeSet<>(etcd.keys().keySet()));
    }

    /** The ids of all leases. */
    public List<Long> leases() {
        return ask(etcd::leases);
    }

    /** The lease that a key hangs on; 0 for none, or if there is no such key. */
    public long leaseOf(String key) {
        return ask(() -> {
            KeyValue entry = etcd.keys().get(key);
            return entry == null ? 0 : entry.lease();
        });
    }

    /** Whether a key has existed and then was gone. */
    public boolean wasDeleted(String key) {
        return ask(() -> {
            for (long revision = 2; revision <= etcd.revision(); revision++) {
                for (ModelEtcd.Change change : etcd.history(0).at(revision)) {
                    if (change.key().equals(key) && change.event().put() == null) {
                        return true;
                    }
                }
            }
            return false;
        });
    }

    /** Grants at least so many seconds from now on. */
    public void grantAtLeast(long seconds) {
        run(() -> leastSeconds = seconds);
    }

    /**
     * Forgets all revisions but the latest.
     *
     * @return that one
     */
    public long compact() {
        return ask(() -> {
            etcd.compact(etcd.revision());
            return etcd.compacted();
        });
    }

    /** From now on, requests get only that answer. Leases do not expire. */
    public void loseLeader() {
        run(() -> {
            leader = false;
            etcd.goDown();
        });
    }

    /** Every lease has its full time again. */
    public void elect() {
        run(() -> {
            leader = true;
            etcd.elect(System.nanoTime());
            expireAfter(LONGEST_MEMBER_LEASE_SECONDS);
        });
    }

    /** Completes after the next change. */
    public CompletableFuture<Object> nextChange() {
        CompletableFuture<Object> changed = new CompletableFuture<>();
        ask(() -> {
            Runnable observer = () -> changed.complete(changed);
            etcd.observe(observer);
            return changed.thenRun(() -> execute(() -> etcd.ignore(observer)));
        });
        return changed;
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                throw new AssertionError("the model's thread does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
