package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The visible clients at a revision, computed from the model's history, one revision after the other. */
final class View {
    private static final class Server {
        final Map<Long, Client> clients = new HashMap<>();
        boolean member;
    }

    private final Written written;
    private final ModelEtcd.History history;
    private final Map<UUID, Server> servers = new HashMap<>();
    private long revision = 1;

    /** Counts changes that may affect the visible clients. */
    private long changes;

    /** The list that was right the last time, and the value of {@link #changes} then. */
    private @Nullable List<Client> rightList;

    private long rightAt;

    View(Written written, ModelEtcd.History history) {
        this.written = written;
        this.history = history;
    }

    /** Moves on to a later revision. */
    void forwardTo(long revision) {
        while (this.revision < revision) {
            this.revision++;
            for (ModelEtcd.Change change : history.at(this.revision)) {
                apply(change.event());
            }
        }
    }

    private void apply(WatchEvent event) {
        Written.Key key = written.key(event.key());
        if (key == null || key.number() == Written.Key.CLOSED) {
            return;
        }
        Server server = servers.computeIfAbsent(key.server(), id -> new Server());
        KeyValue put = event.put();
        if (key.number() == Written.Key.MEMBER) {
            boolean member = put != null && written.isMember(put);
            changes += member == server.member ? 0 : 1;
            server.member = member;
            return;
        }
        Client client = put == null ? null : written.client(key, put);
        Client before = client == null ? server.clients.remove(key.number()) : server.clients.put(key.number(), client);
        changes += Objects.equals(before, client) ? 0 : 1;
    }

    /** What is wrong with a roster of {@code self}, always the same; empty for nothing. Own clients are ignored. */
    String compare(UUID self, List<Client> roster) {
        if (roster == rightList && changes == rightAt) {
            return ""; // most revisions are only beats
        }
        String wrong = compareAll(self, roster);
        rightList = wrong.isEmpty() ? roster : null;
        rightAt = changes;
        return wrong;
    }

    /** What is wrong with a list of all clients that etcd has; empty for nothing. */
    String compareWhole(List<Client> all) {
        return compareAll(new UUID(0, 0), all);
    }

    private String compareAll(UUID self, List<Client> roster) {
        int others = 0;
        for (Client client : roster) {
            if (!client.server().equals(self)) {
                others++;
                Server server = servers.get(client.server());
                if (server == null || !server.member || !client.equals(server.clients.get(client.number()))) {
                    return "it shows " + client;
                }
            }
        }
        int visible = 0;
        for (Map.Entry<UUID, Server> server : servers.entrySet()) {
            if (server.getValue().member && !server.getKey().equals(self)) {
                visible += server.getValue().clients.size();
            }
        }
        return others == visible ? "" : "it misses " + missing(self, roster);
    }

    private Set<Client> missing(UUID self, List<Client> roster) {
        Set<Client> missing = new HashSet<>();
        servers.forEach((id, server) -> {
            if (server.member && !id.equals(self)) {
                missing.addAll(server.clients.values());
            }
        });
        roster.forEach(missing::remove);
        return missing;
    }
}
