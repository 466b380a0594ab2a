package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.client;
import static io.socketz.state.etcd.Samples.memberEntry;
import static io.socketz.state.etcd.Samples.put;
import static io.socketz.state.etcd.Samples.putClient;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.FreshRoster;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.ScriptedEtcd.Watched;
import io.socketz.state.etcd.transport.EtcdTransport.CallbackExecutor;
import io.socketz.state.etcd.transport.RangePage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which rosters those who ask see, step by step. */
class EtcdRegistryRostersTest {
    private final ScriptedEtcd etcd = new ScriptedEtcd();
    private final CompletableFuture<CallbackExecutor> owner = new CompletableFuture<>();
    private final StateThread state = new StateThread("state");
    private final Registry registry = EtcdRegistry.factory(
                    new ClusterSettings("/socketz", Duration.ofSeconds(60)),
                    executor -> {
                        owner.complete(executor);
                        return etcd;
                    },
                    EtcdRegistryListener.NONE)
            .open(Samples.member(SELF), state);

    @AfterEach
    void close() {
        registry.close(Duration.ZERO);
        state.close();
    }

    @Test
    void aRosterIsNeverOlderThanAFreshOneBeforeIt() {
        Watched watch = connected();
        Roster before = Await.get(registry.roster());
        assertThat(before.clients()).isEmpty();
        CompletableFuture<FreshRoster> asked = registry.freshRoster();
        CompletableFuture<Roster> next = asked.thenCompose(answer -> registry.roster());
        step(now -> etcd.take("revision of members/self").answer(now, 11L));
        step(now -> watch.listener.onEvents(now, List.of(putClient(client(OTHER, 1), 11))));
        Roster fresh = Await.get(asked).roster();
        assertThat(fresh.revision()).isEqualTo(11);

        for (Roster after : List.of(Await.get(next), Await.get(registry.roster()))) {
            assertThat(after.clients()).containsExactly(client(OTHER, 1));
            assertThat(after.revision()).isEqualTo(11);
            assertThat(after.version()).isGreaterThan(before.version());
        }
    }

    /** A member that watches from revision 11 on, and another server without clients. */
    private Watched connected() {
        step(now -> etcd.range("../socketz/v10 @0 limit 4000")
                .answer(now, new RangePage(List.of(memberEntry(OTHER, 4)), false, 9)));
        step(now -> etcd.take("grant 60").answer(now, 77L));
        Watched watch = etcd.watch("../socketz/v10 from 10");
        step(watch.listener::onCreated);
        step(now -> etcd.take("put members/self on 77").answer(now, 10L));
        step(now -> watch.listener.onEvents(now, List.of(put(PublishedServer.memberKey(77, 10)))));
        return watch;
    }

    /** One event on the state thread, and its end. */
    private void step(LongConsumer event) {
        Await.get(owner).execute(event);
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        state.execute(() -> ended.complete(true));
        assertThat(Await.get(ended)).isTrue();
    }
}
