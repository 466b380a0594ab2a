package io.socketz.state.jetcd;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.socketz.state.etcd.LiveEtcd;
import io.socketz.state.etcd.transport.WatchEvent;
import java.util.List;

/** A watch from etcd's side, correct until it is told to end or to fall silent. Owned by etcd's thread. */
final class WatchConversation implements LiveEtcd.Watcher {
    private final LiveEtcd etcd;
    private final StreamObserver<WatchResponse> answers;
    private Runnable stop = () -> {};
    private boolean over;

    WatchConversation(LiveEtcd etcd, StreamObserver<WatchResponse> answers) {
        this.etcd = etcd;
        this.answers = answers;
    }

    void create(WatchCreateRequest request) {
        if (over) {
            return;
        }
        try {
            etcd.checkLeader();
        } catch (LiveEtcd.Refused e) {
            fail(Protobuf.status(e));
            return;
        }
        answers.onNext(response().setCreated(true).build());
        stop = etcd.watch(
                Protobuf.text(request.getKey()),
                Protobuf.text(request.getRangeEnd()),
                request.getStartRevision(),
                this);
        if (over) {
            stop.run();
        }
    }

    private WatchResponse.Builder response() {
        return WatchResponse.newBuilder().setHeader(Protobuf.header(etcd.revision()));
    }

    @Override
    public void onEvents(long revision, List<WatchEvent> events) {
        if (!over) {
            WatchResponse.Builder response = response();
            events.forEach(event -> response.addEvents(Protobuf.event(event)));
            answers.onNext(response.build());
        }
    }

    /** The stream stays open. */
    @Override
    public void onCompacted(long oldest) {
        if (!over) {
            stop();
            answers.onNext(
                    response().setCanceled(true).setCompactRevision(oldest).build());
        }
    }

    // ---------------------------------------------------------------- harm

    /** The stream stays open, but brings nothing more. */
    void stop() {
        over = true;
        stop.run();
    }

    /** The stream ends without an error. */
    void end() {
        stop();
        answers.onCompleted();
    }

    void fail(Status status) {
        stop();
        answers.onError(status.asRuntimeException());
    }

    /** Cancels the watch in the same response that reports its creation; the stream stays open. */
    void refuse(String reason) {
        stop();
        answers.onNext(response()
                .setWatchId(-1)
                .setCreated(true)
                .setCanceled(true)
                .setCancelReason(reason)
                .build());
    }
}
