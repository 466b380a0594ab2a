package io.socketz.client;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Request;
import java.util.ArrayList;
import java.util.List;

/** Which replies a request is answered with (docs/protocol.md, Replies), if it is not refused. */
final class ExpectedReplies implements Request.Handler<List<Class<? extends Reply>>> {
    private static final ExpectedReplies TABLE = new ExpectedReplies();

    private ExpectedReplies() {}

    /** The kinds of reply, in order; {@code Reply} itself for any. */
    static List<Class<? extends Reply>> to(Request request) {
        List<Class<? extends Reply>> kinds = new ArrayList<>();
        request.dispatch(TABLE, kinds);
        return List.copyOf(kinds);
    }

    @Override
    public void onWhy(List<Class<? extends Reply>> kinds) {
        kinds.add(Reply.Answer.class);
    }

    @Override
    public void onWho(List<Class<? extends Reply>> kinds) {
        kinds.add(Reply.ClientList.class);
    }

    @Override
    public void onWhoFresh(List<Class<? extends Reply>> kinds) {
        kinds.add(Reply.ClientList.class);
        kinds.add(Reply.Freshness.class);
    }

    @Override
    public void onWhere(List<Class<? extends Reply>> kinds) {
        kinds.add(Reply.ServerId.class);
    }

    @Override
    public void onQuit(List<Class<? extends Reply>> kinds) {
        // The end of the connection.
    }

    @Override
    public void onEmpty(List<Class<? extends Reply>> kinds) {
        // Nothing at all.
    }

    /** A server that is newer than this client may know it. */
    @Override
    public void onInvalid(List<Class<? extends Reply>> kinds) {
        kinds.add(Reply.class);
    }

    @Override
    public void onTooLong(List<Class<? extends Reply>> kinds) {
        kinds.add(Reply.class);
    }
}
