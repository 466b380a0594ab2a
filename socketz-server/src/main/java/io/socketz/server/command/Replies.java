package io.socketz.server.command;

import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.Reply;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.Roster;
import java.util.List;
import java.util.Optional;

/** Replies that several commands give. */
public final class Replies {
    private Replies() {}

    /** The parts of an answer that is one reply. */
    static byte[][] parts(Reply reply) {
        return new byte[][] {reply.toBytes()};
    }

    /** How fresh a roster is for whoever asked for it. */
    static Reply.Freshness freshness(FreshRoster asked) {
        long revision = asked.roster().revision();
        return asked.fresh() ? new Reply.Fresh(revision) : new Reply.Stale(asked.age(), revision);
    }

    /** Some clients of a roster, as a block of their records. */
    public static Block.Clients clients(List<Client> clients, Roster roster, Optional<Reply.Freshness> freshness) {
        return new Block.Clients(
                new ClientRecords(clients, new RecordView(roster)), roster.size(), roster.revision(), freshness);
    }
}
