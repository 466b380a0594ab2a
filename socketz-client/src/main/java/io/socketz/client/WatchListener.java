package io.socketz.client;

import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import java.util.List;

/**
 * Hears who is connected, and then what changes: each change once, in the order of revisions, whatever becomes of
 * connections and servers. Applied to the state, the events give the roster at each revision that they name.
 *
 * <pre>{@code
 *   onState -> onEvent, onEvent, ... -> onLost -> onResumed -> onEvent, ...
 *                  |                        |
 *                  +------> onState <-------+   what happened is not known one by one: forget everything, this is true now
 * }</pre>
 *
 * <p>Called on the client's own thread, which it must not block: until it returns, no request is answered, and a server
 * ends a connection that takes no events. What it throws is reported to {@link ClientListener#onWarning}, and the watch
 * continues.
 */
public interface WatchListener {
    /**
     * All clients that are watched. This replaces everything that was told before.
     *
     * @param clients in the order in which they joined
     * @param revision at which this was exact, 0 or more; less than before only if the cluster lost what it had stored
     */
    void onState(List<ClientRecord> clients, long revision);

    /**
     * The same, as the server sent it: also with the number of all clients of the cluster, of which filters may have left
     * few. Calls {@link #onState(List, long)} unless overridden.
     */
    default void onState(Block.Clients state) {
        onState(state.records(), state.revision());
    }

    /**
     * Something has happened: {@link Event.Join}, {@link Event.Leave}, {@link Event.Rename}, {@link Event.ServerUp}, or
     * {@link Event.ServerDown}, which takes all clients of that server with it. {@link Event.Now} says that nothing else
     * has happened up to its revision, and comes every few seconds. A newer server may send an {@link Event.Other}.
     */
    void onEvent(Event event);

    /**
     * The connection is lost, and events do not come for now. The watch resumes by itself as soon as there is a server:
     * {@link #onResumed} or {@link #onState} says so.
     */
    default void onLost(SocketzException why) {}

    /**
     * Events come again, or without the state from the beginning ({@link WatchQuery#since}). Nothing is missing, and
     * nothing is told twice.
     *
     * @param server where they come from now
     * @param revision after which they follow
     */
    default void onResumed(Server server, long revision) {}
}
