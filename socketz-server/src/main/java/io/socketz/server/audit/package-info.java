/**
 * {@code AUDIT}: whether the roster has exactly those who are connected.
 *
 * <pre>{@code
 *   AuditCommand ---+
 *   SelfAudit ------+> Audits ----> SocketComparison: the connections with the roster's part of this server
 *                          \-------> Registry.audit:   that part with the keys in the store
 * }</pre>
 *
 * <p>Public for the server's other packages, and not for users.
 */
package io.socketz.server.audit;
