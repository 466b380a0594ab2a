package io.socketz.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The latest changes of the roster, by revision, and who hears of new ones. When it has too many bytes, it forgets the
 * oldest. Owned by the registry's thread.
 */
public final class ChangeLog {
    /** The default for the most bytes. */
    public static final long DEFAULT_MAX_BYTES = 16 << 20;

    /** What a change keeps alive, about: itself, and a client that nobody else may know any more. */
    private static final long CHANGE_BYTES = 320;

    private final long maxBytes;
    private final TreeMap<Long, Changes> byRevision = new TreeMap<>();
    private final List<ChangeListener> listeners = new ArrayList<>();
    private long bytes;

    /** All changes after this revision are known. */
    private long completeAfter;

    /**
     * An empty log.
     *
     * @param maxBytes the most that it may keep alive, about
     */
    public ChangeLog(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Adds the changes of a revision later than all before, and tells the listeners. */
    public void add(Changes changes) {
        byRevision.put(changes.revision(), changes);
        bytes += bytes(changes);
        while (bytes > maxBytes) {
            Changes oldest = byRevision.pollFirstEntry().getValue();
            bytes -= bytes(oldest);
            completeAfter = oldest.revision();
        }
        for (ChangeListener listener : listeners) {
            listener.onChanges(changes);
        }
    }

    /** What has happened up to {@code revision} is not known one by one: forgets all changes, and tells the listeners. */
    public void reset(long revision) {
        byRevision.clear();
        bytes = 0;
        completeAfter = revision;
        listeners.forEach(ChangeListener::onReset);
    }

    /** All changes after {@code revision}; empty if they are not all known any more. */
    public Optional<List<Changes>> since(long revision) {
        return revision < completeAfter
                ? Optional.empty()
                : Optional.of(List.copyOf(byRevision.tailMap(revision, false).values()));
    }

    /** Tells {@code listener} of all changes from now on. */
    public void listen(ChangeListener listener) {
        listeners.add(listener);
    }

    private static long bytes(Changes changes) {
        return CHANGE_BYTES * (1 + changes.changes().size());
    }
}
