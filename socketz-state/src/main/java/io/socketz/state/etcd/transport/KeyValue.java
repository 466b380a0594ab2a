package io.socketz.state.etcd.transport;

/**
 * A key of etcd, and what is at it.
 *
 * @param key byte string
 * @param value not copied, not to be changed
 * @param lease id of the lease it hangs on; 0 for none
 * @param revision at which it was written
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record KeyValue(String key, byte[] value, long lease, long revision) {}
