/**
 * The roster of connected clients, and the registry that keeps it.
 *
 * <pre>{@code
 *   any thread --join, leave--> AbstractRegistry --events, in order--> StateThread --> memory.MemoryRegistry: alone
 *              <---Roster-----                                                         etcd.EtcdRegistry: in a cluster
 * }</pre>
 *
 * A {@link io.socketz.state.Roster} is a snapshot that never changes: {@link io.socketz.state.OrderedClients} makes it
 * cheap. A program that embeds a server picks a {@link io.socketz.state.RegistryFactory} and needs nothing else from here.
 */
package io.socketz.state;
