/**
 * The way to etcd: what the algorithm asks of it, and what the two real ways, gRPC and the JSON gateway, share.
 *
 * <pre>{@code
 *   io.socketz.state.etcd, the algorithm
 *      |  Write ...                                 ^  RangePage, KeyValue, WatchEvent, EtcdFailure
 *      v                                            |
 *   EtcdTransport ------------------------> io.socketz.state.jetcd   or   io.socketz.state.gateway
 *                                              |
 *     EtcdOptions --> Endpoints ---------------+  which address is next; BoundedResolver finds it within 1 s
 *                \--> TlsFiles ----------------+  certificates and keys, read anew for each connection
 *                     EtcdTexts, TlsFailures --+  what etcd and Java's TLS say, as a kind of EtcdFailure
 * }</pre>
 *
 * Nothing here knows the algorithm. A program needs {@link io.socketz.state.etcd.transport.EtcdOptions}, and, if it listens
 * to a registry, {@link io.socketz.state.etcd.transport.EtcdFailure}. Another way to etcd implements {@link
 * io.socketz.state.etcd.transport.EtcdTransport}.
 */
package io.socketz.state.etcd.transport;
