package io.socketz.server;

import io.socketz.server.event.ServerListener;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdFailure;
import java.time.Duration;

/** Warns of what a server's operator should know of etcd: a line for each event. On the state thread. */
final class EtcdWarnings implements EtcdRegistryListener {
    private final ServerListener listener;

    /** Whether etcd was away, and that it is back has not been told. */
    private boolean away;

    EtcdWarnings(ServerListener listener) {
        this.listener = listener;
    }

    @Override
    public void onConnected(int members, int clients, long revision) {
        if (away) {
            away = false;
            warn("is back, at revision " + revision);
        }
    }

    @Override
    public void onDisconnected(EtcdFailure failure) {
        away = true;
        warn("does not answer as it should: " + failure.kind() + " " + failure.detail()
                + "; serving from memory until it does");
    }

    @Override
    public void onWritesRefused(EtcdFailure failure) {
        warn("refuses writes: " + failure.detail()
                + "; until this server can write, other servers do not see who joins or leaves here");
    }

    @Override
    public void onLapsed(Duration sinceRenewed) {
        warn("had dropped this server's lease, which was last renewed " + sinceRenewed.toMillis()
                + " ms before: it was off the roster for a while");
    }

    @Override
    public void onDataLost(long revision, long before) {
        warn("has lost its data, or another etcd answers: revision " + revision + " after " + before
                + "; this server writes its clients again");
    }

    @Override
    public void onSkipped(String key, String why) {
        warn("has a key that is skipped: " + key + ": " + why);
    }

    /** In one line, whatever others have written. */
    private void warn(String what) {
        listener.onWarning("etcd " + what.replaceAll("\\p{Cntrl}", "?"));
    }
}
