/**
 * The prompt of {@code socketz connect}.
 *
 * <pre>{@code
 *   keys -> Keyboard (Editor | PlainKeyboard) -> Repl -> LocalCommand -> Dialogue
 *                ^                                +----- a command ----> Dialogue -> SocketzClient
 *                |                                          replies <-------+          |
 *                +--- prompt, events --------------------------------- Link <----------+
 * }</pre>
 */
package io.socketz.client.repl;
