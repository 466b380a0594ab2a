/**
 * What a server tells whoever runs it.
 *
 * <pre>{@code
 *   server --clients, replies, ends, warnings--> ServerListener
 *      |                         |
 *      |                    CloseReason: why a connection ended
 *      |                         |
 *      +--greeted, ended--> ConnectionListener --Connection--> the program: lines to send, an end
 * }</pre>
 *
 * <p>For users, and at the bottom of the server: every package below the public face tells a listener, and knows nothing
 * of the rest.
 */
package io.socketz.server.event;
