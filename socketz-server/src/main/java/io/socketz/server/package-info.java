/**
 * The server: event loops, connections, and what they answer.
 *
 * <pre>{@code
 *   Acceptor --channel--> EventLoop --ready--> Connection --bytes--> RequestDecoder --request--> CommandService
 *                                                                                                     |
 *     kernel <--what it takes-- the loop's buffer <----------------------reply--------------------------+
 *        ^                            |
 *        +--------- Outbound <--------+ what it does not take
 * }</pre>
 */
package io.socketz.server;
