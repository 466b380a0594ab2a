package io.socketz.state.etcd;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Client keys of this server whose content in etcd is not known to be right, each once, in the order in which they were
 * added: those to be put, and those to be deleted, which need not wait for a lease.
 */
final class WriteQueue {
    /** By number. */
    private final Map<Long, OwnClient> puts = new LinkedHashMap<>();

    /** By number. */
    private final Map<Long, OwnClient> deletes = new LinkedHashMap<>();

    /** Adds a key; returns whether it was there already, to be put or to be deleted. */
    boolean add(OwnClient own) {
        @Nullable OwnClient other = (own.gone ? puts : deletes).remove(own.number);
        @Nullable OwnClient same = (own.gone ? deletes : puts).put(own.number, own);
        return other != null || same != null;
    }

    void remove(long number) {
        puts.remove(number);
        deletes.remove(number);
    }

    /** Null if it is not there. */
    @Nullable
    OwnClient find(long number) {
        OwnClient put = puts.get(number);
        return put != null ? put : deletes.get(number);
    }

    /** Whether the first unsent change of a key is {@code change} or earlier. */
    boolean holdsChangeUpTo(long change) {
        return puts.values().stream().anyMatch(own -> own.unsentChange <= change)
                || deletes.values().stream().anyMatch(own -> own.unsentChange <= change);
    }

    int size() {
        return puts.size() + deletes.size();
    }

    boolean isEmpty() {
        return puts.isEmpty() && deletes.isEmpty();
    }

    /** The keys to be put; the iterator can remove them. */
    Iterator<OwnClient> puts() {
        return puts.values().iterator();
    }

    /** The keys to be deleted; the iterator can remove them. */
    Iterator<OwnClient> deletes() {
        return deletes.values().iterator();
    }

    void forgetRevisions() {
        puts.values().forEach(OwnClient::forgetRevisions);
        deletes.values().forEach(OwnClient::forgetRevisions);
    }
}
