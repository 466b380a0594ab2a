package io.socketz.state.gateway;

import io.socketz.state.etcd.LiveEtcd;
import io.socketz.state.gateway.FaultyEtcd.Request;
import io.socketz.state.gateway.FaultyEtcd.Wire;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * etcd's gateway in front of a model of etcd: answers as etcd 3.4 does, unless it is told to misbehave. Several gateways may
 * share a model, like the members of a cluster.
 *
 * <pre>{@code
 *   request --fault--takes it--> what the test wants
 *              \--token--served--> LiveEtcd --> JSON
 * }</pre>
 */
final class GatewayFront implements FaultyEtcd.Script {
    /** What the gateway does instead of the right thing, on the connection's thread, which it may block. */
    @FunctionalInterface
    interface Fault {
        /** No fault. */
        Fault NONE = (request, wire) -> false;

        /** Returns whether the fault handles the request. */
        boolean takes(Request request, Wire wire) throws IOException;
    }

    private static final int UNAUTHENTICATED = 16; // gRPC's status code

    private final LiveEtcd etcd;

    /** Written by tests. */
    private volatile Fault fault = Fault.NONE;

    private final AtomicInteger hits = new AtomicInteger();

    /** Owned by etcd's thread, like everything below. */
    private final Set<GatewayWatcher> watches = new LinkedHashSet<>();

    private final Set<String> tokens = new HashSet<>();
    private boolean users;
    private int tokensGiven;
    private int refused;

    private int compactions;
    private int unavailable;

    /** Whether it refuses in the form of etcd 3.6. */
    private boolean later;

    GatewayFront(LiveEtcd etcd) {
        this.etcd = etcd;
    }

    // ---------------------------------------------------------------- what tests do, on their own thread

    void misbehave(Fault with) {
        fault = with;
    }

    void behave() {
        fault = Fault.NONE;
    }

    /** How many requests a fault has intercepted. */
    int hits() {
        return hits.get();
    }

    /** Manipulates each open watch; returns how many there are. */
    int harmWatches(Consumer<GatewayWatcher> harm) {
        return etcd.ask(() -> {
            List<GatewayWatcher> open = List.copyOf(watches);
            open.forEach(harm);
            return open.size();
        });
    }

    void turnUsersOn() {
        etcd.run(() -> users = true);
    }

    void expireTokens() {
        etcd.run(tokens::clear);
    }

    /** How many requests came with an old token. */
    int refused() {
        return etcd.ask(() -> refused);
    }

    /** How many watches requested a compacted revision. */
    int compactions() {
        return etcd.ask(() -> compactions);
    }

    /** How many requests were refused for lack of a leader. */
    int unavailable() {
        return etcd.ask(() -> unavailable);
    }

    void refuseAsLaterVersions() {
        etcd.run(() -> later = true);
    }

    // ---------------------------------------------------------------- requests

    @Override
    public void answer(Request request, Wire wire) throws IOException {
        if (fault.takes(request, wire)) {
            hits.incrementAndGet();
            return;
        }
        if (!request.path().equals("/v3/auth/authenticate") && etcd.ask(() -> isRefused(request))) {
            refuse(wire, 401, UNAUTHENTICATED, "etcdserver: invalid auth token");
            return;
        }
        GatewayJson asked = GatewayJson.parse(request.body());
        if (request.path().equals("/v3/watch")) {
            watch(asked.object("create_request"), wire);
            return;
        }
        String answer;
        try {
            answer = etcd.ask(() -> answer(request.path(), asked));
        } catch (AssertionError e) {
            if (e.getCause() instanceof LiveEtcd.Refused no) {
                refuse(wire, no);
                return;
            }
            throw e;
        }
        wire.respond(200, answer);
    }

    private boolean isRefused(Request request) {
        boolean old = users && !tokens.contains(request.headers().getOrDefault("authorization", ""));
        refused += old ? 1 : 0;
        return old;
    }

    private String answer(String path, GatewayJson asked) {
        return switch (path) {
            case "/v3/auth/authenticate" -> {
                String token = "token" + ++tokensGiven;
                tokens.add(token);
                yield "{" + GatewayJson.header(etcd.revision()) + ",\"token\":\"" + token + "\"}";
            }
            case "/v3/lease/grant" -> {
                long ttl = asked.number("TTL");
                yield "{" + GatewayJson.header(etcd.revision()) + ",\"ID\":\"" + etcd.grant(ttl) + "\",\"TTL\":\"" + ttl
                        + "\"}";
            }
            case "/v3/lease/keepalive" -> {
                long lease = asked.number("ID");
                yield GatewayJson.renewed(etcd.revision(), lease, etcd.keepAlive(lease));
            }
            case "/v3/lease/revoke" -> "{" + GatewayJson.header(etcd.revoke(asked.number("ID"))) + "}";
            case "/v3/kv/range" -> GatewayJson.range(etcd, asked);
            case "/v3/kv/txn" -> GatewayJson.committed(etcd, asked);
            default -> throw new AssertionError("not used by registries: " + path);
        };
    }

    private void watch(GatewayJson asked, Wire wire) throws IOException {
        wire.beginStream();
        GatewayWatcher watcher = new GatewayWatcher(etcd, wire, () -> compactions++);
        etcd.run(() -> {
            watches.add(watcher);
            watcher.create(asked);
        });
        var unused = wire.closed()
                .thenRun(() -> etcd.execute(() -> {
                    watcher.stop();
                    watches.remove(watcher);
                }));
    }

    private void refuse(Wire wire, LiveEtcd.Refused no) throws IOException {
        switch (no.kind()) {
            case LEASE_NOT_FOUND -> refuse(wire, 404, 5, no.words());
            case COMPACTED -> refuse(wire, 400, 11, no.words());
            case UNAVAILABLE -> {
                etcd.run(() -> unavailable++);
                refuse(wire, 503, 14, no.words());
            }
            default -> refuse(wire, 500, 2, no.words());
        }
    }

    private void refuse(Wire wire, int status, int code, String words) throws IOException {
        if (etcd.ask(() -> later)) {
            wire.respond(status, "{\"code\":" + code + ",\"message\":\"" + words + "\",\"details\":[]}");
        } else {
            wire.refuse(status, code, words);
        }
    }
}
