package io.socketz.state.etcd;

import io.socketz.state.AbstractRegistry;
import io.socketz.state.AuditResult;
import io.socketz.state.ChangeFeed;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.KickResult;
import io.socketz.state.Member;
import io.socketz.state.RegistryFactory;
import io.socketz.state.RegistryMetrics;
import io.socketz.state.Roster;
import io.socketz.state.Roster.ServerPart;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.transport.EtcdTransport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The registry of a server in a cluster: {@link Replication}, with a thread and a clock. While etcd is away, it still
 * answers, from what it knew.
 */
public final class EtcdRegistry extends AbstractRegistry {
    /** In addition to the time to leave: 5 s for the transport to close, and 1 s for a slow machine. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(6);

    /** Time services usually step a clock back by less; after a larger step, the earlier stamps were wrong. */
    private static final Duration MAX_AHEAD = Duration.ofSeconds(1);

    private final EtcdTransport transport;

    /** Owned by the state thread. */
    private final Replication replication;

    private final CompletableFuture<Void> known = new CompletableFuture<>();

    /** When the alarm that is set runs, as {@link System#nanoTime}. Owned by the state thread. */
    private long alarmAt = Long.MAX_VALUE;

    private EtcdRegistry(
            Member self,
            StateThread state,
            ClusterSettings settings,
            Function<EtcdTransport.CallbackExecutor, EtcdTransport> transport,
            EtcdRegistryListener listener) {
        super(self, state, InstantSource.system(), MAX_AHEAD, nobody(self));
        this.transport = transport.apply(this::execute);
        this.replication = new Replication(
                self, settings, this.transport, new Random(), InstantSource.system(), listener, this::kicked);
    }

    private static Roster nobody(Member self) {
        return Roster.replica(0, 0, List.of(), List.of(new ServerPart(self, List.of())), List.of(), System.nanoTime());
    }

    /**
     * Opens registries that keep a cluster's roster in etcd; none of them waits for etcd.
     *
     * <p>{@link RegistryFactory#open} throws {@link IllegalArgumentException} if other servers would not accept this one as
     * a member: if its name or address has over 300 characters, or characters that are not allowed.
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

    /** Otherwise its clients would be on no roster but its own, and only the other servers would report why. */
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
            long now = System.nanoTime();
            event.accept(now);
            replication.onEventEnd(now);
        } finally {
            if (!replication.isListCurrent()) {
                rosterChanged();
            } else {
                publish(); // which the event may have made already, for a fresh answer
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
        if (time == alarmAt) { // otherwise an earlier alarm has replaced it
            alarmAt = Long.MAX_VALUE;
            on(replication::onTime);
        }
    }

    @Override
    protected void onJoin(Client client, Runnable onAnnounced) {
        on(now -> replication.onJoin(now, client, onAnnounced));
    }

    @Override
    protected boolean isKnownAtOnce() {
        return false;
    }

    @Override
    protected void onRename(Client client, Runnable onAnnounced) {
        on(now -> replication.onRename(now, client.number(), client.name(), onAnnounced));
    }

    @Override
    protected void onLeave(Client client, String reason, long at) {
        on(now -> replication.onLeave(client.number(), reason, at));
    }

    @Override
    protected Roster onRoster() {
        return replication.roster();
    }

    @Override
    public RegistryMetrics metrics() {
        return replication.metrics().read(System.nanoTime());
    }

    @Override
    public ChangeFeed changes() {
        return replication.changes();
    }

    @Override
    protected void onKickAsked(List<Client> clients, String reason, Consumer<KickResult> answer) {
        // Only after the event, which publishes the roster without them.
        on(now -> replication.askKick(now, clients, reason, result -> execute(later -> answer.accept(result))));
    }

    @Override
    protected void onAuditAsked(Consumer<Optional<AuditResult>> answer) {
        on(now -> replication.askAudit(now, result -> execute(later -> answer.accept(result))));
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
                    replication.askFresh(now, askedAt, fresh -> {
                        publish(); // before the answer: whoever hears it must get no older roster afterwards
                        answer.complete(fresh);
                    });
                }
            }));
        } catch (RejectedExecutionException e) {
            return closed();
        }
        return answer;
    }

    /** The state thread owns the transport, so it closes it; this thread does so only if the state thread has ended. */
    @Override
    protected void onClose(Duration patience) {
        CountDownLatch closed = new CountDownLatch(1);
        LongConsumer end = now -> {
            transport.close();
            closed.countDown();
        };
        if (!tryExecute(now -> replication.onClosing(now, now + patience.toNanos(), () -> execute(end)))) {
            transport.close(); // the state thread has ended
        } else if (!state().isCurrent()) {
            try {
                if (!closed.await(patience.plus(CLOSE_TIMEOUT).toNanos(), TimeUnit.NANOSECONDS)) {
                    transport.close();
                }
            } catch (InterruptedException e) {
                execute(end); // without deleting its keys
                Thread.currentThread().interrupt();
            }
        }
    }
}
