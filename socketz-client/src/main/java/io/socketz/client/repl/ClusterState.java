package io.socketz.client.repl;

import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.ServerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What {@code /top} knows of the cluster, from what a watch tells: how many clients each server has, how many come and go, and
 * what has happened last. It keeps no client, so it is small, however many there are. Time is an argument, as {@link
 * System#nanoTime}. Not thread-safe.
 */
final class ClusterState {
    /** Something that has happened to somebody, as a line for a person. */
    record Happening(Instant at, String line) {}

    /**
     * The state at one moment.
     *
     * @param servers by their names, with the number of clients that the watch knows of
     * @param clients of all servers
     * @param joins a second
     * @param leaves a second
     * @param revision up to which everything is known
     * @param age how long ago that was known
     * @param happenings the last ones, newest first
     */
    record Picture(
            List<ServerRecord> servers,
            long clients,
            double joins,
            double leaves,
            long revision,
            Duration age,
            List<Happening> happenings) {}

    /** As many as the tallest terminal may show. */
    private static final int MOST_HAPPENINGS = 200;

    private final Map<UUID, ServerRecord> servers = new HashMap<>();
    private final Map<UUID, Long> clients = new HashMap<>();
    private final Deque<Happening> happenings = new ArrayDeque<>();
    private final RecentRate joins;
    private final RecentRate leaves;

    private long revision;

    /** When everything up to {@link #revision} was known, as far as this end can tell. */
    private long freshAt;

    ClusterState(long now) {
        this.joins = new RecentRate(now);
        this.leaves = new RecentRate(now);
        this.freshAt = now;
    }

    /** Everything before is forgotten, except who the servers are. The newest of these clients are what has happened last. */
    void onState(List<ClientRecord> all, long revision, long now) {
        clients.clear();
        happenings.clear();
        all.forEach(client -> count(client, 1));
        all.subList(Math.max(0, all.size() - MOST_HAPPENINGS), all.size())
                .forEach(client -> add(new Happening(client.since(), EventLine.joined(client))));
        this.revision = revision;
        freshAt = now;
    }

    /** All servers, as one of them has listed them. */
    void onServers(List<ServerRecord> records) {
        servers.clear();
        records.forEach(server -> servers.put(server.id(), server));
    }

    /**
     * The next event.
     *
     * @param time of day
     */
    void onEvent(Event event, Instant time, long now) {
        revision = event.revision();
        freshAt = now;
        event.dispatch(new Change(now));
        EventLine.of(event).ifPresent(line -> add(new Happening(time, line)));
    }

    /** Counts what has happened. */
    private final class Change implements Event.Handler {
        private final long now;

        private Change(long now) {
            this.now = now;
        }

        @Override
        public void onJoin(Event.Join event) {
            count(event.client(), 1);
            joins.add(1, now);
        }

        @Override
        public void onLeave(Event.Leave event) {
            count(event.client(), -1);
            leaves.add(1, now);
        }

        @Override
        public void onRename(Event.Rename event) {
            // Nobody has come or gone.
        }

        @Override
        public void onServerUp(Event.ServerUp event) {
            servers.put(event.server().id(), event.server());
        }

        @Override
        public void onServerDown(Event.ServerDown event) {
            servers.remove(event.server().id());
            Long gone = clients.remove(event.server().id());
            leaves.add(gone == null ? 0 : gone, now);
        }

        @Override
        public void onNow(Event.Now event) {
            freshAt = now - event.age().toNanos();
        }
    }

    private void count(ClientRecord client, long change) {
        clients.merge(client.id().server(), change, Long::sum);
    }

    private void add(Happening happening) {
        happenings.addFirst(happening);
        if (happenings.size() > MOST_HAPPENINGS) {
            happenings.removeLast();
        }
    }

    /** What is known now. */
    Picture picture(long now) {
        List<ServerRecord> counted = new ArrayList<>();
        for (ServerRecord server : servers.values()) {
            counted.add(new ServerRecord(
                    server.id(),
                    server.name(),
                    server.address(),
                    clients.getOrDefault(server.id(), 0L),
                    server.since()));
        }
        counted.sort(Comparator.comparing(ServerRecord::name).thenComparing(ServerRecord::id));
        return new Picture(
                counted,
                clients.values().stream().mapToLong(Long::longValue).sum(),
                joins.perSecond(now),
                leaves.perSecond(now),
                revision,
                Duration.ofNanos(now - freshAt),
                List.copyOf(happenings));
    }
}
