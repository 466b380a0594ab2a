/**
 * The prompt of {@code socketz connect}.
 *
 * <pre>
 *   keys -> Keyboard (Editor | PlainKeyboard) -> Repl -> LocalCommand -> Session
 *                ^                                +----- a command ----> Session -> SocketzClient
 *                |                                          replies <-------+          |
 *                +--- prompt, events --------------------------------- Link <----------+
 * </pre>
 */
package io.socketz.client.repl;
