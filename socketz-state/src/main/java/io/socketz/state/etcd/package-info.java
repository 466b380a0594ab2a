/**
 * The roster of the whole cluster, replicated by etcd: one algorithm, over whatever {@link
 * io.socketz.state.etcd.transport.EtcdTransport} reaches etcd. docs/state.md specifies both.
 */
package io.socketz.state.etcd;
