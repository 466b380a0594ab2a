package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.Client;
import io.socketz.state.Roster;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that come and go, some hundred a second, on a thread of their own. Whatever happens to etcd, each server
 * shows exactly its own clients.
 */
final class Churn {
    private static final int FEWEST = 50;
    private static final int MOST = 100;
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final List<Node> nodes;
    private final Random random;
    private final CompletableFuture<Void> firstChange = new CompletableFuture<>();
    private final CompletableFuture<Integer> changes;
    private volatile boolean stopped;

    private Churn(List<Node> nodes, Random random) {
        this.nodes = nodes;
        this.random = random;
        this.changes = Await.start(this::run);
    }

    /**
     * Waits for the first change: a fault may be over within a few milliseconds. The churn owns the servers' clients from
     * now on, until it is stopped.
     */
    static Churn start(Fleet fleet, Random random) {
        Churn churn = new Churn(List.copyOf(fleet.nodes()), random);
        Await.get(CompletableFuture.anyOf(churn.firstChange, churn.changes));
        return churn;
    }

    /** Returns how often a client came or went. */
    int stop() {
        stopped = true;
        return Await.get(changes);
    }

    private int run() {
        int count = 0;
        while (!stopped) {
            Node node = nodes.get(random.nextInt(nodes.size()));
            int size = node.clients().size();
            if (size < FEWEST || (size < MOST && random.nextBoolean())) {
                node.join();
            } else {
                node.leave(random.nextInt(size));
            }
            count++;
            firstChange.complete(null);
            Roster roster = node.roster();
            List<Client> own = roster.clients().stream()
                    .filter(client -> client.server().equals(node.id()))
                    .toList();
            assertThat(own).isEqualTo(node.clients());
            assertThat(roster.size()).isEqualTo(roster.clients().size());
            LockSupport.parkNanos(PACE_NANOS);
        }
        return count;
    }
}
