package io.socketz.state.gateway;

import io.socketz.state.etcd.LiveEtcd;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.gateway.FaultyEtcd.Wire;
import java.io.IOException;
import java.util.List;

/** A watch from the gateway's side, correct until it is told otherwise. Owned by etcd's thread. */
final class GatewayWatcher implements LiveEtcd.Watcher {
    private interface Writing {
        void write() throws IOException;
    }

    private final LiveEtcd etcd;
    private final Wire wire;
    private final Runnable onCompacted;
    private Runnable stop = () -> {};
    private boolean over;

    GatewayWatcher(LiveEtcd etcd, Wire wire, Runnable onCompacted) {
        this.etcd = etcd;
        this.wire = wire;
        this.onCompacted = onCompacted;
    }

    void create(GatewayJson asked) {
        try {
            etcd.checkLeader();
        } catch (LiveEtcd.Refused e) {
            end("{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"" + e.words() + "\"}}");
            return;
        }
        say("\"created\":true");
        stop = etcd.watch(asked.bytes("key"), asked.bytes("range_end"), asked.number("start_revision"), this);
        if (over) {
            stop.run();
        }
    }

    @Override
    public void onEvents(long revision, List<WatchEvent> events) {
        say(GatewayJson.events(events));
    }

    /** The stream stays open. */
    @Override
    public void onCompacted(long oldest) {
        onCompacted.run();
        say("\"canceled\":true,\"compact_revision\":\"" + oldest + "\"");
        stop();
    }

    private void say(String fields) {
        if (!over) {
            write(() -> wire.chunk("{\"result\":{" + GatewayJson.header(etcd.revision()) + "," + fields + "}}\n"));
        }
    }

    private void write(Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            stop(); // the client is gone
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
        write(wire::endStream);
    }

    /** The stream ends with an error. */
    void end(String lastWord) {
        stop();
        write(() -> {
            wire.chunk(lastWord);
            wire.endStream();
        });
    }

    /** The connection breaks. */
    void reset() {
        stop();
        write(wire::reset);
    }
}
