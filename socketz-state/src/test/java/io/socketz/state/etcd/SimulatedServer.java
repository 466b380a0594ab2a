package io.socketz.state.etcd;

import static io.socketz.state.etcd.Simulation.MILLISECOND;

import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.Member;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * A server in a simulation: its registry's algorithm, and what a referee needs to judge it.
 *
 * <pre>{@code
 *   LIVE <--freeze, wake--> FROZEN
 *     +--close--> CLOSING --done--> GONE <--crash-- LIVE, FROZEN or CLOSING
 * }</pre>
 */
final class SimulatedServer implements EtcdTransport.CallbackExecutor {
    enum State {
        LIVE,
        FROZEN,
        CLOSING,
        GONE
    }

    /** Hears what a server does. */
    interface Referee {
        /** A live server has handled an event. */
        void afterStep(SimulatedServer server);

        /** A server was asked for a fresh roster. */
        LongConsumerOfFresh onAsked(SimulatedServer server);
    }

    /** Hears the answer, and when it came. */
    interface LongConsumerOfFresh {
        void accept(long now, FreshRoster answer);
    }

    private static final long EPOCH = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();

    private final Simulation simulation;
    private final Referee referee;
    private final Weather weather;
    private final ModelTransport transport;
    private final Replication replication;
    private final Member self;
    private final long startedAt;

    /** How far its clock is off, in milliseconds. */
    private final int clockSkew;

    /** The clients that are connected to it, in no order. */
    private final List<Client> clients = new ArrayList<>();

    private final Set<Client> clientSet = new HashSet<>();

    /** Events that came while it was frozen. */
    private final Deque<LongConsumer> missed = new ArrayDeque<>();

    private State state = State.LIVE;
    private long goneAt = Long.MAX_VALUE;
    private long lastNumber;
    private long tableChanges;
    private boolean crowded;

    /** When {@link #onWake} will run next. */
    private long wakeAt = Long.MAX_VALUE;

