package io.socketz.client;

import java.time.Duration;
import java.util.Optional;

/** Keeps what a listener throws from the loop that told it something. */
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
    public void onWarning(String message) {
        try {
            listener.onWarning(message);
        } catch (RuntimeException | Error e) {
            // It can not be told that it fails when it is told something.
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
