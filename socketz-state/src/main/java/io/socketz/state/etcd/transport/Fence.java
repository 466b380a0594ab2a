package io.socketz.state.etcd.transport;

/**
 * What must hold when a transaction is applied, however late that is: since this revision nobody has changed the key.
 *
 * <p>A request without an answer may still arrive after the next ones. If each transaction changes the key, such a late one
 * does nothing.
 *
 * @param key byte string
 * @param revision at which it was last set; 0 if it is not there
 */
public record Fence(String key, long revision) {}
