package io.socketz.it.load;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A copy of the roster, kept by the events of {@code WATCH} alone. Each event must fit: whoever joins was not there, whoever
 * leaves was, a lost server takes exactly its clients along, and revisions never go back. What does not fit is a gap or a
 * double in the stream, and an error. Not thread-safe.
 */
final class RosterMirror {
    private final Map<ClientId, ClientRecord> clients = new HashMap<>();
    private final List<String> errors = new ArrayList<>();

    /** The events of the last revision: after a resume, a server sends all of that revision again. */
    private final Set<Event> lastEvents = new HashSet<>();

    private long revision;
    private int resyncs;

    /** Whether events of {@link #revision} may come again. */
    private boolean resumed;

    /** The revision up to which everything is known: events of the last one may be missing. */
    long completeRevision() {
        return lastEvents.isEmpty() ? revision : revision - 1;
    }

    /** The watch has broken off, and resumes after {@link #completeRevision}. */
    void onResume() {
        resumed = true;
    }

    /** The state, at its revision. */
    void onState(Block.Clients state) {
        onState(state.records(), state.revision());
    }

    /** All clients, at that revision. */
    void onState(List<ClientRecord> all, long stateRevision) {
        clients.clear();
        lastEvents.clear();
        resumed = false;
        for (ClientRecord client : all) {
            if (clients.put(client.id(), client) != null) {
                errors.add("the state has a client twice: " + client.id());
            }
        }
        if (stateRevision < revision) {
            errors.add("the state is of revision " + stateRevision + ", after " + revision);
        }
        revision = stateRevision;
    }

    /** An event. */
    void onEvent(Event event) {
        if (event.revision() < revision) {
            errors.add("after revision " + revision + ": " + event.line());
        }
        if (event.revision() > revision) {
            lastEvents.clear();
            resumed = false;
            revision = event.revision();
        }
        if (event instanceof Event.Now) {
            lastEvents.clear(); // nothing of this revision is missing
            return;
        }
        if (!lastEvents.add(event)) {
            if (!resumed) {
                errors.add("twice: " + event.line());
            }
            return;
        }
        if (event instanceof Event.Resync) {
            resyncs++;
            lastEvents.clear();
        } else {
            apply(event);
        }
    }

    private void apply(Event event) {
        if (event instanceof Event.Join join) {
            expect(clients.put(join.client().id(), join.client()) == null, "is there already", event);
        } else if (event instanceof Event.Leave leave) {
            expect(clients.remove(leave.client().id()) != null, "is not there", event);
        } else if (event instanceof Event.Rename rename) {
            expect(clients.put(rename.client().id(), rename.client()) != null, "is not there", event);
        } else if (event instanceof Event.ServerDown down) {
            UUID server = down.server().id();
            long before = clients.size();
            clients.keySet().removeIf(id -> id.server().equals(server));
            expect(before - clients.size() == down.server().clients(), "took " + (before - clients.size()), event);
        }
    }

    private void expect(boolean fits, String what, Event event) {
        if (!fits) {
            errors.add(what + ": " + event.line());
        }
    }

    /** What did not fit, for people; empty if the stream had neither gaps nor doubles. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** How often a server said that it does not know what happened. */
    int resyncs() {
        return resyncs;
    }

    long revision() {
        return revision;
    }

    /** The clients, in no particular order. */
    Set<ClientRecord> clients() {
        return Set.copyOf(clients.values());
    }
}
