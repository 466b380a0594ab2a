/**
 * What script mode and the prompt share: how they connect, and how replies look.
 *
 * <pre>{@code
 *   addresses -> Connector -> SocketzClient -> replies -> ReplyText | WhoTable -> Printable
 * }</pre>
 */
package io.socketz.client.console;
