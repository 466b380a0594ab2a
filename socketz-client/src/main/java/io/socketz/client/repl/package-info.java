/**
 * The prompt of {@code socketz connect}.
 *
 * <pre>{@code
 *   keys -> PromptConsole (Editor | PlainConsole) -> Repl -> LocalCommand -> Dialogue
 *                ^                                +----- a command ----> Dialogue -> SocketzClient
 *                |                                          replies <-------+          |
 *                +--- prompt, events --------------------------------- Link <----------+
 *                +--- a line for each event ------------------- PromptWatch <----------+
 *                +--- LiveScreen <--- TopView <--- ClusterState <--- TopWatch <--------+
 * }</pre>
 */
package io.socketz.client.repl;
