package io.socketz.server.watch;

import io.socketz.protocol.name.ServerReference;
import io.socketz.server.command.ClientFilter;
import io.socketz.server.command.RequestRefusedException;
import io.socketz.server.command.ServerLookup;
import io.socketz.server.command.Watcher;
import io.socketz.state.Change;
import io.socketz.state.Client;
import io.socketz.state.Member;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** That a client watches, and what. */
final class Watch {
    final Watcher watcher;

    /** Empty for all servers. */
    private final Optional<ServerReference> reference;

    private final ClientFilter filter;

    /** Null for all servers, and before {@link #resolve}. Written by the state thread, before others have anything to send. */
    private @Nullable UUID server;

    /** Whether batches are sent to it. Owned by the watcher's loop. */
    boolean started;

    /** Owned by the watcher's loop. */
    boolean ended;

    Watch(Watcher watcher, Optional<ServerReference> reference, ClientFilter filter) {
        this.watcher = watcher;
        this.reference = reference;
        this.filter = filter;
    }

    /** Finds the server that is meant. */
    void resolve(List<Member> members) throws RequestRefusedException {
        if (reference.isPresent()) {
            server = ServerLookup.find(reference.get(), members).id();
        }
    }

    /** Whether every change is meant. */
    boolean isUnfiltered() {
        return reference.isEmpty() && filter.isEmpty();
    }

    boolean admits(Client client) {
        return isOf(client.server()) && filter.admits(client);
    }

    /** A change of a name is meant if the client was meant before, or is afterwards. */
    boolean admits(Change change) {
        return isOf(change.server())
                && (change.clients().isEmpty() || change.clients().stream().anyMatch(filter::admits));
    }

    private boolean isOf(UUID id) {
        return server == null || server.equals(id);
    }
}
