package io.socketz.state.jetcd;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseGrantResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.Endpoints;
import io.socketz.state.etcd.transport.EtcdException;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.Write;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * etcd over gRPC, with jetcd. It has one connection at a time. Its own worker thread makes and owns the connection, and
 * everything that arrives passes through that thread on its way to the owner.
 *
 * <pre>{@code
 *   none --request--> connected to one address --failure | cancel--> none, and the next address is the next to be asked
 * }</pre>
 *
 * Nothing is loaded, started or connected before the first request, which also sets a system property of grpc-netty-shaded,
 * unless it is set: {@code io.grpc.netty.shaded.io.netty.transport.noNative}. gRPC's shared threads end one second after the
 * last connection of the process.
 */
public final class JetcdTransport implements EtcdTransport {
    private static final long CLOSE_SECONDS = 5;

    private final EtcdOptions options;
    private final CallbackExecutor owner;
    private final Worker worker;

    /** Written by the owner. */
    private volatile boolean closed;

    /** Owned by the worker. */
    private final Endpoints endpoints;

    /** Null if there is none. Owned by the worker. */
    private @Nullable EtcdChannel connection;

    /** Whether etcd has authentication, as far as is known: without it, a login fails. Owned by the worker. */
    private boolean authenticationOn = true;

    /**
     * Does nothing before the first request.
     *
     * @param owner runs all callbacks
     */
    public JetcdTransport(EtcdOptions options, CallbackExecutor owner) {
        this.options = options;
        this.owner = owner;
        this.endpoints = new Endpoints(options.endpoints());
        this.worker = new Worker();
    }

    @Override
    public Call grantLease(long ttlSeconds, Answer<Long> answer) {
        return send(
                answer,
                (connection, pending) ->
                        pending.follow(connection.lease().grant(ttlSeconds), LeaseGrantResponse::getID));
    }

    @Override
    public Call keepAlive(long lease, Answer<Long> answer) {
        return send(answer, (connection, pending) -> connection.keepAlives().renew(lease, pending));
    }

    @Override
    public Call revokeLease(long lease, Answer<Long> answer) {
        return send(
                answer,
                (connection, pending) -> pending.follow(
                        connection.lease().revoke(lease),
                        response -> response.getHeader().getRevision()));
    }

