package io.socketz.server.command;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Request;
import io.socketz.server.event.CloseReason;
import java.util.UUID;

/** Answers requests. One for all connections: what it says is made once, and what changes comes from {@link WhoText}. */
public final class CommandService implements Request.Handler<Requester> {
    private final byte[] greeting = new Reply.Greeting().toBytes();
    private final byte[] answer = new Reply.Answer().toBytes();
    private final byte[] invalid = new Reply.InvalidCommand().toBytes();
    private final byte[] where;
    private final byte[] tooLong;
    private final WhoText who;

    public CommandService(UUID serverId, int maxLineLength, WhoText who) {
        this.where = new Reply.ServerId(serverId).toBytes();
        this.tooLong = Reply.Failure.lineTooLong(maxLineLength).toBytes();
        this.who = who;
    }

    /** The connection is open. */
    public void onOpen(Requester client) {
        client.reply(greeting);
    }

    @Override
    public void onWhy(Requester client) {
        client.reply(answer);
    }

    @Override
    public void onWho(Requester client) {
        client.reply(who.get());
    }

    @Override
    public void onWhoFresh(Requester client) {
        client.reply(who.getFresh());
    }

    @Override
    public void onWhere(Requester client) {
        client.reply(where);
    }

    @Override
    public void onQuit(Requester client) {
        client.finish(CloseReason.CLIENT_QUIT, "");
    }

    @Override
    public void onEmpty(Requester client) {
        // Not answered.
    }

    @Override
    public void onInvalid(Requester client) {
        client.reply(invalid);
    }

    @Override
    public void onTooLong(Requester client) {
        client.reply(tooLong);
    }
}
