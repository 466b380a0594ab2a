/**
 * What a server does behind HAProxy: it answers agent checks, is drained before it stops, and lets clients go while
 * it has more than its share.
 *
 * <pre>{@code
 *                       AgentPort --accepts--> AgentPeer --WHY--> LoopCheck --a task--> every EventLoop
 *                        ^     |                   ^
 *   announces the drain  |     +-- AgentLine ------+
 *                        |     (Readiness, Admission: what to say)
 *                      Drain --one for each loop--> Closings --stop--> Session
 *                        |                             |
 *                    DrainPlan: when              EvenSpread: at which times
 *                                                      |
 *                    Rebalancer --as many as it may--> Giving --stop--> Candidate: an idle Session
 *                        |
 *                    Rebalancing: when, how many, and the weight for AgentPort, by the Spread of clients
 *                    LateMoves: who was moved recently, and stays
 * }</pre>
 *
 * <p>Public for the server's public face, and not for users.
 */
package io.socketz.server.haproxy;
