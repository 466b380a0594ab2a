package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Request;
import io.socketz.state.etcd.transport.TransportProbe.Watched;
import io.socketz.state.etcd.transport.Write;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transports with members that are dead, silent, without a quorum or without TLS. */
abstract class EtcdFailoverContract extends EtcdContract {
    static final String FROM = "/failover/";
    static final String TO = "/failover0";
    static final Request<Long> REVISION = (transport, answer) -> transport.revision(FROM, answer);
    static final Request<Long> LEASE = (transport, answer) -> transport.grantLease(60, answer);

    EtcdFailoverContract(Way way) {
        super(way);
    }

    @BeforeAll
    static void startEtcd() {
        cluster = EtcdCluster.start(3);
    }

    @AfterEach
    void mend() {
        closeTransports();
        for (int i = 0; i < cluster.size(); i++) {
            cluster.resume(i);
        }
        cluster.startAll();
    }

    @Test
    void skipsEndpointsThatDoNotAnswer() {
        URI dead = URI.create("http://127.0.0.1:" + FreePorts.take(1).get(0));
        TransportProbe probe = open(dead, dead, dead, cluster.endpoint(0));

        List<EtcdFailure> failures = untilAnswered(probe, REVISION);

        assertThat(failures).hasSizeLessThan(4);
        assertThat(failures)
                .allMatch(failure -> failure.equals(new EtcdFailure(Kind.UNAVAILABLE, dead + ": connection refused")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd.test", "etcd_1"})
    void allAddressesOfANameAreTried(String host) {
        URI name = URI.create("http://" + host + ":" + cluster.endpoint(0).getPort());
        TransportProbe probe = open(name);

        List<EtcdFailure> failures = untilAnswered(probe, REVISION);

        assertThat(failures)
                .containsExactly(new EtcdFailure(Kind.UNAVAILABLE, name + " (127.0.0.2): connection refused"));
        probe.watch(FROM, TO, 1_000_000).awaitCreated();
    }

    @Test
    void anUnknownNameIsUnavailable() {
        EtcdFailure failure = open(URI.create("http://nobody.test:2379")).askInVain(REVISION);

        assertThat(failure).isEqualTo(new EtcdFailure(Kind.UNAVAILABLE, "http://nobody.test:2379: unknown host"));
    }

    @Test
    void anEtcdWithoutTlsIsNotTrusted() {
        URI tls = URI.create("https://127.0.0.1:" + cluster.endpoint(0).getPort());

        // Etcd closes at once, with input unread: what it sent before may arrive first, or a reset, or neither.
        assertThat(open(tls).askInVain(REVISION))
                .isIn(
                        new EtcdFailure(Kind.NOT_ETCD, tls + ": does not speak TLS"),
                        new EtcdFailure(Kind.UNAVAILABLE, tls + ": connection closed before TLS began"),
                        new EtcdFailure(Kind.UNAVAILABLE, tls + ": connection reset"));
    }

    @Test
    void callsOfAKilledMemberFailAndAnotherMemberServes() {
        TransportProbe probe = openOnFirstOfTwo();
        long lease = probe.ask(LEASE);
        Watched watched = probe.watch(FROM, TO, probe.ask(REVISION) + 1).awaitCreated();
        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);

        cluster.kill(0);

        assertThat(watched.awaitEnd().kind()).isEqualTo(Kind.UNAVAILABLE);
        untilAnswered(probe, keepAlive(lease));
        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
        assertWatchWorks(probe);
    }

    @Test
    void aMemberThatShutsDownEndsWatchesAndAnotherMemberServes() {
        TransportProbe probe = openOnFirstOfTwo();
        Watched watched = probe.watch(FROM, TO, probe.ask(REVISION) + 1).awaitCreated();

        cluster.terminate(0);

        assertThat(watched.awaitEnd().kind()).isEqualTo(Kind.UNAVAILABLE);
        untilAnswered(probe, LEASE);
        assertWatchWorks(probe);
    }

    @Test
    void aWatchEndsWhenThereIsNoLeader() {
        TransportProbe probe = open(cluster.endpoint(0));
        Watched watched = probe.watch(FROM, TO, probe.ask(REVISION) + 1).awaitCreated();

        cluster.kill(1);
        cluster.kill(2);

        assertThat(watched.awaitEnd())
                .isEqualTo(new EtcdFailure(Kind.UNAVAILABLE, cluster.endpoint(0) + ": no leader"));
        cluster.startAll();
        assertWatchWorks(probe);
    }

    // ------------------------------------------------------------ what the tests ask

    final TransportProbe open(URI... endpoints) {
        return open(EtcdOptions.of(List.of(endpoints)));
    }

    /** A transport that may use members 0 and 1 and is connected to 0. */
    final TransportProbe openOnFirstOfTwo() {
        cluster.kill(1);
        TransportProbe probe = open(cluster.endpoint(0), cluster.endpoint(1));
        cluster.awaitHealthy();
        untilAnswered(probe, REVISION);
        cluster.startAll();
        return probe;
    }

    /** Asks until it succeeds; returns the failures before that. */
    static final List<EtcdFailure> untilAnswered(TransportProbe probe, Request<?> request) {
        List<EtcdFailure> failures = new ArrayList<>();
        while (true) {
            try {
                probe.ask(request);
                return failures;
            } catch (TransportProbe.Failed e) {
                failures.add(e.failure());
                assertThat(failures)
                        .hasSizeLessThan(100)
                        .allMatch(failure -> failure.kind() == Kind.UNAVAILABLE || failure.kind() == Kind.TIMEOUT);
            }
        }
    }

    static final void assertWatchWorks(TransportProbe probe) {
        Watched watched = probe.watch(FROM, TO, probe.ask(REVISION) + 1).awaitCreated();
        Write put = new Write.Put(FROM + "key", new byte[1], 0);
        long revision = probe.ask(TransportProbe.commit(put)).revision();
        assertThat(watched.awaitEvents(1).get(0).revision()).isEqualTo(revision);
    }
}
