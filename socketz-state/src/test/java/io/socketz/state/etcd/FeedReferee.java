package io.socketz.state.etcd;

import io.socketz.state.ChangeFeed;
import io.socketz.state.ChangeListener;
import io.socketz.state.Changes;
import io.socketz.state.ClusterMirror;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Checks the changes that the servers of a simulation tell of: applied to a state they give the later state, at each
 * revision; they are the same on all servers; and what one server has shown continues on any other.
 */
final class FeedReferee {
    private static final int COMPARED_EVERY = 8;
    private static final int KEPT = 20;

    /** Someone who watches one server. */
    private static final class Watcher implements ChangeListener {
        final ChangeFeed feed;
        ClusterMirror mirror;
        final List<Changes> untold = new ArrayList<>();
        boolean reset;

        /** How many watches on etcd have begun without a read. */
        int resumed;

        Watcher(ChangeFeed feed) {
            this.feed = feed;
            this.mirror = new ClusterMirror(feed.state());
            feed.listen(this);
        }

        @Override
        public void onChanges(Changes changes) {
            untold.add(changes);
            mirror.apply(changes);
            if (feed.state().revision() != changes.revision()) {
                throw new AssertionError("the state is not at the revision of its changes");
            }
        }

        @Override
        public void onReset() {
            untold.clear();
            mirror = new ClusterMirror(feed.state());
            reset = true;
        }
    }

    /** What somebody knew who watched a server and lost it. */
    private record Kept(int generation, ClusterMirror mirror) {}

    private final Random random;
    private final Consumer<String> count;
    private final Map<UUID, Watcher> watchers = new HashMap<>();

    /** What was told first of each revision of each generation of etcd's data. */
    private final Map<Integer, Map<Long, Changes>> told = new HashMap<>();

    private final List<Kept> kept = new ArrayList<>();

    FeedReferee(Random random, Consumer<String> count) {
        this.random = random;
        this.count = count;
    }

    /**
     * Looks at a server after each of its steps; returns what is wrong, empty for nothing.
     *
     * @param generation of etcd's data, as the server has it
     * @param isLatest whether etcd has no later data
     */
    String check(SimulatedServer server, int generation, boolean isLatest) {
        Watcher watcher = watchers.computeIfAbsent(
                server.self().id(), id -> new Watcher(server.replication().changes()));
        boolean changed = watcher.reset || !watcher.untold.isEmpty();
        if (watcher.reset) {
            count.accept("feeds reset");
        }
        int resumed = server.transport().watchesResumed();
        if (resumed > watcher.resumed) {
            watcher.resumed = resumed;
            count.accept("watches on etcd resumed");
            if (watcher.reset) {
                return "its feed is reset, though its watch on etcd was resumed";
            }
        }
        for (Changes changes : watcher.untold) {
            Changes first =
                    told.computeIfAbsent(generation, key -> new HashMap<>()).putIfAbsent(changes.revision(), changes);
            count.accept("changes told");
            if (isLatest && first != null && !first.equals(changes)) {
                return "tells " + changes + ", and another server told " + first;
            }
        }
        watcher.reset = false;
        watcher.untold.clear();
        if (!changed || random.nextInt(COMPARED_EVERY) > 0) {
            return "";
        }
        String wrong = watcher.mirror.compare(watcher.feed.state());
        if (wrong.isEmpty() && isLatest) {
            wrong = resume(watcher.feed, generation);
            keep(new Kept(generation, watcher.mirror.copy()));
        }
        return wrong;
    }

    private void keep(Kept now) {
        if (kept.size() < KEPT) {
            kept.add(now);
        } else {
            kept.set(random.nextInt(KEPT), now);
        }
    }

    /** Somebody resumes here after what another server, or this one, has shown. */
    private String resume(ChangeFeed feed, int generation) {
        if (kept.isEmpty()) {
            return "";
        }
        Kept start = kept.get(random.nextInt(kept.size()));
        if (start.generation != generation) {
            return "";
        }
        Optional<List<Changes>> since = feed.since(start.mirror.revision());
        if (since.isEmpty()) {
            count.accept("resumes refused");
            return "";
        }
        ClusterMirror mirror = start.mirror.copy();
        since.get().forEach(mirror::apply);
        count.accept("resumes");
        return mirror.compare(feed.state());
    }
}
