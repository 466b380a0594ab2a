package io.socketz.it.load;

import io.socketz.it.Topology;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Asks each server directly, not through HAProxy, and without joining its roster. For any thread. */
public final class Audit {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long INTERVAL_MILLIS = 50;
    private static final int EXAMPLES = 3;

    private final Topology topology;

    /** Asks the servers of this topology that run. */
    public Audit(Topology topology) {
        this.topology = topology;
    }

    /**
     * The result of an audit.
     *
     * @param after how long it took
     * @param clients how many there were
     * @param differences from the expected rosters, for people; empty if there are none
     */
    public record Finding(Duration after, int clients, String differences) {
        /** Whether all rosters were as expected. */
        public boolean isEqual() {
            return differences.isEmpty();
        }
    }

    /** A question to a server. */
    private interface Question<T> {
        T ask(Conversation conversation) throws IOException;
    }

    /** The clients of the whole cluster according to {@code server}. */
    public List<String> who(String server) throws IOException {
        return ask(server, conversation -> conversation.who().clients());
    }

    /** The first 1,000 clients of the whole cluster, and the revision, according to {@code server}. */
    public Block.Clients list(String server) throws IOException {
        return ask(server, Conversation::list);
    }

    /** The id of {@code server}. */
    public UUID where(String server) throws IOException {
        return ask(server, Conversation::where);
    }

    /** How fresh the roster of {@code server} is. */
    public Reply.Freshness freshness(String server) throws IOException {
        return ask(server, Conversation::freshness);
    }

    /** Asks. Failures name the server. */
    private <T> T ask(String server, Question<T> question) throws IOException {
        try (Conversation conversation = Conversation.unseen(topology.port(server), PATIENCE)) {
            return question.ask(conversation);
        } catch (IOException e) {
            throw new IOException(server + " does not answer as it should: " + e.getMessage(), e);
        }
    }

    /**
     * Compares until the rosters of all servers that run equal the open connections, and these did not change
     * meanwhile.
     *
     * @param open the addresses of all open connections
     * @param limit how long to wait for that
     */
    public Finding await(Supplier<Set<String>> open, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            Set<String> before = open.get();
            String differences = differences(before);
            boolean still = open.get().equals(before);
            Duration after = Duration.ofNanos(System.nanoTime() - begin);
            if (still && differences.isEmpty()) {
                return new Finding(after, before.size(), "");
            }
            if (after.compareTo(limit) > 0) {
                return new Finding(after, before.size(), still ? differences : "connections come and go");
            }
            Thread.sleep(INTERVAL_MILLIS);
        }
    }

    private String differences(Set<String> open) {
        List<String> differences = new ArrayList<>();
        for (String server : topology.serverNames()) {
            if (topology.isRunning(server)) {
                try {
                    difference(server, who(server), open, differences);
                } catch (IOException e) {
                    differences.add(String.valueOf(e.getMessage()));
                }
            }
        }
        return String.join("; ", differences);
    }

    private static void difference(String server, List<String> who, Set<String> open, List<String> differences) {
        Set<String> ghosts = new HashSet<>(who);
        ghosts.removeAll(open);
        Set<String> missing = new HashSet<>(open);
        missing.removeAll(new HashSet<>(who));
        say(server, "ghosts", ghosts, differences);
        say(server, "missing", missing, differences);
        if (ghosts.isEmpty() && missing.isEmpty() && who.size() != open.size()) {
            differences.add(server + ": " + (who.size() - open.size()) + " twice");
        }
    }

    private static void say(String server, String what, Set<String> clients, List<String> differences) {
        if (!clients.isEmpty()) {
            differences.add(server + ": " + clients.size() + " " + what + ", such as "
                    + String.join(
                            ", ", clients.stream().sorted().limit(EXAMPLES).toList()));
        }
    }
}
