package io.socketz.state.etcd.transport;

import java.util.List;

/**
 * One page of a read.
 *
 * @param entries in order of their keys
 * @param more whether there are more keys after these
 * @param cut whether the page has fewer entries than the limit allows, since no more fit
 * @param revision etcd's revision at the time of the read: not less than the requested one
 */
public record RangePage(List<KeyValue> entries, boolean more, boolean cut, long revision) {
    /** A page that is not cut. */
    public RangePage(List<KeyValue> entries, boolean more, long revision) {
        this(entries, more, false, revision);
    }
}
