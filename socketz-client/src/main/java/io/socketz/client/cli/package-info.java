/**
 * {@code socketz connect}: its options, and what it does without a terminal.
 *
 * <pre>{@code
 *   ConnectCommand -> Script: -e or standard input -> SocketzClient -> answers, and events of a ScriptWatch -> standard output
 *                  -> Repl (io.socketz.client.repl)
 * }</pre>
 */
package io.socketz.client.cli;
