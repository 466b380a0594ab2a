package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Request;
import io.socketz.state.etcd.transport.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What connects to a {@link FaultyEtcd}, and is closed after each test. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class FaultyEtcdTest {
    static final String REVISION = "{\"header\":{\"revision\":\"7\"}}";
    static final String CREATED = "{\"result\":{\"header\":{\"revision\":\"7\"},\"created\":true}}\n";
    static final String EVENT =
            "{\"result\":{\"header\":{\"revision\":\"8\"},\"events\":[{\"kv\":{\"key\":\"YQ==\",\"mod_revision\":\"8\"}}]}}\n";

    static final Request<Long> KEEP_ALIVE = (transport, answer) -> transport.keepAlive(5, answer);
    static final Request<Long> REVOKE = (transport, answer) -> transport.revokeLease(5, answer);
    static final Fence FENCE = new Fence("f", 6);
    static final Request<Committed> COMMIT =
            (transport, answer) -> transport.commit(FENCE, List.of(new Write.Delete("a")), answer);
    static final Request<RangePage> RANGE = (transport, answer) -> transport.range("a", "b", 3, 10, answer);
    static final Request<Long> ASK = (transport, answer) -> transport.revision("a", answer);

    private final List<AutoCloseable> open = new ArrayList<>();

    final FaultyEtcd etcd(FaultyEtcd.Script script) throws IOException {
        FaultyEtcd etcd = new FaultyEtcd(script);
        open.add(etcd);
        return etcd;
    }

    final TransportProbe probe(EtcdOptions options) {
        final TransportProbe probe = new TransportProbe(owner -> new GatewayTransport(options, owner));
        open.add(0, probe); // closed before the servers
        return probe;
    }

    final TransportProbe probe(FaultyEtcd etcd) {
        return probe(EtcdOptions.of(List.of(etcd.uri())));
    }

    final TransportProbe probe(FaultyEtcd.Script script) throws IOException {
        return probe(etcd(script));
    }

    final TransportProbe probeAs(String user, String password, FaultyEtcd etcd) {
        return probe(new EtcdOptions(List.of(etcd.uri()), user, password, null, null, null));
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }
}
