/**
 * The client library. {@link io.socketz.client.SocketzClient} is where to begin.
 *
 * <pre>{@code
 *   any thread: ask -> ClientLoop -> Session: PendingRequests -> ServerConnection -> server
 *   callbacks  <-----------------------------PendingRequests <- ServerConnection <- server
 *                                            Search, ReconnectDelay: which address next, and when
 * }</pre>
 */
package io.socketz.client;
