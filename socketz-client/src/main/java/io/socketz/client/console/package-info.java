/**
 * What script mode and the prompt share: how they connect, and how replies look. Bench uses some of it too.
 *
 * <pre>{@code
 *   addresses -> Connector -> SocketzClient -> replies -> ReplyText | ReplyJson | WhoTable -> Printable
 * }</pre>
 */
package io.socketz.client.console;
