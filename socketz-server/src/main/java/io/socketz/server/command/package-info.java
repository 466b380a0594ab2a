/**
 * What a server answers to a command. A handler sees whoever asked as a {@link Requester}, and knows nothing of sockets.
 *
 * <pre>{@code
 *   session --request--> CommandService --reply--> Requester
 *                              |
 *                              +-- WhoText           WHO, WHO FRESH
 *                              +-- RosterCommands    WHO COUNT, WHO LONG, WHO CLOSED, SERVERS: on the QueryThread
 *                              +-- IdentityCommands  WHOAMI, NAME
 *                              +-- AdminCommands     AUTH
 *                              +-- HelpText          HELP
 * }</pre>
 *
 * <p>Public for the server's other packages, and not for users.
 */
package io.socketz.server.command;
