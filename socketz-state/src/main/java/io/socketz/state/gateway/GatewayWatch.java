package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTexts;
import io.socketz.state.etcd.transport.EtcdTransport.WatchListener;
import io.socketz.state.gateway.AnswerReader.WatchMessage;
import java.util.List;
import java.util.Map;

/** A watch: an exchange whose response does not end by itself. */
final class GatewayWatch extends HttpExchange {
    private static final int UNAVAILABLE = 14; // gRPC's status code

    private final WatchListener listener;

    /** Owned by the owner. */
    private boolean created;

    GatewayWatch(GatewayTransport transport, byte[] body, WatchListener listener) {
        super(transport, "/v3/watch", body);
        this.listener = listener;
    }

    @Override
    boolean isShort() {
        return false;
    }

    /** Makes etcd end the watch when it has no leader: grpc-gateway turns such headers into metadata. */
    @Override
    Map<String, String> headers() {
        return Map.of("Grpc-Metadata-hasleader", "true");
    }

    @Override
    ResponseBody body(int status, int of) {
        if (status != 200) {
            return new BoundedBody((body, length, cut) -> {
                throw AnswerReader.refusal(status, body, length);
            });
        }
        return new WatchBody(
                WatchBody.MAX_LINE_BYTES,
                (messages, taken) -> post(of, now -> {
                    onMessages(now, messages);
                    taken.run();
                }));
    }

    private void onMessages(long now, List<WatchMessage> messages) {
        for (WatchMessage message : messages) {
            if (isDone()) {
                return; // the listener has cancelled it
            }
            if (message.canceled()) {
                fail(now, reason(message)); // the stream would stay open
                return;
            }
            if (message.created() && !created) {
                created = true;
                listener.onCreated(now);
            }
            if (!message.events().isEmpty() && !isDone()) {
                listener.onEvents(now, message.events());
            }
        }
    }

    private static EtcdError reason(WatchMessage message) {
        if (message.compactRevision() > 0) {
            return new EtcdError(UNAVAILABLE, EtcdTexts.COMPACTED + ", up to " + message.compactRevision());
        }
        String reason = message.cancelReason();
        return new EtcdError(UNAVAILABLE, reason.isEmpty() ? "etcd has cancelled the watch" : reason);
    }

    @Override
    void onFailed(long now, EtcdFailure failure) {
        listener.onEnd(now, failure);
    }
}
