package io.socketz.server.command;

import io.socketz.protocol.request.Command;

/** Answers one command of the table. On the event loop of the client that asked: it must not block. */
public interface CommandHandler {
    /** Answers {@code command}, or ends the connection. */
    void handle(Command command, Requester requester);
}