    @Override
    public Call commit(Fence fence, List<Write> writes, Answer<Committed> answer) {
        return send(answer, (connection, pending) -> {
            ByteSequence key = bytes(fence.key());
            GetOption revisionOnly = GetOption.builder().withKeysOnly(true).build();
            Op[] operations = writes.stream().map(JetcdTransport::operation).toArray(Op[]::new);
            pending.follow(
                    connection
                            .kv()
                            .txn()
                            .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(fence.revision())))
                            .Then(operations)
                            .Else(Op.get(key, revisionOnly))
                            .commit(),
                    JetcdTransport::committed);
        });
    }

    private static Committed committed(TxnResponse response) {
        if (response.isSucceeded()) {
            return new Committed(true, response.getHeader().getRevision());
        }
        long revision = response.getGetResponses().stream()
                .flatMap(found -> found.getKvs().stream())
                .mapToLong(io.etcd.jetcd.KeyValue::getModRevision)
                .findFirst()
                .orElse(0);
        return new Committed(false, revision);
    }

    private static Op operation(Write write) {
        ByteSequence key = bytes(write.key());
        if (write instanceof Write.Put put) {
            PutOption option = PutOption.builder().withLeaseId(put.lease()).build();
            return Op.put(key, ByteSequence.from(put.value()), option);
        }
        return Op.delete(key, DeleteOption.DEFAULT);
    }

    @Override
    public Call range(String from, String to, long revision, int limit, Answer<RangePage> answer) {
        return send(answer, (connection, pending) -> {
            GetOption option = GetOption.builder()
                    .withRange(bytes(to))
                    .withRevision(revision)
                    .withLimit(limit)
                    .build();
            pending.follow(connection.kv().get(bytes(from), option), JetcdTransport::page);
        });
    }

    private static RangePage page(GetResponse response) {
        List<KeyValue> entries = response.getKvs().stream()
                .map(entry -> new KeyValue(
                        entry.getKey().toString(StandardCharsets.ISO_8859_1),
                        entry.getValue().getBytes(),
                        entry.getLease(),
                        entry.getModRevision()))
                .toList();
        return new RangePage(entries, response.isMore(), response.getHeader().getRevision());
    }

    @Override
    public Call revision(String key, Answer<Long> answer) {
        return send(answer, (connection, pending) -> {
            GetOption option = GetOption.builder().withCountOnly(true).build();
            pending.follow(
                    connection.kv().get(bytes(key), option),
                    response -> response.getHeader().getRevision());
        });
    }

    private static ByteSequence bytes(String key) {
        return ByteSequence.from(key, StandardCharsets.ISO_8859_1);
    }

    @Override
    public Call watch(String from, String to, long revision, WatchListener listener) {
        WatchStream watch = new WatchStream(this, from, to, revision, listener);
        worker.execute(() -> {
            if (!watch.isDone()) {
                try {
                    watch.start(connected());
                } catch (EtcdException e) {
                    watch.fail(e.failure());
                } catch (RuntimeException e) {
                    watch.onError(e);
                }
            }
        });
        return watch;
    }

    /** Passes a request to the worker, which sends it. */
    private <T> Call send(Answer<T> answer, BiConsumer<EtcdChannel, PendingCall<T>> request) {
        PendingCall<T> pending = new PendingCall<>(this, answer);
        worker.execute(() -> {
            if (!pending.isDone()) {
                try {
                    EtcdChannel to = connected();
                    pending.onSend(to);
                    request.accept(to, pending);
                } catch (EtcdException e) {
                    pending.fail(e.failure());
                } catch (RuntimeException e) {
                    pending.fail(e);
                }
            }
        });
        return pending;
    }

    /**
     * The connection; a new one, that connects with its first request, if there is none.
     *
     * @throws EtcdException if none can be made; the next attempt takes the next address
     */
    private EtcdChannel connected() throws EtcdException {
        if (connection == null) {
            NativeTransport.leaveOut();
            URI endpoint = endpoints.endpoint();
            try {
                connection =
                        new EtcdChannel(this, authenticationOn ? options : options.withoutUser(), endpoints.address());
            } catch (UnknownHostException e) {
                endpoints.next();
                throw new EtcdException(JetcdFailures.unknownHost(e), e);
            } catch (EtcdException e) {
                endpoints.next();
                throw e;
            } catch (RuntimeException e) { // a library rejects the address
                endpoints.next(); // or the other addresses would never be tried
                throw new EtcdException(JetcdFailures.of(e, endpoint.toString()), e);
            }
        }
        return connection;
    }

    /** The thread of the transport, on which gRPC calls back too. */
    Worker worker() {
        return worker;
    }

    /** Calls the owner back, unless the transport is closed by then. From any thread. */
    void tell(LongConsumer event) {
        owner.execute(now -> {
            if (!closed) {
                event.accept(now);
            }
        });
    }

    /**
     * A call has failed: drops its connection if another one may work. On the worker.
     *
     * @param used the call's connection; null if it had none
     * @return what to report to the owner
     */
    EtcdFailure onFailure(@Nullable EtcdChannel used, Throwable thrown) {
        if (used == null) {
            return JetcdFailures.of(thrown, endpoints.endpoint().toString());
        }
        EtcdFailure lost = used.lost();
        EtcdFailure failure =
                lost != null ? lost : JetcdFailures.of(thrown, used.address().toString());
        if (JetcdFailures.isOfConnection(failure)) {
            if (used == connection && failure.isAuthenticationOff()) {
                authenticationOn = false;
            } else if (used == connection && JetcdFailures.isAuthenticationOn(failure)) {
                authenticationOn = true;
            }
            drop(used, failure);
        }
        return failure;
    }

    /**
     * The owner has cancelled a call: drops its connection. On the worker.
     *
     * @param used the call's connection; null if it had none: then the current connection is dropped
     */
    void onCancel(@Nullable EtcdChannel used) {
        EtcdChannel left = used == null ? connection : used;
        if (left != null) {
            drop(left, JetcdFailures.noAnswer(left.address().toString()));
        }
    }

    private void drop(EtcdChannel used, EtcdFailure why) {
        used.close(why);
        if (used == connection) {
            connection = null;
            endpoints.next();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        worker.execute(this::disconnect);
        worker.shutdown();
        try {
            if (!worker.awaitTermination(CLOSE_SECONDS, SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void disconnect() {
        EtcdChannel last = connection;
        if (last != null) {
            last.close(JetcdFailures.noAnswer(last.address().toString()));
            try {
                last.awaitClosed(CLOSE_SECONDS - 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
