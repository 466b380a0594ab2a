package io.socketz.state.etcd.transport;

/** One operation of a transaction. */
public sealed interface Write {
    /** Byte string. */
    String key();

    /**
     * Sets a key.
     *
     * @param value must not be changed
     * @param lease id of the lease that the key is to hang on; 0 for none
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Put(String key, byte[] value, long lease) implements Write {}

    /** Deletes a key, if it is there. */
    record Delete(String key) implements Write {}
}
