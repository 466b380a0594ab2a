/**
 * The client library. Start reading at {@link io.socketz.client.SocketzClient}.
 *
 * <pre>{@code
 *   any thread: ask -> ClientLoop -> ClientLifecycle -> RequestPipeline: PendingRequests -> ServerConnection -> server
 *   callbacks  <---------------------------------------------------------PendingRequests <- ServerConnection <- server
 *                                         |
 *                                         +-> ServerFinder: Search, Lookups, ReconnectDelay: which address next, and when
 * }</pre>
 */
package io.socketz.client;
