package io.socketz.state.etcd;

import io.socketz.state.etcd.ClosedClients.Closed;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Client keys of this server in the commit that is on its way; empty when none is. */
final class SentKeys {
    private final Map<Long, SentKey> byNumber = new HashMap<>();

    void add(OwnClient own, boolean delete) {
        byNumber.put(own.number, SentKey.of(own, delete));
    }

    void clear() {
        byNumber.clear();
    }

    /** Null if it is not there. */
    @Nullable
    SentKey find(long number) {
        return byNumber.get(number);
    }

    boolean contains(long number) {
        return byNumber.containsKey(number);
    }

    Collection<SentKey> all() {
        return byNumber.values();
    }

    /** Whether the first change that one of the keys writes is {@code change} or earlier. */
    boolean holdsChangeUpTo(long change) {
        return all().stream().anyMatch(sent -> sent.change() <= change);
    }

    /** Why the clients left whose keys are deleted. */
    ClosedClients closing() {
        Map<Long, Closed> left = new LinkedHashMap<>();
        for (SentKey sent : all()) {
            if (sent.delete() && sent.own().why != null) {
                left.put(sent.own().number, sent.own().why);
            }
        }
        return left.isEmpty() ? ClosedClients.NONE : new ClosedClients(left, false);
    }

    int size() {
        return byNumber.size();
    }

    boolean isEmpty() {
        return byNumber.isEmpty();
    }

    void forgetRevisions() {
        all().forEach(sent -> sent.own().forgetRevisions());
    }
}
