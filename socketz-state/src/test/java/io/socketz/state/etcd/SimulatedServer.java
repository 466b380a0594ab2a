package io.socketz.state.etcd;

import static io.socketz.state.etcd.Simulation.MILLISECOND;

import io.socketz.state.AuditResult;
import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.FreshRoster;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
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

        /** A client joins. Returns what is to be run when it is announced. */
        Runnable onJoin(SimulatedServer server, long number);

        /** A client takes a name. Returns what is to be run when that is announced. */
        Runnable onRename(SimulatedServer server);

        /** Judges who is disconnected. */
        KickReferee kicks();

        /** A server was asked to compare its keys. Returns what hears the answer. */
        Consumer<Optional<AuditResult>> onAudit(SimulatedServer server);

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

    private final Map<String, Departure> departed = new HashMap<>();

    /** When each client left, by number. */
    private final Map<Long, Long> leftAt = new HashMap<>();

    /** Events that came while it was frozen. */
    private final Deque<LongConsumer> missed = new ArrayDeque<>();

    private boolean begunToClose;
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
        this.replication = new Replication(
                self,
                settings,
                transport,
                new Random(random.nextLong()),
                () -> Instant.ofEpochMilli(millis()),
                EtcdRegistryListener.NONE,
                (client, reason) -> onKick(client));
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

    /** When a client left; {@link Long#MAX_VALUE} if it has not. */
    long leftAt(long number) {
        return leftAt.getOrDefault(number, Long.MAX_VALUE);
    }

    /** Whether it has begun to leave gracefully. */
    boolean hasBegunToClose() {
        return begunToClose;
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
        long since = millis();
        long number = ++lastNumber;
        String via = random.nextBoolean() ? null : "10.0.0.2:" + (1 + random.nextInt(65_535));
        Client client = new Client(self.id(), number, "198.51.100.7:" + number, via, since);
        clients.add(client);
        clientSet.add(client);
        tableChanges++;
        simulation.trace(() -> name() + " join " + number);
        Runnable onAnnounced = referee.onJoin(this, number);
        step(now -> replication.onJoin(now, client, onAnnounced));
    }

    /** One client takes another name, or a few names one after the other, or has none any more. */
    void rename() {
        if (clients.isEmpty()) {
            return;
        }
        Random random = simulation.random();
        int at = random.nextInt(clients.size());
        for (int i = random.nextInt(3); i >= 0; i--) {
            Client before = clients.get(at);
            String name = random.nextInt(4) == 0 ? null : "name" + random.nextInt(5);
            Client renamed = before.withName(name);
            clientSet.remove(before);
            clientSet.add(renamed);
            clients.set(at, renamed);
            tableChanges += renamed.equals(before) ? 0 : 1;
            simulation.trace(() -> name() + " rename " + before.number() + " to " + name);
            Runnable onAnnounced = referee.onRename(this);
            step(now -> replication.onRename(now, before.number(), name, onAnnounced));
        }
    }

    void leave() {
        if (clients.isEmpty()) {
            return;
        }
        int index = simulation.random().nextInt(clients.size());
        long number = clients.get(index).number();
        Departure left = remove(index, "REASON_" + number); // nobody else's
        step(now -> replication.onLeave(number, left.reason(), left.at()));
        if (simulation.random().nextInt(8) == 0) {
            step(now -> replication.onLeave(number, "TWICE", left.at()));
        }
    }

    private Departure remove(int index, String reason) {
        Client client = clients.get(index);
        clients.set(index, clients.get(clients.size() - 1));
        clients.remove(clients.size() - 1);
        clientSet.remove(client);
        leftAt.put(client.number(), simulation.now());
        tableChanges++;
        simulation.trace(() -> name() + " leave " + client.number() + ": " + reason);
        Departure left = new Departure(client, reason, millis(), 0);
        departed.put(client.id(), left);
        return left;
    }

    private long millis() {
        return EPOCH + simulation.now() / MILLISECOND + clockSkew;
    }

    /** The clients that have left it, by id. */
    Map<String, Departure> departed() {
        return departed;
    }

    /** Some of those whom it shows are to be disconnected. */
    void kick() {
        List<Client> shown = replication.roster().clients();
        List<Client> some = new ArrayList<>();
        for (int i = simulation.random().nextInt(3); i >= 0 && !shown.isEmpty(); i--) {
            Client client = shown.get(simulation.random().nextInt(shown.size()));
            referee.kicks().onAsked(client.id());
            some.add(client);
        }
        simulation.trace(
                () -> name() + " disconnects " + some.stream().map(Client::id).toList());
        step(now -> replication.askKick(now, some, "a reason", result -> {
            simulation.trace(() -> name() + " answers " + result);
            referee.kicks().onAnswer(this, some, result);
        }));
    }

    private void onKick(Client client) {
        simulation.trace(() -> name() + " is to disconnect " + client.number());
        referee.kicks().onKicked(this, client);
        long after = simulation.between(0, 20 * MILLISECOND);
        simulation.after(after, () -> execute(now -> onDisconnected(client.number())));
    }

    private void onDisconnected(long number) {
        for (int i = 0; i < clients.size() && state == State.LIVE; i++) {
            if (clients.get(i).number() == number) {
                Departure left = remove(i, Registry.KICKED);
                replication.onLeave(number, left.reason(), left.at());
            }
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

    void audit() {
        simulation.trace(() -> name() + " is to compare its keys");
        Consumer<Optional<AuditResult>> answer = referee.onAudit(this);
        step(now -> replication.askAudit(now, result -> {
            simulation.trace(() -> name() + " answers " + result);
            answer.accept(result);
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

    /** Leaves gracefully. */
    void close(Runnable then) {
        simulation.trace(() -> name() + " closes");
        state = State.CLOSING;
        begunToClose = true;
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
