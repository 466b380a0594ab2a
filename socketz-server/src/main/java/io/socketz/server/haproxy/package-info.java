/**
 * What a server does behind HAProxy: it answers agent checks, and is drained before it stops.
 *
 * <pre>{@code
 *                       AgentPort --accepts--> AgentPeer --WHY--> LoopCheck --a task--> every EventLoop
 *                        ^     |                   ^
 *   announces the drain  |     +-- AgentLine ------+
 *                        |     (Readiness, Admission: what to say)
 *                      Drain --one for each loop--> Closings --stop--> Session
 *                        |                             |
 *                    DrainPlan: when              EvenSpread: at which times
 * }</pre>
 *
 * <p>Public for the server's public face, and not for users.
 */
package io.socketz.server.haproxy;