    SimulatedServer(
            String name,
            Simulation simulation,
            ModelEtcd etcd,
            ClusterSettings settings,
            Weather weather,
            Referee referee) {
        Random random = simulation.random();
        this.simulation = simulation;
        this.weather = weather;
        this.referee = referee;
        this.startedAt = simulation.now();
        this.clockSkew = random.nextInt(2_000) - 1_000;
        UUID id =
                new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() & ~(3L << 62)) | Long.MIN_VALUE);
        this.self = new Member(id, name, "192.0.2.1:5151", Instant.ofEpochMilli(EPOCH));
        this.transport = new ModelTransport(name, etcd, simulation, weather, this);
        this.replication =
                new Replication(self, settings, transport, new Random(random.nextLong()), EtcdRegistryListener.NONE);
        simulation.trace(() -> name + " starts as " + id);
        step(replication::onStart);
    }

    Member self() {
        return self;
    }

    String name() {
        return self.name();
    }

    State state() {
        return state;
    }

    boolean isLive() {
        return state == State.LIVE;
    }

    long startedAt() {
        return startedAt;
    }

    /** When it crashed or had closed; {@link Long#MAX_VALUE} before that. */
    long goneAt() {
        return goneAt;
    }

    Weather weather() {
        return weather;
    }

    ModelTransport transport() {
        return transport;
    }

    Replication replication() {
        return replication;
    }

    /** The clients that are connected to it; if it is gone, those that were. */
    Set<Client> clients() {
        return clientSet;
    }

    /** The number of the client that joined last; 0 before there is one. */
    long lastNumber() {
        return lastNumber;
    }

    /** Counts joins and leaves. */
    long tableChanges() {
        return tableChanges;
    }

    // ---------------------------------------------------------------- what the scenario does

    void join() {
        Random random = simulation.random();
        long since = EPOCH + simulation.now() / MILLISECOND + clockSkew;
        long number = ++lastNumber;
        String via = random.nextBoolean() ? null : "10.0.0.2:" + (1 + random.nextInt(65_535));
        Client client = new Client(self.id(), number, "198.51.100.7:" + number, via, since);
        clients.add(client);
        clientSet.add(client);
        tableChanges++;
        simulation.trace(() -> name() + " join " + number);
        step(now -> replication.onJoin(client));
    }

    void leave() {
        if (clients.isEmpty()) {
            return;
        }
        int at = simulation.random().nextInt(clients.size());
        Client client = clients.get(at);
        clients.set(at, clients.get(clients.size() - 1));
        clients.remove(clients.size() - 1);
        clientSet.remove(client);
        tableChanges++;
        simulation.trace(() -> name() + " leave " + client.number());
        step(now -> replication.onLeave(client));
        if (simulation.random().nextInt(8) == 0) {
            step(now -> replication.onLeave(client));
        }
    }

    /** Many join or leave at the same time; the referee looks once all have. */
    void crowd(int count, boolean come) {
        crowded = true;
        for (int i = 1; i < count; i++) {
            if (come) {
                join();
            } else {
                leave();
            }
        }
        crowded = false;
        join();
    }

    void askFresh() {
        simulation.trace(() -> name() + " asks for a fresh roster");
        LongConsumerOfFresh answer = referee.onAsked(this);
        step(now -> replication.askFresh(now, now, fresh -> {
            simulation.trace(() -> name() + " answers " + (fresh.fresh() ? "fresh" : "stale by " + fresh.age()) + " at "
                    + fresh.roster().revision());
            answer.accept(simulation.now(), fresh);
        }));
    }

    /** Like a process that is stopped or collects garbage. */
    void freezeFor(Duration duration) {
        state = State.FROZEN;
        weather.harm(simulation.now());
        simulation.trace(() -> name() + " freezes for " + duration.toMillis() + " ms");
        simulation.after(duration.toNanos(), this::wake);
    }

    void wake() {
        if (state != State.FROZEN) {
            return;
        }
        simulation.trace(() -> name() + " wakes");
        state = State.LIVE;
        weather.harm(simulation.now());
        if (simulation.random().nextBoolean()) {
            step(replication::onTime);
        }
        while (!missed.isEmpty() && state == State.LIVE) {
            step(missed.remove());
        }
        schedule();
    }

    /** Ends without deleting its keys; what is on its way to etcd arrives. */
    void crash() {
        simulation.trace(() -> name() + " crashes");
        end();
    }

    /** Leaves in order. */
    void close(Runnable then) {
        simulation.trace(() -> name() + " closes");
        state = State.CLOSING;
        weather.harm(simulation.now());
        step(now -> replication.onClosing(now, now + 3_000_000_000L, () -> {
            simulation.trace(() -> name() + " has closed");
            end();
            then.run();
        }));
    }

    private void end() {
        if (state != State.GONE) {
            state = State.GONE;
            goneAt = simulation.now();
            missed.clear();
            transport.breakConnection(new EtcdFailure(EtcdFailure.Kind.UNAVAILABLE, "gone"));
        }
    }

    // ---------------------------------------------------------------- steps

    @Override
    public void execute(LongConsumer event) {
        if (state == State.FROZEN) {
            missed.add(event);
        } else if (state != State.GONE) {
            step(event);
        }
    }

    private void step(LongConsumer event) {
        event.accept(simulation.now());
        replication.onEventEnd(simulation.now());
        if (state == State.LIVE && !crowded) {
            referee.afterStep(this);
        }
        schedule();
    }

    private void schedule() {
        if (state == State.GONE || state == State.FROZEN) {
            return;
        }
        long deadline = replication.deadline();
        if (deadline < wakeAt) {
            wakeAt = Math.max(deadline, simulation.now());
            // threads run late, by a little or a lot
            int lateness = simulation.random().nextInt(50) == 0 ? 60 : 1;
            simulation.at(wakeAt + simulation.between(0, lateness * MILLISECOND), this::onWake);
        }
    }

    private void onWake() {
        wakeAt = Long.MAX_VALUE;
        if (state == State.GONE || state == State.FROZEN) {
            return;
        }
        long now = simulation.now();
        if (replication.deadline() <= now) {
            step(replication::onTime);
            if (state != State.GONE && replication.deadline() <= now) {
                throw new AssertionError(name() + " wants to run again at once: " + replication.deadline());
            }
        } else {
            schedule();
        }
    }
}
