/**
 * Requests out of bytes. A server gives {@link io.socketz.protocol.request.RequestDecoder} what it reads, and a table of
 * commands; a client makes the line of a command from its row.
 *
 * <pre>{@code
 *   bytes -> RequestDecoder (telnet, line) -> CommandTable.parse -> CommandRow -> Request -> Handler
 *   bytes <- Command.toBytes <--------------- CommandRow.command
 * }</pre>
 *
 * A row of the table has all there is to know about a command, except how a server answers it. The commands that every
 * server has are {@link io.socketz.protocol.request.BuiltInCommands}.
 */
package io.socketz.protocol.request;
