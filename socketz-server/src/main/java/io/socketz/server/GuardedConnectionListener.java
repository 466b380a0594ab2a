package io.socketz.server;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.Connection;
import io.socketz.server.event.ConnectionListener;
import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.ErrorText;

/** Keeps what a listener throws away from the event loop that calls it, and warns if it blocks the loop. */
final class GuardedConnectionListener implements ConnectionListener {
    private static final String LISTENER = "the connection listener's ";

    private final ConnectionListener listener;
    private final ServerListener warnings;
    private final SlowCalls slowCalls;

    private GuardedConnectionListener(ConnectionListener listener, ServerListener warnings, SlowCalls slowCalls) {
        this.listener = listener;
        this.warnings = warnings;
        this.slowCalls = slowCalls;
    }

    /** What calls {@code listener}; {@link ConnectionListener#NONE} stays what it is. */
    static ConnectionListener of(ConnectionListener listener, ServerListener warnings, SlowCalls slowCalls) {
        return listener == NONE ? NONE : new GuardedConnectionListener(listener, warnings, slowCalls);
    }

    @Override
    public void onOpened(Connection connection) {
        slowCalls.begin(LISTENER, "onOpened");
        try {
            listener.onOpened(connection);
        } catch (Throwable e) {
            onThrown(e);
        }
        slowCalls.end();
    }

    @Override
    public void onClosed(Connection connection, CloseReason reason, String detail) {
        slowCalls.begin(LISTENER, "onClosed");
        try {
            listener.onClosed(connection, reason, detail);
        } catch (Throwable e) {
            onThrown(e);
        }
        slowCalls.end();
    }

    private void onThrown(Throwable e) {
        warnings.onWarning("the connection listener failed: " + ErrorText.ofThrown(e));
    }
}
