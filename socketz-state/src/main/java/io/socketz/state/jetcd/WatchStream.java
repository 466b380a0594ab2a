package io.socketz.state.jetcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTexts;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A watch, on a stream of its own that ends with it.
 *
 * <pre>{@code
 *   queued --start--> opening --onOpen--> asked --created--> watching --canceled | onError | onCompleted--> ended
 *                         \------------------\-----------------------------------------------------------> ended
 *   any --cancel--> done, without a callback
 * }</pre>
 *
 * One response at a time is on its way to the owner; gRPC's flow control holds back the rest at etcd.
 */
final class WatchStream implements EtcdTransport.Call, ClientResponseObserver<WatchRequest, WatchResponse> {
    /** Without it, an etcd member that has lost the others would keep a watch open and silent. */
    private static final Metadata REQUIRE_LEADER = new Metadata();

    static {
        REQUIRE_LEADER.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    }

    private final JetcdTransport transport;
    private final WatchCreateRequest create;
    private final EtcdTransport.WatchListener listener;

    /** Ended or cancelled, in the view of the owner. Written by the owner; read by the worker. */
    private volatile boolean done;

    /** Owned by the worker. */
    private boolean ended;

    /** Null before the watch is started. Owned by the worker. */
    private @Nullable EtcdChannel connection;

    /** Null before the stream is open. Owned by the worker. */
    private @Nullable ClientCallStreamObserver<WatchRequest> requests;

    WatchStream(JetcdTransport transport, String from, String to, long revision, EtcdTransport.WatchListener listener) {
        this.transport = transport;
        this.listener = listener;
        this.create = WatchCreateRequest.newBuilder()
                .setKey(ByteString.copyFrom(from, StandardCharsets.ISO_8859_1))
                .setRangeEnd(ByteString.copyFrom(to, StandardCharsets.ISO_8859_1))
                .setStartRevision(revision)
                .build();
    }

    boolean isDone() {
        return done;
    }

    void start(EtcdChannel connection) {
        this.connection = connection;
        connection.openStream(this::onOpen, this::onError);
    }

    private void onOpen(Channel channel) {
        if (done) {
            return;
        }
        WatchGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(REQUIRE_LEADER))
                .watch(this)
                .onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> requests) {
        this.requests = requests;
        requests.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(WatchResponse response) {
        if (ended || requests == null) {
            return;
        }
        if (response.getCanceled()) {
            onError(cancelled(response));
            requests.cancel("ended by etcd", null);
            return;
        }
        List<WatchEvent> events =
                response.getEventsList().stream().map(WatchStream::event).toList();
        transport.tell(now -> {
            if (!done && response.getCreated()) {
                listener.onCreated(now);
            }
            if (!done && !events.isEmpty()) {
                listener.onEvents(now, events);
            }
            transport.worker().execute(this::readOn);
        });
    }

    private void readOn() {
        if (requests != null && !ended) {
            requests.request(1);
        }
    }

    private static Throwable cancelled(WatchResponse response) {
        if (response.getCompactRevision() > 0) {
            return Status.OUT_OF_RANGE
                    .withDescription(EtcdTexts.COMPACTED + "; the oldest is " + response.getCompactRevision())
                    .asRuntimeException();
        }
        String reason = response.getCancelReason();
        return Status.UNAVAILABLE
                .withDescription(reason.isEmpty() ? "ended the watch" : reason)
                .asRuntimeException();
    }

    private static WatchEvent event(Event event) {
        io.etcd.jetcd.api.KeyValue entry = event.getKv();
        String key = entry.getKey().toString(StandardCharsets.ISO_8859_1);
        KeyValue put = event.getType() == Event.EventType.DELETE
                ? null
                : new KeyValue(key, entry.getValue().toByteArray(), entry.getLease(), entry.getModRevision());
        return new WatchEvent(key, put, entry.getModRevision());
    }

    @Override
    public void onError(Throwable thrown) {
        if (!ended) {
            fail(transport.onFailure(connection, thrown));
        }
    }

    /** On the worker. */
    void fail(EtcdFailure failure) {
        ended = true;
        transport.tell(now -> {
            if (!done) {
                done = true;
                listener.onEnd(now, failure);
            }
        });
    }

    @Override
    public void onCompleted() {
        onError(Status.UNAVAILABLE.withDescription("ended the stream").asRuntimeException());
    }

    @Override
    public void cancel() {
        if (!done) {
            done = true;
            transport.worker().execute(this::onCancel);
        }
    }

    private void onCancel() {
        ended = true;
        if (requests != null) {
            requests.cancel("cancelled", null);
        }
        transport.onCancel(connection);
    }
}
