/**
 * Replies, both ways: a server writes them, a client reads them back.
 *
 * <pre>{@code
 *   Reply -> toBytes -> bytes                                          on a server
 *   bytes -> ReplyDecoder (line) -> ReplyType -> ReplyParser -> Reply  on a client
 *   Reply -> describe -> ReplyFields                                   for programs
 *         -> show -----> ReplyDisplay                                  for people
 * }</pre>
 *
 * A {@link io.socketz.protocol.reply.Block} has a line for each of its {@link io.socketz.protocol.reply.ReplyRecord}s, which
 * {@link io.socketz.protocol.reply.RecordBytes} writes, and {@code BlockParser} and {@code RecordText} read. The first line
 * of a reply shows its type, so reading needs no knowledge of the requests.
 */
package io.socketz.protocol.reply;
