/**
 * The way to etcd over gRPC: jetcd for requests, and two streams of our own, as jetcd's do not tell of every end.
 *
 * <pre>{@code
 *   owner --send--> worker --> EtcdChannel: jetcd's client        requests, leases, transactions
 *                                          KeepAlives            one stream for all leases
 *                                          WatchStream           one stream for each watch
 *   owner <--PendingCall-- worker <-- whatever gRPC's threads bring
 * }</pre>
 */
package io.socketz.state.jetcd;
