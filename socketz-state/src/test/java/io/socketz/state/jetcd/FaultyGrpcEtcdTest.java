package io.socketz.state.jetcd;

import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.socketz.state.Await;
import io.socketz.state.etcd.LiveEtcd;
import io.socketz.state.etcd.RegistryCluster;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.jetcd.FaultyGrpcEtcd.Call;
import io.socketz.state.jetcd.FaultyGrpcEtcd.Rpc;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Three registries on a {@link FaultyGrpcEtcd}, closed after each test, when nothing may be left of them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class FaultyGrpcEtcdTest {
    final LiveEtcd etcd = new LiveEtcd();
    final RegistryCluster cluster = new RegistryCluster(etcd);
    FaultyGrpcEtcd grpc;

    @BeforeEach
    final void listen() throws IOException {
        grpc = new FaultyGrpcEtcd(etcd);
    }

    @AfterEach
    final void closeAll() {
        grpc.behave();
        cluster.close();
        grpc.close();
        try {
            cluster.assertLeft();
        } finally {
            etcd.close();
        }
        cluster.assertNothingLeft();
    }

    /** They end a second after the last connection. */
    @AfterAll
    static void awaitTheEndOfGrpcsSharedThreads() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("grpc-")) {
                Await.end(thread);
            }
        }
    }

    /** Starts three registries with clients, and waits until all are right. */
    final void start() {
        start(2, EtcdOptions.of(List.of(grpc.uri())));
        cluster.await("all watch", () -> grpc.watches() == 3); // a roster may be right before that
    }

    /** Starts three registries with clients, and waits until all are right. */
    final void start(long leaseSeconds, EtcdOptions options) {
        begin(leaseSeconds, options);
        cluster.awaitRight();
    }

    /** Starts three registries with clients. */
    final void begin(long leaseSeconds, EtcdOptions options) {
        for (int i = 0; i < 3; i++) {
            RegistryCluster.Server server = cluster.open(leaseSeconds, owner -> new JetcdTransport(options, owner));
            server.join();
            server.join();
        }
    }

    static EtcdOptions asUser(URI endpoint) {
        return new EtcdOptions(List.of(endpoint), "me", "secret", null, null, null);
    }

    /** Holds calls until the test releases them. */
    final class Held {
        /** Owned by etcd's thread. */
        private final List<Call> calls = new ArrayList<>();

        /** Waits until it holds so many calls. */
        List<Call> await(int count) {
            cluster.await(count + " calls are held", () -> etcd.ask(calls::size) >= count);
            return etcd.ask(() -> List.copyOf(calls));
        }

        /** Serves them, and holds no further calls. */
        void release() {
            grpc.behave();
            etcd.run(() -> calls.forEach(Call::serve));
        }
    }

    final Held hold(Rpc kind, Predicate<Call> which, int most) {
        Held held = new Held();
        grpc.misbehave(
                (rpc, call) -> rpc == kind && held.calls.size() < most && which.test(call) && held.calls.add(call));
        return held;
    }

    final Held hold(Rpc kind) {
        return hold(kind, call -> true, Integer.MAX_VALUE);
    }

    /** Counts renewals of each lease from now on; those on {@code dead} streams get no answer and do not count. */
    final Map<Long, Integer> countRenewals(Set<?> dead) {
        Map<Long, Integer> renewals = new HashMap<>();
        grpc.misbehave((rpc, call) -> {
            if (rpc == Rpc.KEEP_ALIVE && !dead.contains(call.stream())) {
                renewals.merge(((LeaseKeepAliveRequest) call.request()).getID(), 1, Integer::sum);
            }
            return dead.contains(call.stream());
        });
        return renewals;
    }
}
