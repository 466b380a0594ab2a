/**
 * The roster of the whole cluster, replicated through etcd: one algorithm, whatever {@link
 * io.socketz.state.etcd.transport.EtcdTransport} reaches etcd. docs/state.md specifies it.
 *
 * <pre>{@code
 *   state thread --joins, leaves, questions, time, answers--> EtcdRegistry --> Replication
 *
 *   Replication
 *     writes:  Publication = OwnMember (MemberLease) + OwnClients (WriteQueue, ClientLeases, ClientKeyCheck) + Commits (Leaving)
 *                 \--end of the event: one commit--> EtcdTransport --> etcd
 *     reads:   etcd --> EtcdTransport --pages, changes--> Follower --> KeyRouter --this server's keys--> Publication
 *                                                                         \-----other servers' keys--> Replica
 *     answers: CurrentRoster = Replica + Freshness, which knows up to when it is complete --> Roster, FreshRoster
 *     changes: EtcdContent, of this server's keys and of the others' --> ClusterChanges --> ChangeFeed
 *     reports: Health --> EtcdRegistryListener
 * }</pre>
 *
 * {@link io.socketz.state.etcd.EtcdRegistry}, its {@link io.socketz.state.etcd.ClusterSettings} and its {@link
 * io.socketz.state.etcd.EtcdRegistryListener} are for programs; the rest is the algorithm. Start to read at {@code
 * Replication}.
 */
package io.socketz.state.etcd;
