package io.socketz.server.audit;

import io.socketz.protocol.reply.AuditRecord;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.command.CommandHandler;
import io.socketz.server.command.Requester;
import io.socketz.state.AuditResult;
import io.socketz.state.Member;
import java.util.Map;
import java.util.Optional;

/** Answers {@code AUDIT}. */
public final class AuditCommand {
    private static final byte[] FAILED = new Reply.Failure(
                    "AUDIT_FAILED", "expected etcd to answer: nothing is compared while it is away")
            .toBytes();

    private final Member self;
    private final Audits audits;

    /**
     * Answers for {@code self}.
     *
     * @param self the server
     */
    public AuditCommand(Member self, Audits audits) {
        this.self = self;
        this.audits = audits;
    }

    /** What answers which command. */
    public Map<CommandRow, CommandHandler> handlers() {
        return Map.of(BuiltInCommands.AUDIT, this::audit);
    }

    private void audit(Command command, Requester requester) {
        requester.reply(audits.run().thenApply(result -> new byte[][] {bytes(result)}));
    }

    private byte[] bytes(Optional<AuditResult> result) {
        return result.map(known -> new AuditRecord(
                                known.left().missing(),
                                known.left().ghosts(),
                                known.repaired(),
                                known.pending(),
                                known.clients(),
                                known.revision(),
                                self.name())
                        .toBytes())
                .orElse(FAILED);
    }
}
