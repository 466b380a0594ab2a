package io.socketz.server;

import io.socketz.state.Change;
import io.socketz.state.Changes;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Roster;

/**
 * Hears who is connected to the whole cluster, and what changes: the events of {@code WATCH}. Given to {@link
 * SocketzServer#watch}.
 *
 * <pre>{@code
 *   onState --> onChanges (revision 8) --> onChanges (revision 9) --> ...
 *      ^                                                               |
 *      +---- what has happened is not known one by one <---------------+
 * }</pre>
 *
 * <p>Whoever applies the changes to the state has the roster of each revision, the same on all servers. Implement {@link
 * #onChanges} to get all changes of a revision together, or the methods below it to get them one by one.
 *
 * <p>All listeners of a server are called by one thread, {@code socketz-presence}, one call at a time: so they may block,
 * but delay each other. What a method throws is passed to {@link io.socketz.server.event.ServerListener#onWarning}.
 */
public interface PresenceListener {
    /**
     * Who is connected at {@code roster.revision()}. Called first, and again when what has happened since the last call is
     * not known one by one: the server has lost sight of the store for too long, or more than 10,000 changes wait for this
     * listener, which are then dropped. In a cluster that the server has not found yet, the first state is empty.
     */
    void onState(Roster roster);

    /** All changes of one revision, which is later than those before. By default, passes each to its own method. */
    default void onChanges(Changes changes) {
        long revision = changes.revision();
        PresenceListener listener = this;
        Change.Handler<PresenceListener> each = new Change.Handler<>() {
            @Override
            public PresenceListener onJoined(Change.Joined change) {
                listener.onJoined(revision, change.client());
                return listener;
            }

            @Override
            public PresenceListener onLeft(Change.Left change) {
                listener.onLeft(revision, change.client(), change.reason());
                return listener;
            }

            @Override
            public PresenceListener onRenamed(Change.Renamed change) {
                listener.onRenamed(revision, change.before(), change.client());
                return listener;
            }

            @Override
            public PresenceListener onServerUp(Change.ServerUp change) {
                listener.onServerUp(revision, change.changed());
                return listener;
            }

            @Override
            public PresenceListener onServerDown(Change.ServerDown change) {
                listener.onServerDown(revision, change.changed(), change.lost());
                return listener;
            }
        };
        for (Change change : changes.changes()) {
            var unused = change.dispatch(each);
        }
    }

    /** A client has joined, on any server. */
    default void onJoined(long revision, Client client) {}

    /**
     * A client has left, on any server.
     *
     * @param client as it was
     * @param reason why: a word such as {@code CLIENT_QUIT}
     */
    default void onLeft(long revision, Client client, String reason) {}

    /**
     * A client has another name, or none any more.
     *
     * @param before as it was
     * @param client as it is now
     */
    default void onRenamed(long revision, Client before, Client client) {}

    /** A server is a member of the cluster. If it has clients already, {@link #onJoined} follows for each. */
    default void onServerUp(long revision, Member server) {}

    /**
     * A server is no member any more, and all its clients are gone; {@link #onLeft} is not called for them.
     *
     * @param lost whether it did not leave by itself
     */
    default void onServerDown(long revision, Member server, boolean lost) {}
}
