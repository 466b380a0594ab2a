package io.socketz.server;

import io.socketz.server.event.EndedConnection;
import io.socketz.server.event.ServerListener;
import io.socketz.state.Client;
import io.socketz.state.Member;

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
    public void onStarting(Member self) {
        try {
            listener.onStarting(self);
        } catch (Throwable e) {
            onThrown(e);
        }
    }

    @Override
    public void onConnected(Client client) {
        try {
            listener.onConnected(client);
        } catch (Throwable e) {
            onThrown(e);
        }
    }

    @Override
    public void onReplied(String client) {
        try {
            listener.onReplied(client);
        } catch (Throwable e) {
            onThrown(e);
        }
    }

    @Override
    public void onClosed(EndedConnection ended) {
        try {
            listener.onClosed(ended);
        } catch (Throwable e) {
            onThrown(e);
        }
    }

    @Override
    public void onRebalancing(String message) {
        try {
            listener.onRebalancing(message);
        } catch (Throwable e) {
            onThrown(e);
        }
    }

    @Override
    public void onWarning(String message) {
        try {
            listener.onWarning(message);
        } catch (Throwable e) {
            // A listener that fails on warnings cannot be warned of it.
        }
    }

    @Override
    public void onFailure(String message) {
        try {
            listener.onFailure(message);
        } catch (Throwable e) {
            onThrown(e);
        }
    }

    private void onThrown(Throwable e) {
        onWarning("the listener failed: " + e);
    }
}
