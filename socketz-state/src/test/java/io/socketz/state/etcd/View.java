package io.socketz.state.etcd;

import io.socketz.state.Client;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Who is to be seen at a revision, made from the model's history, one revision after the other. */
final class View {
    private static final class Server {
        final Map<Long, Client> clients = new HashMap<>();
        boolean member;
    }

    private final Written written;
    private final ModelEtcd.History history;
    private final Map<UUID, Server> servers = new HashMap<>();
    private long revision = 1;

    View(Written written, ModelEtcd.History history) {
        this.written = written;
        this.history = history;
    }

    /** Goes on to a later revision. */
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
        if (key == null) {
            return;
        }
        Server server = servers.computeIfAbsent(key.server(), id -> new Server());
        KeyValue put = event.put();
        if (key.number() == 0) {
            server.member = put != null && written.isMember(put);
            return;
        }
        Client client = put == null ? null : written.client(key, put);
        if (client == null) {
            server.clients.remove(key.number());
        } else {
            server.clients.put(key.number(), client);
        }
    }

    /** What is wrong with {@code roster}, as {@code self} shows it; empty for nothing. Own clients are not looked at. */
    String compare(UUID self, List<Client> roster) {
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

    /** Whether the server is a member. */
    boolean hasMember(UUID server) {
        Server found = servers.get(server);
        return found != null && found.member;
    }
}
