/**
 * The command line: {@code socketz serve}.
 *
 * <pre>{@code
 *   Main --arguments, environment--> ServeCommand --options--> SocketzServer.Builder
 *                                        |  |                        |
 *                    StopSignals --------+  +-- ClusterOptions --> Cluster: how it reaches etcd
 *                                                                    |
 *              standard output, error <-- Console, EtcdConsole <-----+-- what happens
 * }</pre>
 */
package io.socketz.server.cli;
