/**
 * What script mode and the REPL have in common: how they connect, and how replies look.
 *
 * <pre>
 *   addresses -> Connector -> SocketzClient -> replies -> ReplyText | ReplyJson | WhoTable -> Printable
 * </pre>
 */
package io.socketz.client.console;
