package io.socketz.client;

import io.socketz.protocol.reply.Event;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What has been told of a stream of events, so that after an interruption each is told once. Several events may have one
 * revision, so that of the last event is complete only when a later one, or a {@link Event.Now}, has come. Pure.
 */
final class EventSequence {
    /**
     * The most events of one revision that are remembered. If the stream is interrupted within a revision of more, its
     * state is asked for instead.
     */
    static final int MAX_TOLD = 100_000;

    /** An event among those of its revision. */
    private record Key(Class<?> kind, Object subject) {}

    /** Whether there is a revision up to which everything is known. */
    private boolean known;

    /** Everything up to here has been told. */
    private long complete;

    /** The revision of the last event; what it has, beyond {@link #complete}, is {@link #told}. */
    private long current;

    private final Set<Key> told = new HashSet<>();

    /** @param start the revision up to which everything is known; empty for none */
    EventSequence(OptionalLong start) {
        start.ifPresent(this::onState);
    }

    /** Everything up to {@code revision} is known, and nothing after it. */
    void onState(long revision) {
        known = true;
        complete = revision;
        current = revision;
        told.clear();
    }

    /** Nothing is known any more. */
    void forget() {
        known = false;
    }

    /** Takes the next event, and returns whether it is to be told. */
    boolean isNew(Event event) {
        long revision = event.revision();
        if (event instanceof Event.Now) {
            return isNews(revision);
        }
        if (revision <= complete) {
            return false;
        }
        if (revision > current) {
            complete = revision - 1;
            current = revision;
            told.clear();
        }
        return told.size() >= MAX_TOLD || told.add(key(event));
    }

    private boolean isNews(long revision) {
        if (revision < current) {
            return false; // another server than before, and behind that one
        }
        onState(revision);
        return true;
    }

    /** The revision up to which everything has been told; empty if there is none. */
    OptionalLong revision() {
        return known ? OptionalLong.of(complete) : OptionalLong.empty();
    }

    /** Where to resume after an interruption; empty if only the state helps. */
    OptionalLong since() {
        return told.size() >= MAX_TOLD ? OptionalLong.empty() : revision();
    }

    /** Within a revision, one thing happens to a client or a server once. */
    private static Key key(Event event) {
        Object subject = event;
        if (event instanceof Event.OfClient change) {
            subject = change.client().id();
        } else if (event instanceof Event.OfServer change) {
            subject = change.server().id();
        }
        return new Key(event.getClass(), subject);
    }
}
