package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.OrderedClients;
import io.socketz.state.Roster.ServerPart;
import io.socketz.state.etcd.ClosedClients.Closed;
import io.socketz.state.etcd.Keys.ClientKey;
import io.socketz.state.etcd.Keys.MemberKey;
import io.socketz.state.etcd.transport.KeyValue;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What etcd has at the keys of some servers, at one revision. It tells what changes in that for those who see it: a server
 * is visible while it has a member key, and its clients are as long as it is.
 */
final class EtcdContent implements KeyListener {
    /** Hears what changes. After all was read, it hears of the difference. */
    interface ContentListener {
        /** A server is visible, and its clients are. */
        void onServerUp(Member member, OrderedClients clients);

        /** A visible server has another member key. */
        void onServerAltered(Member member);

        /**
         * A server is not visible any more, and its clients are not.
         *
         * @param said what it said last about clients that left, and about itself; null if nothing of it is left to tell
         *     whether it has vanished or stopped
         */
        void onServerDown(Member member, OrderedClients clients, @Nullable ClosedClients said, long revision);

        /** A client is visible. */
        void onJoined(Client client);

        /**
         * A client of a visible server is not visible any more.
         *
         * @param why null if its server did not say that
         */
        void onLeft(Client client, @Nullable Closed why, long revision);

        /** A visible client has another name, or whatever else somebody may have altered. */
        void onAltered(Client before, Client client);
    }

    /** A server as etcd has it. */
    private static final class Server {
        final UUID id;

        OrderedClients clients = new OrderedClients(Client.NUMBER_ORDER);

        /** When a key of its clients was last deleted, as a revision; or when all of them were read. */
        long deletedAt;

        @Nullable
        Member member;

        /** What its closed key says: by that alone, so that all servers give the same reasons. */
        ClosedClients closed = ClosedClients.NONE;

        Server(UUID id) {
            this.id = id;
        }

        boolean isEmpty() {
            return member == null && clients.size() == 0 && closed.equals(ClosedClients.NONE);
        }

        /** A client with that number, to look for it. */
        Client like(long number) {
            return new Client(id, number, "", null, 0);
        }
    }

    private final SkippedKeys skipped;
    private final ContentListener listener;

    private Map<UUID, Server> servers = new HashMap<>();

    /** What a resync has read so far; null if there is none. */
    private @Nullable Map<UUID, Server> staged;

    EtcdContent(SkippedKeys skipped, ContentListener listener) {
        this.skipped = skipped;
        this.listener = listener;
    }

    /** How many servers are visible. */
    int visible() {
        return (int) servers.values().stream()
                .filter(server -> server.member != null)
                .count();
    }

    /** Whether that server is visible. */
    boolean isVisible(UUID server) {
        Server its = servers.get(server);
        return its != null && its.member != null;
    }

    /** Whether there is a key of that client, visible or not. */
    boolean hasKey(UUID server, long number) {
        Server its = servers.get(server);
        return its != null && its.clients.find(its.like(number)) != null;
    }

    /** A revision that changes whenever keys of that server's clients are deleted; -1 if it has no keys. */
    long deletedAt(UUID server) {
        Server its = servers.get(server);
        return its == null ? -1 : its.deletedAt;
    }

    /** Adds the visible servers and their clients, in no order. A list is the same object while nothing in it changes. */
    void addParts(List<ServerPart> parts) {
        for (Server server : servers.values()) {
            if (server.member != null) {
                parts.add(new ServerPart(server.member, server.clients.copy()));
            }
        }
    }

    // ---------------------------------------------------------------- changes, as a watch brings them

    @Override
    public void onChange(Keys.Parsed key, @Nullable KeyValue put, long revision) {
        Server server = servers.get(key.server());
        if (server == null) {
            if (put == null) {
                return;
            }
            server = new Server(key.server());
            server.deletedAt = revision; // perhaps all its keys were deleted just now
            servers.put(server.id, server);
        }
        if (key instanceof MemberKey member) {
            setMember(server, put == null ? null : parse(member, put), revision);
        } else if (key instanceof ClientKey client) {
            setClient(server, client, put, revision);
        } else {
            server.closed = put == null ? ClosedClients.NONE : parseClosed(put);
        }
        if (server.isEmpty()) {
            servers.remove(server.id);
        }
    }

