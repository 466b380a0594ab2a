package io.socketz.state.etcd.transport;

import java.util.List;

/**
 * What a range brought.
 *
 * @param entries in order of their keys
 * @param more whether there are more keys than these
 * @param cut whether there are fewer than the limit allows, since no more would fit
 * @param revision etcd's, at the time of the read: not less than the one asked for
 */
public record RangePage(List<KeyValue> entries, boolean more, boolean cut, long revision) {
    /** A page that is not cut. */
    public RangePage(List<KeyValue> entries, boolean more, long revision) {
        this(entries, more, false, revision);
    }
}
