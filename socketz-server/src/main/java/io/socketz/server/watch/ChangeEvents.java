package io.socketz.server.watch;

import io.socketz.protocol.reply.Event;
import io.socketz.server.command.RecordView;
import io.socketz.state.Change;
import io.socketz.state.Changes;
import io.socketz.state.Roster;

/** Changes of the roster as the events that tell them. Knows the names of servers, also of those that are gone. */
final class ChangeEvents {
    private static final String LEFT = "SERVER_LEFT";
    private static final String LOST = "SERVER_LOST";

    private RecordView records;

    /** @param roster before the changes */
    ChangeEvents(Roster roster) {
        records = new RecordView(roster);
    }

    /** What happened is not known: servers may have come and gone. */
    void reset(Roster roster) {
        records = new RecordView(roster);
    }

    /** Knows the names of the servers that come or go with {@code changes}. */
    void addServers(Changes changes) {
        for (Change change : changes.changes()) {
            change.member().ifPresent(records::addServer);
        }
    }

    /** Adds an event for each change to {@code batch}. */
    void addTo(EventBatch batch, Changes changes) {
        Encoder encoder = new Encoder(changes.revision());
        for (Change change : changes.changes()) {
            batch.add(change.dispatch(encoder).toBytes(), change);
        }
    }

    private final class Encoder implements Change.Handler<Event> {
        private final long revision;

        Encoder(long revision) {
            this.revision = revision;
        }

        @Override
        public Event onJoined(Change.Joined change) {
            return new Event.Join(revision, records.record(change.client()));
        }

        @Override
        public Event onLeft(Change.Left change) {
            return new Event.Leave(revision, records.record(change.client()), change.reason());
        }

        @Override
        public Event onRenamed(Change.Renamed change) {
            return new Event.Rename(revision, records.record(change.client()));
        }

        @Override
        public Event onServerUp(Change.ServerUp change) {
            records.addServer(change.changed());
            return new Event.ServerUp(revision, RecordView.record(change.changed(), 0));
        }

        @Override
        public Event onServerDown(Change.ServerDown change) {
            records.removeServer(change.changed());
            return new Event.ServerDown(
                    revision, RecordView.record(change.changed(), change.count()), change.lost() ? LOST : LEFT);
        }
    }
}
