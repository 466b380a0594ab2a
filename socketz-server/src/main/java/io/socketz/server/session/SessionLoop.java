package io.socketz.server.session;

import io.socketz.server.command.RequestCounter;
import io.socketz.server.nio.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * What the sessions of one event loop share.
 *
 * @param holders those of its clients that memory is held for
 * @param requests answers its clients' requests
 */
record SessionLoop(EventLoop loop, Holders holders, RequestCounter requests) {
    /** One for each of {@code loops}, in their order. */
    static List<SessionLoop> of(List<EventLoop> loops, SessionContext context) {
        List<SessionLoop> all = new ArrayList<>();
        for (Holders holders : Holders.of(loops, context.memory())) {
            all.add(new SessionLoop(holders.loop, holders, new RequestCounter(context.commands())));
        }
        return List.copyOf(all);
    }
}
