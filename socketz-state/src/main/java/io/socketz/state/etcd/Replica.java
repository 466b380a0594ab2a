package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.OrderedClients;
import io.socketz.state.etcd.Keys.ClientKey;
import io.socketz.state.etcd.Keys.MemberKey;
import io.socketz.state.etcd.transport.KeyValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the other servers' keys in etcd, at one revision, and the visible clients: those of servers with a member key,
 * and this server's own, from its own table.
 *
 * <p>It never sees this server's own keys in etcd: {@link KeyRouter} tells {@link Publication} of them.
 */
final class Replica implements KeyListener {
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

    /** If so many clients are gone, it is cheaper to go through all clients than to look for each of them. */
    private static final int MANY = 64;

    private final SkippedKeys skipped;

    private final OrderedClients visible = new OrderedClients();

    /** The other servers. */
    private Map<UUID, Server> servers = new HashMap<>();

    /** What a resync has read so far; null if there is none. */
    private @Nullable Map<UUID, Server> staged;

    private long revision;

    /** Counts what changed in {@link #visible}. */
    private long version;

    Replica(SkippedKeys skipped) {
        this.skipped = skipped;
    }

    /** The revision of etcd that the other servers' part is a copy of; 0 before there is one. */
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

    @Override
    public void onChange(Keys.Parsed key, @Nullable KeyValue put, long revision) {
        if (key instanceof MemberKey member) {
            setMember(member.server(), put == null ? null : parse(member, put));
        } else if (key instanceof ClientKey client) {
            setClient(client, put);
        }
    }

    /** All changes of that revision have been made; they may all be of other keys. */
    void advanceTo(long revision) {
        this.revision = Math.max(this.revision, revision);
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

    private void setClient(ClientKey key, @Nullable KeyValue put) {
        Server server = servers.get(key.server());
        if (server == null) {
            if (put == null) {
                return;
            }
            server = new Server(key.server());
            servers.put(server.id, server);
        }
        Client client = put == null ? null : parse(server.id, key.number(), put);
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

    /** What is visible stays until the resync is complete. */
    @Override
    public void onReadStart() {
        staged = new HashMap<>();
    }

    @Override
    public void onRead(Keys.Parsed key, KeyValue entry) {
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
                // The object that is there, if it is equal: what is not new must not be taken for a change.
                Client before = known(client);
                server.clients.put(client.number(), read.equals(before) ? before : read);
            }
        }
    }

    private @Nullable Client known(ClientKey key) {
        Server server = servers.get(key.server());
        return server == null ? null : server.clients.get(key.number());
    }

    /** Shows what the resync has read, in one step. */
    @Override
    public void onReadEnd(long revision) {
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
            skipped.add(entry.key(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable Client parse(UUID server, long number, KeyValue entry) {
        try {
            return EtcdValues.client(server, number, entry.value());
        } catch (EtcdValues.Malformed e) {
            skipped.add(entry.key(), String.valueOf(e.getMessage()));
            return null;
        }
    }
}
