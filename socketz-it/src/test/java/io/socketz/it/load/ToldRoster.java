package io.socketz.it.load;

import io.socketz.client.Server;
import io.socketz.client.SocketzException;
import io.socketz.client.WatchListener;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The roster as the client library tells it, and everything it has told, so that answers of servers can be compared with
 * what was told up to their revisions. For any thread.
 */
public final class ToldRoster implements WatchListener {
    /** A call of the listener. */
    private interface Call {
        void tell(RosterMirror mirror);

        long revision();
    }

    private record State(List<ClientRecord> clients, long revision) implements Call {
        @Override
        public void tell(RosterMirror mirror) {
            mirror.onState(clients, revision);
        }
    }

    private record Change(Event event) implements Call {
        @Override
        public void tell(RosterMirror mirror) {
            mirror.onEvent(event);
        }

        @Override
        public long revision() {
            return event.revision();
        }
    }

    /** What a server showed. */
    private record Sight(UUID server, Block.Clients list) {}

    /**
     * What came of a comparison.
     *
     * @param compared how many answers were compared
     * @param errors for people; empty if all is right
     */
    public record Verdict(int compared, List<String> errors) {}

    private final List<Call> calls = new ArrayList<>();
    private final RosterMirror mirror = new RosterMirror();
    private final List<Sight> sights = new ArrayList<>();
    private final List<SocketzException> losses = new ArrayList<>();
    private final List<UUID> resumed = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private int states;

    @Override
    public synchronized void onState(List<ClientRecord> clients, long revision) {
        states++;
        take(new State(List.copyOf(clients), revision));
    }

    @Override
    public synchronized void onEvent(Event event) {
        take(new Change(event));
    }

    private void take(Call call) {
        calls.add(call);
        call.tell(mirror);
    }

    @Override
    public synchronized void onLost(SocketzException why) {
        losses.add(why);
    }

    @Override
    public synchronized void onResumed(Server server, long revision) {
        if (revision != mirror.completeRevision()) {
            wrong.add("resumed after " + revision + ", told up to " + mirror.completeRevision());
        }
        resumed.add(server.id());
    }

    /** How often the state was told. */
    public synchronized int states() {
        return states;
    }

    /** The servers at which it resumed without the state. */
    public synchronized List<UUID> resumed() {
        return List.copyOf(resumed);
    }

    /** How often a connection was lost. */
    public synchronized int losses() {
        return losses.size();
    }

    /** The revision of the last event. */
    public synchronized long revision() {
        return mirror.revision();
    }

    /** The clients, as the events told them. */
    public synchronized Set<ClientRecord> clients() {
        return mirror.clients();
    }

    /** {@code server} has shown this. Its own clients may be newer than the revision; the others are exactly of it. */
    public synchronized void saw(UUID server, Block.Clients list) {
        sights.add(new Sight(server, list));
    }

    /** The latest revision that a server has shown; 0 if none has. */
    public synchronized long seen() {
        return sights.stream().mapToLong(sight -> sight.list().revision()).max().orElse(0);
    }

    /**
     * Whether each event fitted what was told before it, and each server showed what had been told up to its revision. What
     * happened before a state that was told again was not told one by one, so answers of those revisions are left out.
     */
    public synchronized Verdict judge() {
        TreeMap<Long, List<Sight>> byRevision = new TreeMap<>();
        sights.forEach(sight -> byRevision
                .computeIfAbsent(sight.list().revision(), revision -> new ArrayList<>())
                .add(sight));
        List<String> errors = new ArrayList<>(wrong);
        errors.addAll(mirror.errors());
        int compared = 0;
        RosterMirror replayed = new RosterMirror();
        for (Call call : calls) {
            if (call instanceof Change && call.revision() > replayed.revision()) {
                // All events up to the revision before this one have been told.
                for (List<Sight> due :
                        byRevision.subMap(replayed.revision(), call.revision()).values()) {
                    due.forEach(sight -> compare(sight, replayed, errors));
                    compared += due.size();
                }
            }
            call.tell(replayed);
        }
        return new Verdict(compared, errors);
    }

    private static void compare(Sight sight, RosterMirror told, List<String> errors) {
        Set<ClientRecord> expected = othersThan(sight.server(), told.clients());
        Set<ClientRecord> shown = othersThan(sight.server(), sight.list().records());
        if (!expected.equals(shown)) {
            Set<ClientRecord> missing = new HashSet<>(shown);
            missing.removeAll(expected);
            expected.removeAll(shown);
            errors.add("at revision " + sight.list().revision() + ", not told: " + missing + ", told and not there: "
                    + expected);
        }
    }

    private static Set<ClientRecord> othersThan(UUID server, Iterable<ClientRecord> clients) {
        Set<ClientRecord> others = new HashSet<>();
        for (ClientRecord client : clients) {
            if (!client.id().server().equals(server)) {
                others.add(client);
            }
        }
        return others;
    }
}
