package io.socketz.server.admin;

import io.socketz.protocol.json.JsonObject;
import io.socketz.state.Change;
import io.socketz.state.ChangeListener;
import io.socketz.state.Changes;
import io.socketz.state.Member;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The servers that were lost in the last ten minutes and have not come back: so whoever looks after the alarm finds them.
 *
 * <p>Hears of changes on the state thread: as a handler, it says whether the servers are others now.
 *
 * <p>Cap: the latest {@value #MAX_SERVERS}.
 */
final class LostServers implements ChangeListener, Change.Handler<Boolean> {
    /**
     * A server that was lost.
     *
     * @param clients how many were gone with it
     * @param nanoTime when this server heard of it, as {@link System#nanoTime}
     */
    record Lost(Member member, int clients, long nanoTime) {
        /** It lives, or another one has its name. */
        private boolean isBackAs(Member other) {
            return other.id().equals(member.id()) || other.name().equals(member.name());
        }
    }

    static final int MAX_SERVERS = 100;

    private static final long SHOWN_NANOS = Duration.ofMinutes(10).toNanos();

    /** The latest is the last. Guarded by the lock. */
    private final Deque<Lost> lost = new ArrayDeque<>();

    /**
     * Those that were lost less than ten minutes before {@code now}, the latest last.
     *
     * @param present servers that are there, or were a second ago; one that came back while changes were missed is left out
     */
    synchronized List<Lost> find(List<Member> present, long now) {
        lost.removeIf(each -> now - each.nanoTime >= SHOWN_NANOS);
        return lost.stream()
                .filter(each -> present.stream().noneMatch(each::isBackAs))
                .toList();
    }

    /** Those, as the API shows them: {@code ago} in seconds. */
    List<JsonObject> toJson(List<Member> present, long now) {
        return find(present, now).stream().map(each -> toJson(each, now)).toList();
    }

    private static JsonObject toJson(Lost each, long now) {
        JsonObject json = ServerStatus.describe(each.member, Optional.empty(), each.clients);
        json.seconds("ago", Duration.ofNanos(now - each.nanoTime));
        return json;
    }

    @Override
    public void onChanges(Changes changes) {
        for (Change change : changes.changes()) {
            change.dispatch(this);
        }
    }

    @Override
    public void onReset() {
        // Who was lost meanwhile is not known; who has come back is left out when they are shown.
    }

    @Override
    public Boolean onServerDown(Change.ServerDown change) {
        return change.lost() && add(new Lost(change.changed(), change.count(), System.nanoTime()));
    }

    private synchronized boolean add(Lost added) {
        if (lost.size() == MAX_SERVERS) {
            lost.remove();
        }
        return lost.add(added);
    }

    @Override
    public synchronized Boolean onServerUp(Change.ServerUp change) {
        return lost.removeIf(each -> each.isBackAs(change.changed()));
    }

    @Override
    public Boolean onJoined(Change.Joined change) {
        return false;
    }

    @Override
    public Boolean onLeft(Change.Left change) {
        return false;
    }

    @Override
    public Boolean onRenamed(Change.Renamed change) {
        return false;
    }
}
