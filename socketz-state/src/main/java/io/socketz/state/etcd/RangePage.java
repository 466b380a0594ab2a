package io.socketz.state.etcd;

import java.util.List;

/**
 * What a range brought.
 *
 * @param entries in order of their keys
 * @param more whether there are more keys than the limit allowed
 * @param revision etcd's, at the time of the read: not less than the one asked for
 */
public record RangePage(List<KeyValue> entries, boolean more, long revision) {}
