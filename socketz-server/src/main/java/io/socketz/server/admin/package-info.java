/**
 * What operators see of a server over HTTP: health, metrics, an API that only reads, and a page. Off unless the server has an
 * admin port; its threads are its own, and event loops do nothing for it but answer {@code /livez}.
 *
 * <pre>{@code
 *   AdminListener --exchange--> AdminHandler: method, Host, path --QueryParameters--> endpoint --HttpResponse-->
 *                                                            |
 *     /livez, /readyz   HealthChecks        loops, state           |
 *     /metrics          MetricsEndpoint   ServerMetrics, by Prometheus's library          |
 *     /api/...          Api           LocalCommands --a command line--> CommandService
 *                       ServerStates  the admin ports of the other servers
 *                       ApiPlaces     how many questions and large answers at a time
 *     /api/events       EventStreams  LocalCommands --WATCH--> WatchHub
 *     /                 StaticFiles   the page's files
 * }</pre>
 */
package io.socketz.server.admin;
