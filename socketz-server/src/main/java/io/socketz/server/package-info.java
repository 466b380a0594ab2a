/**
 * The server: what a program that embeds it needs. Packages stand in storeys; each uses those below it, and none above.
 *
 * <pre>{@code
 *   cli         socketz serve
 *    |   \
 *    |    log    what it prints; uses event
 *    |
 *   server      SocketzServer: Builder --options--> ServerStart --parts--> RunningServer --> ServerShutdown
 *    |                       |                                               +--> PresenceFeed --> PresenceListener
 *    |                       +--> CustomCommand --> CommandFunction
 *    |
 *   admin       admin port: health, metrics, an API that reads, a page; uses command, nio and event
 *    |
 *   haproxy     agent port, readiness, drain, rebalancing
 *    |
 *   session     a client's session, places, held memory, timeouts
 *    |     \
 *    |      watch      who watches, and what they are told
 *    |      |
 *    |      command    what a command answers
 *    |     /
 *   nio     |   event loops, channels, file descriptors
 *    |     /
 *   event       ServerListener, CloseReason
 * }</pre>
 *
 * <p>How bytes become replies:
 *
 * <pre>{@code
 *   Acceptor --channel--> EventLoop --ready--> Session --bytes--> RequestDecoder --request--> CommandService
 *                                                                                                  |
 *     kernel <--what it takes-- the loop's buffer <----------------------reply-----------------------+
 *        ^                            |
 *        +---------- Backlog <--------+ what it does not take
 * }</pre>
 *
 * <p>Users need this package and {@code event}. The others are public for each other, and may change at any time.
 */
package io.socketz.server;
