/**
 * The way to etcd over gRPC: jetcd for requests, and streams of our own, since jetcd's do not report every end.
 *
 * <pre>{@code
 *   owner --send--> worker --> EtcdChannel: jetcd's client        requests, leases, transactions
 *                                           KeepAlives            one stream for all leases
 *                                           WatchStream           one stream for each watch
 *   owner <--PendingCall-- worker <-- whatever gRPC's threads bring
 * }</pre>
 */
package io.socketz.state.jetcd;
