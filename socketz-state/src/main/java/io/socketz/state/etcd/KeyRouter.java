package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import java.util.List;
import java.util.UUID;

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

    KeyRouter(UUID self, Keys keys, KeyListener own, Replica others, SkippedKeys skipped) {
        this.self = self;
        this.keys = keys;
        this.own = own;
        this.others = others;
        this.skipped = skipped;
    }

    private KeyListener listener(Keys.Parsed key) {
        return key.server().equals(self) ? own : others;
    }

    /** Takes changes in order of revision, whole revisions only. Skips what the replica has already. */
    void apply(List<WatchEvent> events) {
        long known = others.revision();
        for (WatchEvent event : events) {
            if (event.revision() > known) {
                apply(event);
                others.advanceTo(event.revision());
            }
        }
    }

    private void apply(WatchEvent event) {
        Keys.Parsed key = keys.parse(event.key());
        if (key != null) {
            listener(key).onChange(key, event.put(), event.revision());
        } else if (event.put() != null) {
            skipped.add(event.key(), FOREIGN);
        }
    }

    /** All keys are read again, at one revision. */
    void startReading() {
        others.onReadStart();
        own.onReadStart();
    }

    /** The read has found a key. */
    void read(KeyValue entry) {
        Keys.Parsed key = keys.parse(entry.key());
        if (key != null) {
            listener(key).onRead(key, entry);
        } else {
            skipped.add(entry.key(), FOREIGN);
        }
    }

    /** The read has found all keys, as they were at {@code revision}. */
    void endReading(long revision) {
        others.onReadEnd(revision);
        own.onReadEnd(revision);
    }
}
