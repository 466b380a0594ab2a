package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose key etcd shows: this server's, another one's, or none of this service. No other class decides that.
 *
 * <pre>{@code
 *   Follower --pages, changes--> KeyRouter --this server's--> Publication, which compares and repairs
 *                                   |  \-----other servers'--> Replica, which copies
 *                                   \--not this service's----> SkippedKeys
 * }</pre>
 */
final class KeyRouter {
    private static final String FOREIGN = "no key of this service";

    private final UUID self;
    private final Keys keys;
    private final KeyListener own;
    private final Replica others;
    private final SkippedKeys skipped;

    /** This server's member key, as etcd has it at {@link #revision}; null for none. */
    private @Nullable KeyValue member;

    /** The same, of the read that is not complete. */
    private @Nullable KeyValue readMember;

    KeyRouter(UUID self, Keys keys, KeyListener own, Replica others, SkippedKeys skipped) {
        this.self = self;
        this.keys = keys;
        this.own = own;
        this.others = others;
        this.skipped = skipped;
    }

    /** The revision up to which everything was taken. */
    long revision() {
        return others.revision();
    }

    /**
     * This server's member key, as etcd has it at {@link #revision}; null for none. It is written every 2 s, on a lease whose id
     * is never used twice: whoever finds it the same at that revision finds the same data, unless etcd was restored from a
     * snapshot that was taken in the 2 s since, and has passed that revision already.
     */
    @Nullable
    KeyValue member() {
        return member;
    }

    /** Takes changes in order of revision, whole revisions only. Skips what the replica has already. */
    void apply(List<WatchEvent> events) {
        long known = others.revision();
        int from = 0;
        while (from < events.size()) {
            long revision = events.get(from).revision();
            int to = from + 1;
            while (to < events.size() && events.get(to).revision() == revision) {
                to++;
            }
            if (revision > known) {
                applyRevision(events.subList(from, to));
                others.advanceTo(revision);
            }
            from = to;
        }
    }

    /** Why clients left comes first, so that it is known when they leave. */
    private void applyRevision(List<WatchEvent> events) {
        for (WatchEvent event : events) {
            if (keys.isClosed(event.key())) {
                apply(event);
            }
        }
        for (WatchEvent event : events) {
            if (!keys.isClosed(event.key())) {
                apply(event);
            }
        }
    }

    private void apply(WatchEvent event) {
        Keys.Parsed key = keys.parse(event.key());
        if (key != null && key.server().equals(self)) {
            if (key instanceof Keys.MemberKey) {
                member = event.put();
            }
            own.onChange(key, event.put(), event.revision());
            if (isContent(key)) {
                others.ownKeys().onChange(key, event.put(), event.revision());
            }
        } else if (key != null && isContent(key)) {
            others.onChange(key, event.put(), event.revision());
        } else if (key == null && event.put() != null) {
            skipped.add(event.key(), FOREIGN);
        }
    }

    /** Whether rosters show something of it. What one server asks another for concerns nobody else. */
    private static boolean isContent(Keys.Parsed key) {
        return !(key instanceof Keys.KickKey);
    }

    /** All keys are read again, at one revision. */
    void startReading() {
        readMember = null;
        others.onReadStart();
        others.ownKeys().onReadStart();
        own.onReadStart();
    }

    /** The read has found a key. */
    void read(KeyValue entry) {
        Keys.Parsed key = keys.parse(entry.key());
        if (key != null && key.server().equals(self)) {
            if (key instanceof Keys.MemberKey) {
                readMember = entry;
            }
            own.onRead(key, entry);
            if (isContent(key)) {
                others.ownKeys().onRead(key, entry);
            }
        } else if (key != null && isContent(key)) {
            others.onRead(key, entry);
        } else if (key == null) {
            skipped.add(entry.key(), FOREIGN);
        }
    }

    /** The read has found all keys, as they were at {@code revision}. */
    void endReading(long revision) {
        member = readMember;
        others.ownKeys().onReadEnd(revision);
        others.onReadEnd(revision);
        own.onReadEnd(revision);
    }
}
