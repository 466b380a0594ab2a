/**
 * The client library. {@link io.socketz.client.SocketzClient} is where to begin.
 *
 * <pre>{@code
 *   any thread: ask -> ClientLoop -> Session: Pending -> Connection -> server
 *   callbacks  <-----------------------------Pending <- Connection <- server
 *                                            Search, Backoff: which address next, and when
 * }</pre>
 */
package io.socketz.client;
