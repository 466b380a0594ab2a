package io.socketz.server;

import io.socketz.state.AuditResult;
import io.socketz.state.ChangeFeed;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.KickListener;
import io.socketz.state.KickResult;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.RegistryMetrics;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import io.socketz.state.memory.MemoryRegistry;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A registry in memory whose methods a test can override. */
public class ForwardingRegistry implements Registry {
    private final MemoryRegistry registry;

    public ForwardingRegistry(Member self, StateThread state) {
        registry = new MemoryRegistry(self, state);
    }

    @Override
    public Member self() {
        return registry.self();
    }

    @Override
    public Client join(String address, @Nullable String via, Runnable onAnnounced) {
        return registry.join(address, via, onAnnounced);
    }

    @Override
    public Client rename(Client client, @Nullable String name, Runnable onAnnounced) {
        return registry.rename(client, name, onAnnounced);
    }

    @Override
    public void leave(Client client, String reason) {
        registry.leave(client, reason);
    }

    @Override
    public CompletableFuture<Roster> roster() {
        return registry.roster();
    }

    @Override
    public CompletableFuture<Void> known() {
        return registry.known();
    }

    @Override
    public CompletableFuture<FreshRoster> freshRoster() {
        return registry.freshRoster();
    }

    @Override
    public CompletableFuture<KickResult> kick(Collection<Client> clients, String reason) {
        return registry.kick(clients, reason);
    }

    @Override
    public void onKick(KickListener listener) {
        registry.onKick(listener);
    }

    @Override
    public CompletableFuture<Optional<AuditResult>> audit() {
        return registry.audit();
    }

    @Override
    public RegistryMetrics metrics() {
        return registry.metrics();
    }

    @Override
    public ChangeFeed changes() {
        return registry.changes();
    }

    @Override
    public void close() {
        registry.close();
    }
}
