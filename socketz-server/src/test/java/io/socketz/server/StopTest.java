package io.socketz.server;

import static io.socketz.server.LineClient.GREETING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.server.event.CloseReason;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.EtcdRegistry;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.Write;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a server starts and stops. */
class StopTest {
    private final Events events = new Events();

    private SocketzServer.Builder builder() {
        return SocketzServer.builder().host("127.0.0.1").port(0).listener(events);
    }

    @Test
    void aStoppingServerAnswersEarlierRequestsAndAcceptsNoClients() throws Exception {
        SocketzServer server = builder().start();
        try (LineClient asks = LineClient.greeted(server);
                LineClient idle = LineClient.greeted(server)) {
            asks.send("WHY\n".repeat(10_000));
            asks.line();
            Thread stop = new Thread(server::close);
            stop.start();
            assertThat(asks.rest()).isEqualTo("42\n".repeat(9_999));
            assertThat(idle.rest()).isEmpty();
            asks.socket.close();
            idle.socket.close();
            stop.join();
            assertThat(server.connections()).isZero();
            assertThat(server.closed(CloseReason.SERVER_STOPPING)).isEqualTo(2);
            assertThatThrownBy(() -> LineClient.connect(server)).isInstanceOf(ConnectException.class);
        }
    }

    /** One that was accepted in the last moment is told, too. */
    @Test
    void everyConnectionEndsWhoeverConnectsWhileTheServerCloses() throws Exception {
        for (int round = 0; round < 60; round++) {
            SocketzServer server =
                    builder().loops(2).drainTimeout(Duration.ofHours(1)).start();
            List<LineClient> clients = new ArrayList<>();
            Thread closes = new Thread(server::close);
            try {
                while (clients.size() < 10_000) {
                    clients.add(LineClient.connect(server));
                    if (clients.size() == 1 + round % 30) {
                        closes.start();
                    }
                }
            } catch (IOException e) {
                // The port is closed.
            }
            for (LineClient client : clients) {
                try (client) {
                    // The system says that a port is closed only to those who send something.
                    client.send("WHY\n");
                    client.rest();
                } catch (SocketTimeoutException e) {
                    throw new AssertionError("a client was forgotten in round " + round, e);
                } catch (IOException e) {
                    // It was reset.
                }
            }
            closes.join();
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void aClosedServerLeavesNoThreadBehind() throws Exception {
        Set<Thread> before = Set.copyOf(threads()); // of other tests of this JVM
        SocketzServer server = builder().name("thread-test").loops(3).start();
        try (LineClient client = LineClient.greeted(server)) {
            client.ask("WHO");
            List<Thread> threads = threads().stream()
                    .filter(thread -> !before.contains(thread))
                    .toList();
            assertThat(threads).hasSizeGreaterThanOrEqualTo(4);
            client.socket.close();
            server.close();
            for (Thread thread : threads) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("socketz-"))
                .toList();
    }

    @Test
    void aRegistryThatThrowsLeavesNoThreadBehindAndCloseThrowsTheSame() throws Exception {
        List<Thread> before = threads();
        SocketzServer server = builder()
                .registry((member, state) -> new ForwardingRegistry(member, state) {
                    @Override
                    public void close(Duration patience) {
                        super.close(patience);
                        throw new IllegalStateException("the store is gone");
                    }
                })
                .start();
        List<Thread> threads =
                threads().stream().filter(thread -> !before.contains(thread)).toList();
        assertThatThrownBy(server::close).hasMessage("the store is gone");
        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        server.close();
    }

    @Test
    void aServerCanBeClosedTwice() throws Exception {
        SocketzServer server = builder().start();
        server.close();
        server.close();
    }

    @Test
    void aClientThatReadsNothingIsCutWhenTheTimeIsUp() throws Exception {
        SocketzServer server =
                builder().drainTimeout(Duration.ofMillis(50)).loops(1).start();
        try (LineClient slow = LineClient.connect(server, "127.0.0.1", 4096);
                LineClient bystander = LineClient.greeted(server)) {
            slow.expect(GREETING);
            Thread sender = new Thread(() -> {
                try {
                    slow.send("WHERE\n".repeat(2_000_000));
                } catch (Exception e) {
                    // Expected: the server cuts the connection.
                }
            });
            sender.start();
            bystander.ask("WHY");
            server.close();
            sender.join();
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void aClosedServerFreesItsPort() throws Exception {
        SocketzServer first = builder().start();
        int port = first.address().getPort();
        assertThatThrownBy(() -> builder().port(port).start()).isInstanceOf(ListenException.class);
        first.close();
        builder().port(port).start().close();
    }

    @Test
    void aServerDoesNotStartWithoutAnAddressOrALoop() {
        assertThatThrownBy(() -> builder().host("no.such.host.invalid").start())
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("cannot listen on 'no.such.host.invalid': no address is known for that name");
        assertThatThrownBy(() -> builder().loops(0)).hasMessage("loops: 0 is not from 1 to 1024");
    }

    /** A registry whose store hangs must not extend the drain timeout. */
    @Test
    void theRegistryGetsTheRestOfTheDrainTimeoutToClose() throws Exception {
        Duration hour = Duration.ofHours(1);
        assertThat(patienceWith(hour, false)).isBetween(hour.dividedBy(2), hour);
        assertThat(patienceWith(hour, true)).isBetween(hour.dividedBy(2), hour);
        assertThat(patienceWith(Duration.ZERO, false)).isEqualTo(Duration.ofMillis(250));
    }

    private Duration patienceWith(Duration drainTimeout, boolean agent) throws Exception {
        CompletableFuture<Duration> patience = new CompletableFuture<>();
        SocketzServer.Builder builder = builder().drainTimeout(drainTimeout);
        builder.registry((member, state) -> new ForwardingRegistry(member, state) {
            @Override
            public void close(Duration given) {
                patience.complete(given);
                super.close();
            }
        });
        if (agent) {
            builder.agentPort(0);
        }
        builder.start().close();
        return patience.join();
    }

    @Test
    void aServerIsNotClosedByItsStateThread() throws Exception {
        CompletableFuture<StateThread> thread = new CompletableFuture<>();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        SocketzServer.Builder builder = builder().drainTimeout(Duration.ZERO);
        builder.registry((member, state) -> {
            thread.complete(state);
            return new ForwardingRegistry(member, state);
        });
        SocketzServer server = builder.start();
        thread.join().execute(() -> {
            try {
                server.close();
                thrown.complete(new AssertionError("it was closed"));
            } catch (IllegalStateException e) {
                thrown.complete(e);
            }
        });
        assertThat(thrown.get(10, TimeUnit.SECONDS)).hasMessage("a server cannot be closed from its own state thread");
        server.close();
    }

    @Test
    void anInterruptedCloseStillEndsTheWayToEtcdAndLeavesTheThreadInterrupted() throws Exception {
        SilentEtcd etcd = new SilentEtcd();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        SocketzServer server = builder()
                .drainTimeout(Duration.ZERO)
                .registry(EtcdRegistry.factory(
                        ClusterSettings.DEFAULT,
                        owner -> {
                            etcd.owner.complete(owner);
                            return etcd;
                        },
                        EtcdRegistryListener.NONE))
                .start();
        assertThat(etcd.asked.await(10, TimeUnit.SECONDS)).isTrue();
        Thread closing = new Thread(() -> {
            server.close();
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        CountDownLatch busy = new CountDownLatch(1);
        etcd.owner.join().execute(now -> {
            closing.start();
            while (!isLeaving(closing)) {
                Thread.onSpinWait();
            }
            closing.interrupt();
            while (isLeaving(closing)) {
                Thread.onSpinWait();
            }
            try {
                busy.await(300, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(etcd.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean isLeaving(Thread closing) {
        return Arrays.stream(closing.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("onClose")
                        && frame.getClassName().equals(EtcdRegistry.class.getName()));
    }

    /** Answers nothing. */
    private static final class SilentEtcd implements EtcdTransport {
        final CompletableFuture<CallbackExecutor> owner = new CompletableFuture<>();
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);

        private Call silence() {
            asked.countDown();
            return () -> {};
        }

        @Override
        public Call grantLease(long ttlSeconds, Answer<Long> answer) {
            return silence();
        }

        @Override
        public Call keepAlive(long lease, Answer<Long> answer) {
            return silence();
        }

        @Override
        public Call revokeLease(long lease, Answer<Long> answer) {
            return silence();
        }

        @Override
        public Call commit(Fence fence, List<Write> writes, Answer<Committed> answer) {
            return silence();
        }

        @Override
        public Call range(String from, String to, long revision, int limit, Answer<RangePage> answer) {
            return silence();
        }

        @Override
        public Call revision(String key, Answer<Long> answer) {
            return silence();
        }

        @Override
        public Call watch(String from, String to, long revision, WatchListener listener) {
            return silence();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
