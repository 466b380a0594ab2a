package io.socketz.server;

import io.socketz.protocol.request.Command;
import io.socketz.server.event.Connection;

/**
 * Answers a command of the program that embeds a server: {@link SocketzServer.Builder#command}.
 *
 * <p>It runs on the event loop of the client that asks, and must not block: no file, no database, no lock that is held for
 * long. What takes a while is for an {@link AsyncCommandFunction}.
 */
@FunctionalInterface
public interface CommandFunction {
    /**
     * Answers {@code command}.
     *
     * @param command its arguments are as its row says
     * @param connection of the client that asks
     * @return the answer; one of another type than the row announces is an error of the program
     * @throws Exception if it cannot: the client gets {@code error INTERNAL_ERROR}, and the server's listener a warning
     */
    CommandReply answer(Command command, Connection connection) throws Exception;
}
