package io.socketz.state;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One change of the roster: the same on all servers at the same revision. */
public sealed interface Change {
    /**
     * Does what there is to do for each kind of change.
     *
     * @param <T> the result
     */
    interface Handler<T> {
        T onJoined(Joined change);

        T onLeft(Left change);

        T onRenamed(Renamed change);

        T onServerUp(ServerUp change);

        T onServerDown(ServerDown change);
    }

    /** Calls the method of {@code handler} for this kind of change. */
    <T> T dispatch(Handler<T> handler);

    /** The server that it concerns: itself, or its clients. */
    UUID server();

    /** The client that it concerns, as it was before and after; empty if it concerns a server. */
    List<Client> clients();

    /** The server that has come or gone; empty if it concerns a client. */
    Optional<Member> member();

    /** A change that concerns a client. */
    sealed interface OfClient extends Change {
        /** The client, as it is now, or was when it left. */
        Client client();

        @Override
        default UUID server() {
            return client().server();
        }

        @Override
        default List<Client> clients() {
            return List.of(client());
        }

        @Override
        default Optional<Member> member() {
            return Optional.empty();
        }
    }

    /** A change that concerns a server. */
    sealed interface OfServer extends Change {
        /** The server that has come or gone. */
        Member changed();

        @Override
        default UUID server() {
            return changed().id();
        }

        @Override
        default List<Client> clients() {
            return List.of();
        }

        @Override
        default Optional<Member> member() {
            return Optional.of(changed());
        }
    }

    /** A client has joined. */
    record Joined(Client client) implements OfClient {
        @Override
        public <T> T dispatch(Handler<T> handler) {
            return handler.onJoined(this);
        }
    }

    /**
     * A client has left.
     *
     * @param reason why: a word such as {@code CLIENT_QUIT}
     */
    record Left(Client client, String reason) implements OfClient {
        @Override
        public <T> T dispatch(Handler<T> handler) {
            return handler.onLeft(this);
        }
    }

    /**
     * A client has another name, or none any more.
     *
     * @param before as it was
     * @param client as it is now
     */
    record Renamed(Client before, Client client) implements OfClient {
        @Override
        public <T> T dispatch(Handler<T> handler) {
            return handler.onRenamed(this);
        }

        @Override
        public List<Client> clients() {
            return List.of(before, client);
        }
    }

    /** A server is a member. Its clients, if their keys are there already, follow as {@link Joined}. */
    record ServerUp(Member changed) implements OfServer {
        @Override
        public <T> T dispatch(Handler<T> handler) {
            return handler.onServerUp(this);
        }
    }

    /**
     * A server is no member any more, and all its clients are gone; no {@link Left} tells of them.
     *
     * @param lost whether it did not leave by itself
     * @param count how many clients are gone with it
     */
    record ServerDown(Member changed, boolean lost, int count) implements OfServer {
        @Override
        public <T> T dispatch(Handler<T> handler) {
            return handler.onServerDown(this);
        }
    }
}
