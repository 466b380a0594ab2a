package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.OrderedClients;
import io.socketz.state.etcd.Keys.ClientKey;
import io.socketz.state.etcd.Keys.MemberKey;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A copy of what stands in etcd at one revision, and, made from it, who is to be seen: this server's own clients, from
 * its own table, and of the other servers those whose member key is there.
 *
 * <p>Own keys in etcd are not looked at here: {@link Publication} does.
 */
final class Replica {
    /** A server as etcd has it. */
    private static final class Server {
        final UUID id;

        /** By number. */
        final Map<Long, Client> clients = new HashMap<>();

        @Nullable
        Member member;

        Server(UUID id) {
            this.id = id;
        }

        boolean isVisible() {
            return member != null;
        }

        boolean isEmpty() {
            return member == null && clients.isEmpty();
        }
    }

    /** Is told of this server's own keys. */
    interface OwnKeys {
        /** A key of its own was put, or, with null, deleted. */
        void onOwnKey(Keys.Parsed key, @Nullable KeyValue put, long revision);
    }

    private static final int MAX_SKIPPED_TOLD = 1_000;
    private static final int MAX_SKIPPED_LENGTH = 200;

    /** From how many clients on it is cheaper to go through all of them than to look for each. */
    private static final int MANY = 64;

    private final UUID self;
    private final Keys keys;
    private final OwnKeys ownKeys;
    private final EtcdRegistryListener listener;

    /** Who is to be seen. */
    private final OrderedClients visible = new OrderedClients();

    /** Without this one. */
    private Map<UUID, Server> servers = new HashMap<>();

    /** What a resync has read so far; null when there is none. */
    private @Nullable Map<UUID, Server> staged;

    private long revision;

    /** Counts what changed in {@link #visible}. */
    private long version;

    /** Keys that were told as not understood. */
    private final Set<String> skipped = new LinkedHashSet<>();

    Replica(UUID self, Keys keys, OwnKeys ownKeys, EtcdRegistryListener listener) {
        this.self = self;
        this.keys = keys;
        this.ownKeys = ownKeys;
        this.listener = listener;
    }

    /** etcd's revision that the other servers' part was true at. */
    long revision() {
        return revision;
    }

    long version() {
        return version;
    }

    int size() {
        return visible.size();
    }

    /** How many other servers have a member key. */
    int others() {
        return (int) servers.values().stream().filter(Server::isVisible).count();
    }

    List<Client> copy() {
        return visible.copy();
    }

    // ---------------------------------------------------------------- this server's own clients

    void addOwn(Client client) {
        visible.add(client);
        version++;
    }

    void removeOwn(Client client) {
        visible.remove(client);
        version++;
    }

    // ---------------------------------------------------------------- changes, as a watch brings them

    /** Changes in order of revision, whole revisions only. What is known already is passed over. */
    void apply(List<WatchEvent> events) {
        long known = revision;
        for (WatchEvent event : events) {
            if (event.revision() > known) {
                apply(event);
                revision = Math.max(revision, event.revision());
            }
        }
    }

    private void apply(WatchEvent event) {
        Keys.Parsed key = keys.parse(event.key());
        if (key instanceof MemberKey member) {
            if (member.server().equals(self)) {
                ownKeys.onOwnKey(member, event.put(), event.revision());
            } else {
                setMember(member.server(), event.put() == null ? null : parse(member, event.put()));
            }
        } else if (key instanceof ClientKey client) {
            if (client.server().equals(self)) {
                ownKeys.onOwnKey(client, event.put(), event.revision());
            } else {
                setClient(client, event);
            }
        } else if (event.put() != null) {
            skip(event.key(), "no key of this service");
        }
    }

    private void setMember(UUID id, @Nullable Member member) {
        Server server = servers.get(id);
        if (server == null) {
            if (member == null) {
                return;
            }
            server = new Server(id);
            servers.put(id, server);
        }
        boolean was = server.isVisible();
        server.member = member;
        if (was != server.isVisible() && !server.clients.isEmpty()) {
            if (was) {
                visible.removeIf(client -> client.server().equals(id));
            } else {
                visible.addAll(server.clients.values());
            }
            version++;
        }
        forgetIfEmpty(server);
    }

