package io.socketz.state.etcd;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The revisions at which this server deleted client keys, while its watch may still bring puts from before them. */
final class DeleteRevisions {
    /** If the watch makes no progress, only the latest are kept: the price is a needless delete. */
    private static final int MAX_KNOWN = 100_000;

    /** By the client's number, in the order of the deletes. */
    private final Map<Long, Long> revisions = new LinkedHashMap<>();

    void add(long number, long revision) {
        revisions.remove(number);
        revisions.put(number, revision);
        if (revisions.size() > MAX_KNOWN) {
            Iterator<Long> oldest = revisions.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** 0 if it is not known to be deleted. */
    long of(long number) {
        return revisions.getOrDefault(number, 0L);
    }

    /** The watch is past {@code revision}: it brings nothing older. */
    void forgetUpTo(long revision) {
        Iterator<Long> oldest = revisions.values().iterator();
        while (oldest.hasNext() && oldest.next() <= revision) {
            oldest.remove();
        }
    }

    void clear() {
        revisions.clear();
    }
}