    private void setMember(Server server, @Nullable Member member, long revision) {
        Member before = server.member;
        server.member = member;
        if (member == null && before != null) {
            listener.onServerDown(before, server.clients, server.closed, revision);
        } else if (member != null && before == null) {
            listener.onServerUp(member, server.clients);
        } else if (member != null && !member.equals(before)) {
            listener.onServerAltered(member);
        } else {
            server.member = before; // the object that is there: a beat is no change
        }
    }

    private void setClient(Server server, ClientKey key, @Nullable KeyValue put, long revision) {
        Client client = put == null ? null : parse(server.id, key.number(), put);
        Client before = client == null ? server.clients.remove(server.like(key.number())) : server.clients.put(client);
        if (client == null) {
            server.deletedAt = revision;
        }
        if (server.member == null) {
            return;
        }
        if (before == null && client != null) {
            listener.onJoined(client);
        } else if (before != null && client == null) {
            listener.onLeft(before, server.closed.find(key.number()), revision);
        } else if (before != null && client != null && !before.equals(client)) {
            listener.onAltered(before, client);
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
        Server server = into.computeIfAbsent(key.server(), Server::new);
        if (key instanceof MemberKey member) {
            server.member = parse(member, entry);
        } else if (key instanceof ClientKey client) {
            Client read = parse(server.id, client.number(), entry);
            if (read != null) {
                // The object that is there, if it is equal: what is not new must not be taken for a change.
                Client before = known(read);
                server.clients.add(before != null && before.equals(read) ? before : read);
            }
        } else {
            server.closed = parseClosed(entry);
        }
    }

    private @Nullable Client known(Client client) {
        Server server = servers.get(client.server());
        return server == null ? null : server.clients.find(client);
    }

    /** Tells of the difference that the resync has found, servers that are gone first. */
    @Override
    public void onReadEnd(long revision) {
        Map<UUID, Server> read = staged;
        if (read == null) {
            throw new IllegalStateException("no resync");
        }
        staged = null;
        read.values().removeIf(Server::isEmpty);
        Map<UUID, Server> before = servers;
        servers = read;
        for (Server old : before.values()) {
            Server now = read.get(old.id);
            if (old.member != null && (now == null || now.member == null)) {
                // A server that stops in order leaves no key. That of one that is lost may have gone with the leases by
                // now.
                listener.onServerDown(old.member, old.clients, now == null ? null : now.closed, revision);
            }
        }
        for (Server now : read.values()) {
            now.deletedAt = revision;
            Server old = before.get(now.id);
            if (now.member != null) {
                tellDifference(old, now, now.member, revision);
            }
            if (old != null) {
                keepList(old, now);
            }
        }
    }

    private void tellDifference(@Nullable Server old, Server now, Member member, long revision) {
        if (old == null || old.member == null) {
            listener.onServerUp(member, now.clients);
            return;
        }
        if (!member.equals(old.member)) {
            listener.onServerAltered(member);
        }
        Iterator<Client> gone = old.clients.iterator();
        Iterator<Client> come = now.clients.iterator();
        Client left = next(gone);
        Client right = next(come);
        while (left != null || right != null) {
            long order = left == null ? 1 : right == null ? -1 : Client.NUMBER_ORDER.compare(left, right);
            if (left != null && order < 0) {
                listener.onLeft(left, now.closed.find(left.number()), revision);
            } else if (right != null && order > 0) {
                listener.onJoined(right);
            } else if (left != null && right != null && !left.equals(right)) {
                listener.onAltered(left, right);
            }
            left = order <= 0 ? next(gone) : left;
            right = order >= 0 ? next(come) : right;
        }
    }

    private static @Nullable Client next(Iterator<Client> clients) {
        return clients.hasNext() ? clients.next() : null;
    }

    /** If the clients of a server are the same as before, its list is, too. */
    private static void keepList(Server old, Server now) {
        if (old.clients.size() != now.clients.size()) {
            return;
        }
        Iterator<Client> before = old.clients.iterator();
        for (Client client : now.clients) {
            if (!client.equals(before.next())) {
                return;
            }
        }
        now.clients = old.clients;
    }

    // ---------------------------------------------------------------- values

    private ClosedClients parseClosed(KeyValue entry) {
        try {
            return EtcdValues.closed(entry.value());
        } catch (EtcdValues.Malformed e) {
            skipped.add(entry.key(), String.valueOf(e.getMessage()));
            return ClosedClients.NONE;
        }
    }

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
            return EtcdValues.client(
                    server, number, entry.value(), () -> skipped.add(entry.key(), "its name is not allowed"));
        } catch (EtcdValues.Malformed e) {
            skipped.add(entry.key(), String.valueOf(e.getMessage()));
            return null;
        }
    }
}
