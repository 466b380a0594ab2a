package io.socketz.it.load;

import io.socketz.it.Topology;
import io.socketz.it.TopologyException;
import io.socketz.it.load.SwarmClient.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Clients that connect through HAProxy, send requests all the time, check each answer, and reconnect when they lose
 * their connection. They also leave now and then, unless they are told to stay. For any thread.
 */
public final class Swarm implements AutoCloseable {
    /** How long a client waits for an answer. HAProxy needs 3.5 s to notice that a server is silent. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int STACK_BYTES = 256 << 10;
    /**
     * A client notices the end only now and then: it may first have to connect, be greeted, ask for the id, and quit.
     * One more to spare.
     */
    private static final Duration END = PATIENCE.multipliedBy(5);

    private final int port;
    private final List<SwarmClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Incident> incidents = new ConcurrentLinkedQueue<>();
    private final LongAdder connects = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final PresenceHistory history = new PresenceHistory();

    /** Written by the owner of the swarm. */
    private volatile boolean wandering = true;

    private volatile boolean closed;

    private Swarm(int port) {
        this.port = port;
    }

    /**
     * Starts the clients, and does not wait until all are connected.
     *
     * @param clients how many
     * @param seed of their choices; when they make these depends on the machine
     * @throws TopologyException if the system refuses that many threads
     */
    public static Swarm start(Topology topology, int clients, long seed) {
        Swarm swarm = new Swarm(topology.clientPorts().get(0));
        Random random = new Random(seed);
        for (int i = 0; i < clients; i++) {
            SwarmClient client = new SwarmClient(i, swarm, new Random(random.nextLong()));
            Thread thread = new Thread(null, client, "client " + i, STACK_BYTES);
            thread.setDaemon(true);
            swarm.clients.add(client);
            swarm.threads.add(thread);
        }
        try {
            swarm.threads.forEach(Thread::start);
        } catch (OutOfMemoryError e) {
            swarm.close();
            throw new TopologyException("cannot start " + clients + " clients: " + e.getMessage());
        }
        return swarm;
    }

    /** From now on no client leaves by choice, and those that are away come back. */
    public void settle() {
        wandering = false;
    }

    /** From now on, clients leave now and then, as they do at the start. */
    public void wander() {
        wandering = true;
    }

    /** How many clients there are, connected or not. */
    public int size() {
        return clients.size();
    }

    /** Addresses of all open connections, as far as the clients know. */
    public Set<String> open() {
        return addresses(seat -> true);
    }

    /** Addresses of the clients on one server, as far as they know. */
    public Set<String> on(UUID server) {
        return addresses(seat -> server.equals(seat.server()));
    }

    /** The servers that clients are on. */
    public Set<UUID> servers() {
        return seats().map(Seat::server).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    private Set<String> addresses(Predicate<Seat> wanted) {
        return seats().filter(wanted).map(Seat::address).collect(Collectors.toSet());
    }

    private Stream<Seat> seats() {
        return clients.stream().map(SwarmClient::seat).filter(Objects::nonNull);
    }

    /** All incidents, roughly in the order in which they happened. */
    public List<Incident> incidents() {
        return List.copyOf(incidents);
    }

    /** How many connections were greeted. */
    public long connects() {
        return connects.sum();
    }

    /** What its clients did. Complete once the swarm is closed. */
    public PresenceHistory history() {
        return history;
    }

    /** How many requests were answered correctly. */
    public long answers() {
        return answers.sum();
    }

    /** Closes all connections, and returns when all clients have ended. */
    @Override
    public void close() {
        closed = true;
        long deadline = System.nanoTime() + END.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they end by themselves
        }
    }

    // ---- Called by clients ----------------------------------------------------------------------------------

    int port() {
        return port;
    }

    boolean wanders() {
        return wandering;
    }

    boolean isClosed() {
        return closed;
    }

    void onConnect() {
        connects.increment();
    }

    void onAnswer() {
        answers.increment();
    }

    void onIncident(Incident incident) {
        if (!closed) {
            incidents.add(incident);
        }
    }
}
