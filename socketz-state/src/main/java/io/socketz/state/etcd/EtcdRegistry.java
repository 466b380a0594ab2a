package io.socketz.state.etcd;

import io.socketz.state.AbstractRegistry;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.Member;
import io.socketz.state.RegistryFactory;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.transport.EtcdTransport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The registry of a server in a cluster: {@link Replication}, on a thread and with a clock. With etcd away it serves all
 * the same, from what it knew.
 */
public final class EtcdRegistry extends AbstractRegistry {
    /** Beside the time to leave: 5 s for the transport to close, and one for a slow machine. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(6);

    /** Time services step a clock back by less, as a rule; after a larger step the earlier stamps were wrong. */
    private static final Duration MAX_AHEAD = Duration.ofSeconds(1);

    private static final Roster NOBODY = Roster.replica(0, 0, List.of(), System.nanoTime());

    private final EtcdTransport transport;

    /** Owned by the state thread. */
    private final Replication replication;

    private final CompletableFuture<Void> known = new CompletableFuture<>();

    /** The alarm that is set, as {@link System#nanoTime}. Owned by the state thread. */
    private long alarmAt = Long.MAX_VALUE;

    private EtcdRegistry(
            Member self,
            StateThread state,
            ClusterSettings settings,
            Function<EtcdTransport.CallbackExecutor, EtcdTransport> transport,
            EtcdRegistryListener listener) {
        super(self, state, InstantSource.system(), MAX_AHEAD, NOBODY);
        this.transport = transport.apply(this::execute);
        this.replication = new Replication(self, settings, this.transport, new Random(), listener);
    }

    /**
     * Opens registries that keep a cluster's roster in etcd; none of them waits for etcd.
     *
     * <p>A registry is refused, with {@link IllegalArgumentException}, where other servers would not accept this one as a
     * member: a name or an address of over 300 characters, or with characters that are not allowed there.
     *
     * @param settings the same for all servers of the cluster
     * @param transport opens the way to etcd; it is closed with the registry
     * @param listener hears how the registry gets on with etcd
     */
    public static RegistryFactory factory(
            ClusterSettings settings,
            Function<EtcdTransport.CallbackExecutor, EtcdTransport> transport,
            EtcdRegistryListener listener) {
        return (self, state) -> {
            check(self);
            EtcdRegistry registry = new EtcdRegistry(self, state, settings, transport, listener);
            registry.execute(registry.replication::onStart);
            return registry;
        };
    }

    /** Its clients would be on no roster but its own, and only the others would say why. */
    private static void check(Member self) {
        try {
            var unused = EtcdValues.member(self.id(), EtcdValues.of(self));
        } catch (EtcdValues.Malformed e) {
            throw new IllegalArgumentException(
                    "other servers would skip " + self.name() + " at " + self.address() + ": " + e.getMessage(), e);
        }
    }

    /** From any thread: does nothing once the state thread has ended. */
    private void execute(LongConsumer event) {
        var unused = tryExecute(event);
    }

    private boolean tryExecute(LongConsumer event) {
        try {
            state().execute(() -> on(event));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void on(LongConsumer event) {
        try {
            event.accept(System.nanoTime());
        } finally {
            if (!replication.isListCurrent()) {
                rosterChanged();
            } else if (!replication.isRosterCurrent()) {
                publish();
            }
            if (replication.isKnown()) {
                known.complete(null);
            }
            setAlarm();
        }
    }

    private void setAlarm() {
        long deadline = replication.deadline();
        if (deadline < alarmAt) {
            alarmAt = deadline;
            state().executeAt(Math.max(deadline, System.nanoTime()), () -> onAlarm(deadline));
        }
    }

    private void onAlarm(long time) {
        if (time == alarmAt) { // not one that an earlier one has taken the place of
            alarmAt = Long.MAX_VALUE;
            on(replication::onTime);
        }
    }

    @Override
    protected void onJoin(Client client) {
        on(now -> replication.onJoin(now, client));
    }

    @Override
    protected void onLeave(Client client) {
        on(now -> replication.onLeave(now, client));
    }

    @Override
    protected Roster onRoster() {
        return replication.roster();
    }

    @Override
    public CompletableFuture<Void> known() {
        return known.copy();
    }

    @Override
    public CompletableFuture<FreshRoster> freshRoster() {
        if (isClosed()) {
            return closed();
        }
        CompletableFuture<FreshRoster> answer = new CompletableFuture<>();
        long askedAt = System.nanoTime();
        try {
            state().execute(() -> on(now -> {
                if (isClosed()) {
                    answer.completeExceptionally(new IllegalStateException("the registry is closed"));
                } else {
                    replication.askFresh(now, askedAt, answer::complete);
                }
            }));
        } catch (RejectedExecutionException e) {
            return closed();
        }
        return answer;
    }

    /** The transport is the state thread's, so it is closed there; here only if that thread has ended. */
    @Override
    protected void onClose(Duration patience) {
        CountDownLatch closed = new CountDownLatch(1);
        LongConsumer end = now -> {
            transport.close();
            closed.countDown();
        };
        if (!tryExecute(now -> replication.onClosing(now, now + patience.toNanos(), () -> execute(end)))) {
            transport.close(); // its owner has ended
        } else if (!state().isCurrent()) {
            try {
                if (!closed.await(patience.plus(CLOSE_TIMEOUT).toNanos(), TimeUnit.NANOSECONDS)) {
                    transport.close();
                }
            } catch (InterruptedException e) {
                execute(end); // without taking leave
                Thread.currentThread().interrupt();
            }
        }
    }
}
