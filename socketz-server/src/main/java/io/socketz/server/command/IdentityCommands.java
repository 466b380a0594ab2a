package io.socketz.server.command;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Command;
import io.socketz.state.Client;
import io.socketz.state.Member;
import java.util.concurrent.CompletableFuture;

/** Answers the commands about whoever asks: {@code WHOAMI} and {@code NAME}. */
final class IdentityCommands {
    private static final byte[] NOT_REGISTERED =
            new Reply.Failure("NOT_REGISTERED", "expected a client: this connection is not on the roster").toBytes();
    private static final byte[] TOO_MANY_RENAMES = new Reply.Failure(
                    "TOO_MANY_RENAMES", "expected at most " + Requester.MAX_RENAMES_A_SECOND + " a second")
            .toBytes();

    private final Member self;

    IdentityCommands(Member self) {
        this.self = self;
    }

    void whoAmI(Command command, Requester requester) {
        Client client = requester.client();
        requester.reply(client == null ? NOT_REGISTERED : record(client));
    }

    void name(Command command, Requester requester) {
        if (requester.client() == null) {
            requester.reply(NOT_REGISTERED);
            return;
        }
        CompletableFuture<Client> renamed = requester.rename(command.text().isEmpty() ? null : command.text());
        if (renamed == null) {
            requester.reply(TOO_MANY_RENAMES);
        } else {
            requester.reply(renamed.thenApply(client -> new byte[][] {record(client)}));
        }
    }

    private byte[] record(Client client) {
        return RecordView.record(client, self.name()).toBytes();
    }
}
