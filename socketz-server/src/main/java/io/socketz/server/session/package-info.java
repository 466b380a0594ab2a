/**
 * A client's session, from its admission to its end.
 *
 * <pre>{@code
 *   Acceptor --channel--> SessionDispatcher --admitted--> Session --request--> CommandService
 *                              |                          |  |  |                   |
 *                              | Admission: places <------+  |  +<----- reply ------+
 *                              | Presence: roster  <---------+<----- lines --- ClientHandle <--- the program
 *                              v                             |
 *                         refused at once                    v
 *                                                   Holders: the slowest are closed when HeldMemory is over its cap
 * }</pre>
 *
 * <p>Public for the server's other packages, and not for users.
 */
package io.socketz.server.session;
