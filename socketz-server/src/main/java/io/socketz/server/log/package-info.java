/**
 * What {@code socketz serve} prints: each event as a line, in the format that was asked for.
 *
 * <pre>{@code
 *   server --events--> Console --LogEntry--> a queue --the console's thread--> LogFormat --a line--> standard output
 *                         ^
 *   java.util.logging --LibraryLog
 * }</pre>
 */
package io.socketz.server.log;
