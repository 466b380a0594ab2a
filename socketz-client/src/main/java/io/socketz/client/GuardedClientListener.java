package io.socketz.client;

import java.time.Duration;
import java.util.Optional;

/** Catches what a listener throws, so that it does not reach the loop that called it. */
final class GuardedClientListener implements ClientListener {
    private final ClientListener listener;

    GuardedClientListener(ClientListener listener) {
        this.listener = listener;
    }

    @Override
    public void onConnected(Server now, Optional<Server> before) {
        guard(() -> listener.onConnected(now, before));
    }

    @Override
    public void onDisconnected(Server server, SocketzException why) {
        guard(() -> listener.onDisconnected(server, why));
    }

    @Override
    public void onAttemptFailed(Attempt attempt, Optional<Duration> nextIn) {
        guard(() -> listener.onAttemptFailed(attempt, nextIn));
    }

    @Override
    public void onNotAuthorized(Server server, SocketzException why) {
        guard(() -> listener.onNotAuthorized(server, why));
    }

    @Override
    public void onMessage(Server from, String text) {
        guard(() -> listener.onMessage(from, text));
    }

    @Override
    public void onWarning(String message) {
        try {
            listener.onWarning(message);
        } catch (RuntimeException | Error e) {
            // A listener that fails at warnings cannot be warned of that.
        }
    }

    private void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            onWarning("the listener failed: " + e);
        }
    }
}
