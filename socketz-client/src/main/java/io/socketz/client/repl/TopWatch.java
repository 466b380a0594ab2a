package io.socketz.client.repl;

import io.socketz.client.Server;
import io.socketz.client.SocketzClient;
import io.socketz.client.SocketzException;
import io.socketz.client.WatchListener;
import io.socketz.client.console.Printable;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.ServerRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds {@code /top} from a watch. Who the servers are is asked once for each state, since a watch tells only what changes
 * about them. Written by the client's thread, read by the one that paints.
 */
final class TopWatch implements WatchListener {
    private final SocketzClient client;

    /** Guarded by this. */
    private final ClusterState state = new ClusterState(System.nanoTime());

    /** What is wrong, in one line; empty if nothing is. Guarded by this. */
    private String trouble = "waiting for the list of clients ...";

    TopWatch(SocketzClient client) {
        this.client = client;
    }

    @Override
    public void onState(List<ClientRecord> clients, long revision) {
        synchronized (this) {
            state.onState(clients, revision, System.nanoTime());
        }
        askForServers();
    }

    @Override
    public synchronized void onEvent(Event event) {
        state.onEvent(event, Instant.now(), System.nanoTime());
    }

    @Override
    public void onLost(SocketzException why) {
        say("connection lost: " + why.getMessage() + "; trying again");
    }

    @Override
    public void onResumed(Server server, long revision) {
        askForServers();
    }

    private void askForServers() {
        say("");
        var unused = client.servers().whenComplete((servers, e) -> {
            if (e == null) {
                onServers(servers.records());
            } else if (trouble().isEmpty()) {
                say("no list of servers: " + e.getMessage());
            }
        });
    }

    private synchronized void onServers(List<ServerRecord> servers) {
        state.onServers(servers);
    }

    /**
     * The watch has ended.
     *
     * @param e null if it was closed
     */
    void onEnd(@Nullable Throwable e) {
        if (e != null) {
            say("the watch has ended: " + e.getMessage());
        }
    }

    private synchronized void say(String text) {
        trouble = Printable.of(text);
    }

    synchronized String trouble() {
        return trouble;
    }

    synchronized ClusterState.Picture picture() {
        return state.picture(System.nanoTime());
    }
}
