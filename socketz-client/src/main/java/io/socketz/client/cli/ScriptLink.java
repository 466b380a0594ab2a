package io.socketz.client.cli;

import io.socketz.client.ClientListener;
import io.socketz.client.Server;
import io.socketz.client.SocketzClient;
import io.socketz.client.SocketzException;
import io.socketz.client.SocketzException.Reason;
import io.socketz.client.console.Printable;
import io.socketz.protocol.reply.Event;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends a script's client when its connection is lost, unless the script watches then: a watch resumes at the next server, but
 * commands must not go to another connection than those before them, which may have had a name or been authorized. Called by
 * the client's thread; other threads begin and ask.
 */
final class ScriptLink implements ClientListener {
    /** Whether the client continues when its connection is lost; null if it does so only while it watches. */
    private final @Nullable Boolean reconnect;

    /** Prints messages, once the script has begun. */
    private final CompletableFuture<ScriptWatch.Printer> printer = new CompletableFuture<>();

    /** Null until the script begins. Guarded by this. */
    private @Nullable SocketzClient client;

    /** Guarded by this. */
    private BooleanSupplier watching = () -> false;

    /** Why the connection was lost for good; null if it was not. Guarded by this. */
    private @Nullable SocketzException loss;

    /** @param reconnect whether the client continues when its connection is lost; null if only while it watches */
    ScriptLink(@Nullable Boolean reconnect) {
        this.reconnect = reconnect;
    }

    /** Whether a watch resumes at the next server when the connection is lost. */
    boolean watchResumes() {
        return reconnect == null || reconnect;
    }

    /**
     * The script begins.
     *
     * @param watching whether the script watches now; may be asked by any thread
     * @param printer prints messages
     */
    void begin(SocketzClient client, BooleanSupplier watching, ScriptWatch.Printer printer) {
        this.printer.complete(printer); // first: a message may keep the client's thread waiting for it
        SocketzException lost = lostBefore(client, watching);
        if (lost != null) {
            client.close(); // without the lock: this waits for the client's thread
            printer.onLost(lost);
        }
    }

    private synchronized @Nullable SocketzException lostBefore(SocketzClient client, BooleanSupplier watching) {
        this.client = client;
        this.watching = watching;
        return loss;
    }

    @Override
    public synchronized void onDisconnected(Server server, SocketzException why) {
        boolean reconnects = reconnect != null && reconnect;
        if (reconnects || watching.getAsBoolean() || why.reason() == Reason.CLOSED) {
            return;
        }
        loss = why;
        if (client != null) {
            client.close();
            printer.join().onLost(why); // the script has begun
        }
    }

    /** Waits for the script to begin, which it does as soon as the client is connected. */
    @Override
    public void onMessage(Server from, String text) {
        if (!isLost()) {
            printer.join().onEvent(new Event.Message(text));
        }
    }

    /** Then nobody may be there to print. */
    private synchronized boolean isLost() {
        return loss != null;
    }

    /** Why a command was not answered, in one line. */
    synchronized String why(Throwable e) {
        Throwable cause = loss != null && isFor(e, Reason.CLOSED) ? loss : e;
        String message = Printable.of(String.valueOf(cause.getMessage()));
        return isFor(cause, Reason.CONNECTION_LOST) ? "connection lost: " + message : message;
    }

    private static boolean isFor(Throwable e, Reason reason) {
        return e instanceof SocketzException failure && failure.reason() == reason;
    }
}
