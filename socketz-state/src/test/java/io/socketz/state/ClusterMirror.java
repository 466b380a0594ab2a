package io.socketz.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What somebody knows who has seen one state of a feed, and each change since. Fails if a change does not fit. */
public final class ClusterMirror {
    private record Id(UUID server, long number) {
        static Id of(Client client) {
            return new Id(client.server(), client.number());
        }
    }

    private final Map<UUID, Member> members = new HashMap<>();
    private final Map<Id, Client> clients = new HashMap<>();
    private long revision;

    public ClusterMirror(Roster state) {
        revision = state.revision();
        state.members().forEach(member -> members.put(member.id(), member));
        state.clients().forEach(client -> clients.put(Id.of(client), client));
    }

    private ClusterMirror(ClusterMirror other) {
        revision = other.revision;
        members.putAll(other.members);
        clients.putAll(other.clients);
    }

    public ClusterMirror copy() {
        return new ClusterMirror(this);
    }

    public long revision() {
        return revision;
    }

    /** Applies the changes of the next revision that has any. */
    public void apply(Changes changes) {
        check(changes.revision() > revision, changes, "not later than ", revision);
        check(!changes.changes().isEmpty(), changes, "empty");
        revision = changes.revision();
        for (Change change : changes.changes()) {
            change.dispatch(new Change.Handler<Boolean>() {
                @Override
                public Boolean onJoined(Change.Joined joined) {
                    check(members.containsKey(joined.server()), changes, "no such server: ", joined);
                    check(clients.put(Id.of(joined.client()), joined.client()) == null, changes, "twice: ", joined);
                    return true;
                }

                @Override
                public Boolean onLeft(Change.Left left) {
                    check(left.client().equals(clients.remove(Id.of(left.client()))), changes, "not there: ", left);
                    return true;
                }

                @Override
                public Boolean onRenamed(Change.Renamed renamed) {
                    Client before = clients.put(Id.of(renamed.client()), renamed.client());
                    check(renamed.before().equals(before), changes, "instead of ", before, ": ", renamed);
                    check(!renamed.before().equals(renamed.client()), changes, "no change: ", renamed);
                    return true;
                }

                @Override
                public Boolean onServerUp(Change.ServerUp up) {
                    Member before = members.put(up.server(), up.changed());
                    check(!up.changed().equals(before), changes, "up twice: ", up);
                    return true;
                }

                @Override
                public Boolean onServerDown(Change.ServerDown down) {
                    check(members.remove(down.server()) != null, changes, "was not up: ", down);
                    int before = clients.size();
                    clients.values().removeIf(client -> client.server().equals(down.server()));
                    check(before - clients.size() == down.count(), changes, "had other clients: ", down);
                    return true;
                }
            });
        }
    }

    /** Its parts are put together for a failure only: a simulation checks millions of changes. */
    private static void check(boolean condition, Changes changes, Object... what) {
        if (!condition) {
            String text = Stream.of(what).map(String::valueOf).collect(Collectors.joining());
            throw new AssertionError("at revision " + changes.revision() + ": " + text);
        }
    }

    /** What is different; empty if nothing is. */
    public String compare(Roster state) {
        if (state.revision() < revision) {
            return "the state is at revision " + state.revision() + " after changes of " + revision;
        }
        if (!new HashSet<>(members.values()).equals(new HashSet<>(state.members()))) {
            return "members " + members.values() + " instead of " + state.members();
        }
        List<Client> mine = new ArrayList<>(clients.values());
        mine.sort(Client.JOIN_ORDER);
        return mine.equals(state.clients()) ? "" : "clients " + mine + " instead of " + state.clients();
    }
}
