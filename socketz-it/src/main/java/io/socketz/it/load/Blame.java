package io.socketz.it.load;

import io.socketz.it.load.Incident.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Records which member was harmed when, which tells the incidents that had to happen from the others. For any thread.
 */
final class Blame {
    /** A client that met a harmed member reports it only when its time limit ends. */
    private static final Duration AFTERMATH = Swarm.PATIENCE.plusSeconds(1);

    private record Window(String member, long from, long to) {
        boolean covers(long at) {
            return at - from >= 0 && at - to <= AFTERMATH.toNanos();
        }
    }

    private final List<String> proxies;

    /** Names of servers by id; each start has a new id. Guarded by this. */
    private final Map<UUID, String> servers = new HashMap<>();

    /** Harm that is over. Guarded by this. */
    private final List<Window> windows = new ArrayList<>();

    /** Harm that lasts: since when, by member. Guarded by this. */
    private final Map<String, Long> harmed = new HashMap<>();

    Blame(List<String> proxies) {
        this.proxies = List.copyOf(proxies);
    }

    synchronized void onStart(String server, UUID id) {
        servers.put(id, server);
    }

    synchronized void onHarm(String member, long now) {
        harmed.put(member, now);
    }

    synchronized void onMended(String member, long now) {
        Long from = harmed.remove(member);
        if (from != null) {
            windows.add(new Window(member, from, now));
        }
    }

    /**
     * The incidents that no harm explains. Nothing excuses a wrong answer, and only harm to HAProxy excuses a refused
     * connection.
     */
    synchronized List<Incident> unexplained(List<Incident> incidents) {
        return incidents.stream().filter(incident -> !isExplained(incident)).toList();
    }

    private boolean isExplained(Incident incident) {
        if (incident.kind() == Kind.WRONG) {
            return false;
        }
        UUID id = incident.server();
        @Nullable String server = id == null ? null : servers.get(id);
        Predicate<String> guilty = member -> proxies.contains(member)
                || (incident.kind() != Kind.REFUSED
                        && (server == null ? servers.containsValue(member) : server.equals(member)));
        return windows.stream().anyMatch(window -> window.covers(incident.at()) && guilty.test(window.member()))
                || harmed.entrySet().stream()
                        .anyMatch(entry -> incident.at() - entry.getValue() >= 0 && guilty.test(entry.getKey()));
    }
}
