package io.socketz.server;

import io.socketz.protocol.request.Command;
import io.socketz.server.event.Connection;
import java.util.concurrent.CompletionStage;

/**
 * Answers a command of the program that embeds a server, later: {@link SocketzServer.Builder#commandAsync}. Later requests of
 * the same client wait for the answer; other clients do not.
 *
 * <p>It runs on the event loop of the client that asks, and must not block: it begins what takes a while, and returns.
 */
@FunctionalInterface
public interface AsyncCommandFunction {
    /**
     * Begins to answer {@code command}.
     *
     * @param command its arguments are as its row says
     * @param connection of the client that asks
     * @return completed by any thread with the answer, as {@link CommandFunction#answer}. If it fails, the client gets {@code
     *     error INTERNAL_ERROR}; if it takes longer than {@link SocketzServer.Builder#commandTimeout}, {@code error
     *     COMMAND_TIMEOUT}. In both cases the server's listener gets a warning
     * @throws Exception as if the stage failed
     */
    CompletionStage<CommandReply> answer(Command command, Connection connection) throws Exception;
}
