/**
 * {@code socketz bench}: load on any server that answers lines with lines, and how long each answer took.
 *
 * <pre>{@code
 *   options -> Load -> Dialer -> LoadLoop (Lane, ReplyCounter, Schedule) -> Result -> Report
 * }</pre>
 */
package io.socketz.client.bench;
