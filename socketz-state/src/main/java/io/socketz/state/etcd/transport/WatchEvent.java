package io.socketz.state.etcd.transport;

import org.jspecify.annotations.Nullable;

/**
 * A change of a key.
 *
 * @param key byte string
 * @param put what is at the key now; null if it was deleted
 * @param revision at which it changed
 */
public record WatchEvent(String key, @Nullable KeyValue put, long revision) {}
