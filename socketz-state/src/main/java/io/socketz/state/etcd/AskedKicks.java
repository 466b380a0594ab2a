package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.KickListener;
import io.socketz.state.KickRequests;
import io.socketz.state.KickResult;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Clients that somebody on this server wants to be disconnected: of this server, or of another one, which is asked by a key. */
final class AskedKicks {
    /** Clients of a server. */
    private static final class Hidden {
        final Set<Client> clients = new LinkedHashSet<>();

        /** When they were last looked at: {@link Replica#deletedAt} as it was then. */
        long deletedAt;

        Hidden(long deletedAt) {
            this.deletedAt = deletedAt;
        }
    }

    private final UUID self;
    private final Publication publication;
    private final Replica replica;
    private final KickListener listener;
    private final KickRequests requests = new KickRequests();

    /** Clients that are on no roster while their keys are in etcd, by server: should they come back, they are still to go. */
    private final Map<UUID, Hidden> hidden = new LinkedHashMap<>();

    AskedKicks(UUID self, Publication publication, Replica replica, KickListener listener) {
        this.self = self;
        this.publication = publication;
        this.replica = replica;
        this.listener = listener;
    }

    /** Has the clients disconnected, wherever they are; answers when they are gone, or after 5 s. */
    void ask(long now, Collection<Client> clients, String reason, Consumer<KickResult> answer) {
        requests.add(now, clients, answer);
        for (Client client : clients) {
            if (!isOwn(client)) {
                publication.askKick(client.server(), client.number(), reason);
                continue;
            }
            Client own = publication.find(client.number());
            if (own != null) {
                listener.onKick(own, reason);
            }
        }
    }

    private boolean isOwn(Client client) {
        return client.server().equals(self);
    }

    /** When {@link #check} is needed, if nothing changes before. */
    long deadline() {
        return requests.deadline();
    }

    /** Looks who is gone. */
    void check(long now, long revision) {
        requests.check(now, revision, this::isGone, this::end);
        hidden.entrySet().removeIf(server -> {
            endDeleted(server.getKey(), server.getValue());
            return server.getValue().clients.isEmpty();
        });
    }

    /** They may be many, for minutes: so they are looked at only after their server's keys have changed. */
    private void endDeleted(UUID server, Hidden its) {
        long deletedAt = replica.deletedAt(server);
        if (deletedAt == its.deletedAt) {
            return;
        }
        its.deletedAt = deletedAt;
        its.clients.removeIf(client -> {
            boolean gone = !replica.hasKey(server, client.number());
            if (gone) {
                publication.endKick(server, client.number());
            }
            return gone;
        });
    }

    private boolean isGone(Client client) {
        return isOwn(client)
                ? publication.isGone(client.number())
                : !replica.isVisible(client.server(), client.number());
    }

    private void end(Client client) {
        if (!isOwn(client) && isGone(client) && replica.hasKey(client.server(), client.number())) {
            hidden.computeIfAbsent(client.server(), server -> new Hidden(replica.deletedAt(server)))
                    .clients
                    .add(client);
        } else {
            publication.endKick(client.server(), client.number());
        }
    }

    /** Nobody waits any more. */
    void end(long revision) {
        requests.end(revision);
        hidden.clear();
    }
}
