package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * Hears what etcd has at some of the cluster's keys, in two ways: key by key as they change, or all of them, as they were
 * at one revision. {@link KeyRouter} tells each listener of its own share of the keys.
 */
interface KeyListener {
    /**
     * A key has changed.
     *
     * @param put what is there now; null if the key was deleted
     * @param revision at which it changed
     */
    void onChange(Keys.Parsed key, @Nullable KeyValue put, long revision);

    /** All keys are read again. Whatever an unfinished read has found is dropped. */
    void onReadStart();

    /** The read has found a key. */
    void onRead(Keys.Parsed key, KeyValue entry);

    /** The read has found all keys, as they were at {@code revision}. */
    void onReadEnd(long revision);
}
