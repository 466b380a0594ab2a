package io.socketz.state.etcd.transport;

/**
 * A key in etcd, and its value.
 *
 * @param key byte string
 * @param value not copied; must not be changed
 * @param lease id of the lease that it hangs on; 0 for none
 * @param revision at which it was last written
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record KeyValue(String key, byte[] value, long lease, long revision) {}
