package io.socketz.server;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;

/**
 * Keeps what a listener throws away from the event loop that calls it. Each method has a {@code try} of its own: a common
 * one would take a lambda, and make an object for each reply.
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
            // A listener that fails on warnings cannot be warned of it.
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
