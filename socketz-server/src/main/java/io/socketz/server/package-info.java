/**
 * The server: event loops, connections, and what they answer.
 *
 * <pre>
 *   Acceptor --channel--> EventLoop --ready--> Connection --bytes--> RequestDecoder --request--> CommandService
 *                                                  ^                                                |
 *                              kernel <--flush-- Outbound <--reply-----------------------------------+
 * </pre>
 */
package io.socketz.server;
