/**
 * {@code WATCH}: what changes in the cluster, told to those who want to know.
 *
 * <pre>{@code
 *   WatchCommands --Watch--> WatchHub --batches--> LoopWatches --events--> Watcher (session)
 *                               |
 *                           ChangeFeed (state)
 * }</pre>
 *
 * <p>Public for the server's other packages, and not for users.
 */
package io.socketz.server.watch;
