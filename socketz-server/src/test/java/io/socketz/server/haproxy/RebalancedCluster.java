package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.haproxy.Rebalancing.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Servers that rebalance, their clients, and a HAProxy that spreads these at random by the weights that it has heard, on
 * virtual time. What servers see of each other is up to half a second old. A client that is let go comes back within two
 * seconds. It fails if one is let go within {@link LateMoves#REST_NANOS} after it was let go before, unless the server
 * has started in between.
 */
final class RebalancedCluster {
    static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    static final long QUIET = 10 * SECOND;

    private static final long NOTICE = 4 * SECOND;
    private static final long STEP = SECOND / 10;

    /** Steps by which what a server sees is late, at most. */
    private static final int MOST_LATE = 5;

    private static final long NEVER = Long.MIN_VALUE;

    private static final class Client {
        private long joinedAt;
        private long comesAt;
        private long movedAt = NEVER;
    }

    /** What all servers could see at one time. */
    private record View(Spread spread, long letGo) {}

    final class Server {
        private final List<Client> clients = new ArrayList<>();
        private UUID id = new UUID(0, 0);
        private Rebalancing rebalancing = new Rebalancing(id, QUIET, NOTICE);
        private LateMoves moves = new LateMoves(0);

        private long startedAt;

        /** How many clients had been let go when it started. */
        private long letGoBefore;

        private long looksAt;
        private long agentAt;

        /** As HAProxy knows it; 0: no clients. */
        private int weight = 100;

        private boolean up;

        /** When it closes its first client, and its last one; 0 while it does not drain. */
        private long drainFrom;

        private long drainedAt;

        private final Deque<Client> candidates = new ArrayDeque<>();
        private int told;

        /** Whether HAProxy can connect to it. */
        private boolean reachable = true;

        void start() {
            id = new UUID(random.nextLong(), random.nextLong());
            rebalancing = new Rebalancing(id, QUIET, NOTICE);
            moves = new LateMoves(now);
            startedAt = now;
            letGoBefore = letGo;
            looksAt = now + (long) (random.nextDouble() * SECOND);
            agentAt = now + (long) (random.nextDouble() * SECOND);
            drainedAt = 0;
            up = true;
        }

        int size() {
            return clients.size();
        }

        void setUnreachable() {
            reachable = false;
        }

        void drain(long nanos) {
            drainFrom = now + 2 * SECOND;
            drainedAt = drainFrom + nanos;
        }

        boolean isUp() {
            return up;
        }

        /** What HAProxy chooses it by. */
        private int places() {
            return up && reachable ? weight : 0;
        }

        private void step() {
            if (!up) {
                return;
            }
            if (now - agentAt >= 0) {
                agentAt += SECOND;
                weight = drainedAt > 0 ? 0 : rebalancing.weight();
            }
            if (drainedAt > 0) {
                stepOfDrain();
                return;
            }
            if (now - looksAt >= 0) {
                looksAt += SECOND;
                look();
            }
            if (rebalancing.phase() == Phase.GIVING) {
                give();
            }
        }

        private void stepOfDrain() {
            long left = Math.max(1, (drainedAt - now) / STEP);
            int due = now < drainFrom ? 0 : (int) Math.ceil((double) clients.size() / left);
            for (int i = 0; i < due; i++) {
                away(clients.remove(clients.size() - 1));
            }
            if (now >= drainedAt) {
                up = false;
                new ArrayList<>(clients).forEach(RebalancedCluster.this::away);
                clients.clear();
            }
        }

        private void look() {
            View view = views.get(Math.max(0, views.size() - 1 - random.nextInt(MOST_LATE + 1)));
            moves.onLook(now, Math.max(0, view.letGo - letGoBefore));
            boolean gave = rebalancing.phase() == Phase.GIVING;
            rebalancing.onLook(now, view.spread, told);
            if (rebalancing.phase() == Phase.GIVING && gave && candidates.isEmpty()) {
                rebalancing.onDone(now);
            }
            if (rebalancing.phase() == Phase.GIVING && !gave) {
                told = 0;
                candidates.clear();
                clients.stream()
                        .filter(client -> client.joinedAt < moves.mayGoBefore(now))
                        .forEach(candidates::add);
            }
        }

        /** A tenth of what may go in this second. */
        private void give() {
            int most = Math.max(1, (rebalancing.allowed() - told + 9) / 10);
            for (int i = 0; i < most && told < rebalancing.allowed() && !candidates.isEmpty(); i++) {
                Client client = candidates.remove();
                if (clients.remove(client)) {
                    boolean rested = now - client.movedAt >= LateMoves.REST_NANOS;
                    assertThat(client.movedAt == NEVER || rested || client.movedAt < startedAt)
                            .as("seed %d: nobody is moved twice", seed)
                            .isTrue();
                    client.movedAt = now;
                    told++;
                    letGo++;
                    if (returns) {
                        away(client);
                    }
                }
            }
        }
    }

    private final long seed;
    private final Random random;
    private final List<Server> servers = new ArrayList<>();
    private final List<Client> away = new ArrayList<>();

    /** The last ones, oldest first. */
    private final List<View> views = new ArrayList<>();

    private long now = 1_000_000 * SECOND;
    private long letGo;
    private boolean returns = true;

    /** The chance of a client to leave and come back, a second. */
    private double churn;

    /** @param sizes how many clients each server has, for long */
    RebalancedCluster(long seed, int... sizes) {
        this.seed = seed;
        this.random = new Random(seed);
        for (int size : sizes) {
            Server server = new Server();
            server.start();
            for (int i = 0; i < size; i++) {
                server.clients.add(new Client());
            }
            servers.add(server);
        }
        look();
    }

    List<Server> servers() {
        return servers;
    }

    /** How many clients all servers have let go. */
    long letGo() {
        return letGo;
    }

    /** From now on, whoever is let go does not come back. */
    void setGone() {
        returns = false;
    }

    void setChurn(double aSecond) {
        churn = aSecond;
    }

    Spread spread() {
        Map<UUID, Integer> clients = new HashMap<>();
        servers.stream().filter(Server::isUp).forEach(server -> clients.put(server.id, server.size()));
        return new Spread(clients);
    }

    private void look() {
        views.add(new View(spread(), letGo));
        if (views.size() > MOST_LATE + 1) {
            views.remove(0);
        }
    }

    void run(long nanos) {
        for (long end = now + nanos; now < end; now += STEP) {
            servers.forEach(Server::step);
            leave();
            connect();
            look();
        }
    }

    private void leave() {
        for (Server server : servers) {
            int leaving = (int) (server.size() * churn / 10 + random.nextDouble());
            for (int i = 0; i < leaving && server.size() > 0; i++) {
                away(server.clients.remove(random.nextInt(server.size())));
            }
        }
    }

    private void away(Client client) {
        client.comesAt = now + (long) (random.nextDouble() * 2 * SECOND);
        away.add(client);
    }

    private void connect() {
        List<Client> coming = new ArrayList<>();
        away.removeIf(client -> client.comesAt <= now && coming.add(client));
        for (Client client : coming) {
            Server server = choose();
            if (server == null) {
                away(client);
            } else {
                client.joinedAt = now;
                server.clients.add(client);
            }
        }
    }

    private @Nullable Server choose() {
        int rest = random.nextInt(
                Math.max(1, servers.stream().mapToInt(Server::places).sum()));
        for (Server server : servers) {
            rest -= server.places();
            if (rest < 0) {
                return server;
            }
        }
        return null;
    }
}
