package io.socketz.server;

import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import io.socketz.state.memory.MemoryRegistry;
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
    public Client join(String address, @Nullable String via) {
        return registry.join(address, via);
    }

    @Override
    public void leave(Client client) {
        registry.leave(client);
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
    public void close() {
        registry.close();
    }
}
