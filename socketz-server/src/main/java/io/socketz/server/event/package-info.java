/** What a server tells whoever runs it: {@link ServerListener} hears it, {@link CloseReason} says why a connection ended. */
package io.socketz.server.event;
