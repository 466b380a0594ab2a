package io.socketz.it;

import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Servers that share a roster, and the clients that must be on it: those that have joined any of them. */
final class Fleet {
    private static final int MANY = 5;

    private final List<Node> nodes = new ArrayList<>();

    void add(Node node) {
        nodes.add(node);
    }

    void remove(Node node) {
        nodes.remove(node);
    }

    List<Node> nodes() {
        return nodes;
    }

    /** The clients of all servers. */
    List<Client> clients() {
        return nodes.stream()
                .flatMap(node -> node.clients().stream())
                .sorted(Client.JOIN_ORDER)
                .toList();
    }

    /**
     * Waits until all rosters are right at the same time: fresh, and equal to {@link #clients}. No client may join or
     * leave meanwhile.
     *
     * @param since when to count from, in nanoseconds
     * @return how long it took, for people
     */
    String awaitRight(long since, Duration limit) {
        List<Client> clients = clients();
        long[] rightAt = new long[nodes.size()];
        while (true) {
            List<CompletableFuture<FreshRoster>> asked =
                    nodes.stream().map(Node::fresh).toList();
            boolean right = true;
            StringBuilder wrong = new StringBuilder();
            for (int i = 0; i < nodes.size(); i++) {
                FreshRoster answer = io.socketz.state.Await.get(asked.get(i));
                if (!answer.fresh() || !answer.roster().clients().equals(clients)) {
                    right = false;
                    rightAt[i] = 0;
                    wrong.append('\n').append(difference(nodes.get(i), answer, clients));
                } else if (rightAt[i] == 0) {
                    rightAt[i] = System.nanoTime();
                }
            }
            if (right) {
                return times(since, rightAt);
            }
            if (System.nanoTime() - since > limit.toNanos()) {
                throw new AssertionError("not right after " + limit + wrong);
            }
            pause();
        }
    }

    private String times(long since, long[] rightAt) {
        String each = nodes.stream()
                .map(node -> node + " " + millis(rightAt[nodes.indexOf(node)] - since))
                .collect(Collectors.joining(", "));
        return "right again after %d ms (%s)"
                .formatted(millis(Arrays.stream(rightAt).max().orElseThrow() - since), each);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static String difference(Node node, FreshRoster answer, List<Client> clients) {
        Set<Client> there = new HashSet<>(answer.roster().clients());
        List<Client> missing =
                clients.stream().filter(client -> !there.contains(client)).toList();
        Set<Client> wanted = new HashSet<>(clients);
        List<Client> ghosts = answer.roster().clients().stream()
                .filter(client -> !wanted.contains(client))
                .toList();
        List<String> told = node.told();
        return "%s: %s, revision %d, %d missing %s, %d ghosts %s, told %s"
                .formatted(
                        node,
                        answer.fresh() ? "fresh" : "of " + answer.age().toMillis() + " ms ago",
                        answer.roster().revision(),
                        missing.size(),
                        some(missing),
                        ghosts.size(),
                        some(ghosts),
                        told.subList(Math.max(0, told.size() - MANY), told.size()));
    }

    private static List<Client> some(List<Client> clients) {
        return clients.subList(0, Math.min(MANY, clients.size()));
    }

    /** A pause between polls. */
    static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw Wait.interrupted();
        }
    }
}
