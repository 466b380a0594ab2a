/**
 * What script mode and the REPL have in common: how they connect, and how replies look. Some of it is bench's, too.
 *
 * <pre>{@code
 *   addresses -> Connector -> SocketzClient -> replies -> ReplyText | ReplyJson | WhoTable -> Printable
 * }</pre>
 */
package io.socketz.client.console;