    private void setClient(ClientKey key, WatchEvent event) {
        Server server = servers.get(key.server());
        if (server == null) {
            if (event.put() == null) {
                return;
            }
            server = new Server(key.server());
            servers.put(server.id, server);
        }
        Client client = event.put() == null ? null : parse(server.id, key.number(), event.put());
        Client before = client == null ? server.clients.remove(key.number()) : server.clients.put(key.number(), client);
        if (server.isVisible() && (before == null ? client != null : !before.equals(client))) {
            if (before != null) {
                visible.remove(before);
            }
            if (client != null) {
                visible.add(client);
            }
            version++;
        }
        forgetIfEmpty(server);
    }

    private void forgetIfEmpty(Server server) {
        if (server.isEmpty()) {
            servers.remove(server.id);
        }
    }

    // ---------------------------------------------------------------- a resync: everything at one revision

    /** A resync begins, and whatever an earlier one had read is dropped. What is to be seen stays until it is whole. */
    void stageAnew() {
        staged = new HashMap<>();
    }

    /** Takes up a key other than this server's own. */
    void stage(KeyValue entry, Keys.Parsed key) {
        Map<UUID, Server> into = staged;
        if (into == null) {
            throw new IllegalStateException("no resync");
        }
        if (key instanceof MemberKey member) {
            into.computeIfAbsent(member.server(), Server::new).member = parse(member, entry);
        } else if (key instanceof ClientKey client) {
            Server server = into.computeIfAbsent(client.server(), Server::new);
            Client read = parse(server.id, client.number(), entry);
            if (read != null) {
                // The one there is, if it is still the same: what is not new must not be taken for a change.
                Client before = known(client);
                server.clients.put(client.number(), read.equals(before) ? before : read);
            }
        }
    }

    private @Nullable Client known(ClientKey key) {
        Server server = servers.get(key.server());
        return server == null ? null : server.clients.get(key.number());
    }

    /** The resync has read all there is at {@code revision}: shows it, in one step. */
    void showStaged(long revision) {
        Map<UUID, Server> read = staged;
        if (read == null) {
            throw new IllegalStateException("no resync");
        }
        staged = null;
        read.values().removeIf(Server::isEmpty);
        List<Client> gone = clientsNotIn(read, servers);
        List<Client> come = clientsNotIn(servers, read);
        if (gone.size() < MANY) {
            gone.forEach(visible::remove);
        } else {
            Set<Client> all = new HashSet<>(gone);
            visible.removeIf(all::contains);
        }
        visible.addAll(come);
        if (!gone.isEmpty() || !come.isEmpty()) {
            version++;
        }
        servers = read;
        this.revision = revision;
    }

    /** The visible clients of {@code all} that are not visible in {@code others}, or not the same there. */
    private static List<Client> clientsNotIn(Map<UUID, Server> others, Map<UUID, Server> all) {
        List<Client> result = new ArrayList<>();
        for (Server server : all.values()) {
            if (server.isVisible()) {
                Server other = others.get(server.id);
                Map<Long, Client> there = other != null && other.isVisible() ? other.clients : Map.of();
                for (Client client : server.clients.values()) {
                    if (!client.equals(there.get(client.number()))) {
                        result.add(client);
                    }
                }
            }
        }
        return result;
    }

    // ---------------------------------------------------------------- values

    private @Nullable Member parse(MemberKey key, KeyValue entry) {
        try {
            return EtcdValues.member(key.server(), entry.value());
        } catch (EtcdValues.Malformed e) {
            skip(entry.key(), e.getMessage());
            return null;
        }
    }

    private @Nullable Client parse(UUID server, long number, KeyValue entry) {
        try {
            return EtcdValues.client(server, number, entry.value());
        } catch (EtcdValues.Malformed e) {
            skip(entry.key(), e.getMessage());
            return null;
        }
    }

    /** Says once that a key is of no use; of a flood of them only the first {@value #MAX_SKIPPED_TOLD}. */
    void skip(String longKey, @Nullable String why) {
        String key = longKey.length() > MAX_SKIPPED_LENGTH ? longKey.substring(0, MAX_SKIPPED_LENGTH) : longKey;
        if (skipped.size() < MAX_SKIPPED_TOLD && skipped.add(key)) {
            listener.onSkipped(key, String.valueOf(why));
        }
    }
}
