package io.socketz.state.jetcd;

import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Renews the leases of a connection over one stream. The next response for a lease answers the oldest request for it. Owned
 * by the worker, on which gRPC calls back.
 *
 * <pre>{@code
 *   closed --renew--> opening --onOpen--> open --onError | onCompleted--> closed
 *                         \-----onError---------------------------------> closed
 * }</pre>
 */
final class KeepAlives implements StreamObserver<LeaseKeepAliveResponse> {
    private final EtcdChannel connection;

    /** The calls that wait for a response, by lease. */
    private final Map<Long, Queue<PendingCall<Long>>> waiting = new HashMap<>();

    private boolean opening;

    /** Null unless the stream is open. */
    private @Nullable StreamObserver<LeaseKeepAliveRequest> requests;

    KeepAlives(EtcdChannel connection) {
        this.connection = connection;
    }

    void renew(long lease, PendingCall<Long> pending) {
        waiting.computeIfAbsent(lease, key -> new ArrayDeque<>()).add(pending);
        if (requests != null) {
            write(lease);
        } else if (!opening) {
            opening = true;
            connection.openStream(this::onOpen, this::onError);
        }
    }

    private void onOpen(Channel channel) {
        opening = false;
        requests = LeaseGrpc.newStub(channel).leaseKeepAlive(this);
        waiting.forEach((lease, all) -> all.forEach(pending -> write(lease)));
    }

    private void write(long lease) {
        if (requests != null) {
            requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
        }
    }

    @Override
    public void onNext(LeaseKeepAliveResponse response) {
        Queue<PendingCall<Long>> first = waiting.get(response.getID());
        if (first != null) {
            first.remove().succeed(response.getTTL());
            if (first.isEmpty()) {
                waiting.remove(response.getID());
            }
        }
    }

    @Override
    public void onError(Throwable thrown) {
        opening = false;
        requests = null;
        List<PendingCall<Long>> all =
                waiting.values().stream().flatMap(Queue::stream).toList();
        waiting.clear();
        if (all.isEmpty()) {
            connection.onStreamLost(thrown); // otherwise the next call would be the one to fail
        }
        all.forEach(pending -> pending.fail(thrown));
    }

    @Override
    public void onCompleted() {
        onError(Status.UNAVAILABLE.withDescription("ended the stream").asRuntimeException());
    }
}
