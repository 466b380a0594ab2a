package io.socketz.server;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;

/**
 * Keeps what a listener throws from the loop that told it something. Each method has its own {@code try}: one that took
 * what to do as an object would make an object for each reply.
 */
final class GuardedServerListener implements ServerListener {
    private final ServerListener listener;

    GuardedServerListener(ServerListener listener) {
        this.listener = listener;
    }

    @Override
    public void onConnected(String client) {
        try {
            listener.onConnected(client);
        } catch (RuntimeException | Error e) {
            onThrown(e);
        }
    }

    @Override
    public void onReplied(String client) {
        try {
            listener.onReplied(client);
        } catch (RuntimeException | Error e) {
            onThrown(e);
        }
    }

    @Override
    public void onClosed(String client, CloseReason reason, String detail) {
        try {
            listener.onClosed(client, reason, detail);
        } catch (RuntimeException | Error e) {
            onThrown(e);
        }
    }

    @Override
    public void onWarning(String message) {
        try {
            listener.onWarning(message);
        } catch (RuntimeException | Error e) {
            // It can not be told that it fails when it is told something.
        }
    }

    @Override
    public void onFailure(String message) {
        try {
            listener.onFailure(message);
        } catch (RuntimeException | Error e) {
            onThrown(e);
        }
    }

    private void onThrown(Throwable e) {
        onWarning("the listener failed: " + e);
    }
}
