package io.socketz.server;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Request;
import java.util.UUID;

/** Answers requests. One for all connections: what it says is made once, and what changes comes from {@link WhoText}. */
final class CommandService implements Request.Handler<Connection> {
    private final byte[] greeting = new Reply.Greeting().toBytes();
    private final byte[] answer = new Reply.Answer().toBytes();
    private final byte[] invalid = new Reply.InvalidCommand().toBytes();
    private final byte[] where;
    private final byte[] tooLong;
    private final WhoText who;

    CommandService(UUID serverId, int maxLineLength, WhoText who) {
        this.where = new Reply.ServerId(serverId).toBytes();
        this.tooLong = Reply.Failure.lineTooLong(maxLineLength).toBytes();
        this.who = who;
    }

    /** The connection is open. */
    void onOpen(Connection client) {
        client.reply(greeting);
    }

    @Override
    public void onWhy(Connection client) {
        client.reply(answer);
    }

    @Override
    public void onWho(Connection client) {
        client.reply(who.get());
    }

    @Override
    public void onWhoFresh(Connection client) {
        client.reply(who.getFresh());
    }

    @Override
    public void onWhere(Connection client) {
        client.reply(where);
    }

    @Override
    public void onQuit(Connection client) {
        client.finish(CloseReason.CLIENT_QUIT, "");
    }

    @Override
    public void onEmpty(Connection client) {
        // Not answered.
    }

    @Override
    public void onInvalid(Connection client) {
        client.reply(invalid);
    }

    @Override
    public void onTooLong(Connection client) {
        client.reply(tooLong);
    }
}
