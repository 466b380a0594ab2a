package io.socketz.client.cli;

import io.socketz.client.console.Printable;
import io.socketz.protocol.reply.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A command of a script that was sent. */
final class AskedCommand {
    final String line;
    final CompletableFuture<List<Reply>> answer;
    final boolean isQuit;

    /** Whether it is the turn of its answer, after the events that came before it. Owned by the thread that prints. */
    boolean isAnswered;

    /** @param line as messages and JSON show it */
    AskedCommand(String line, CompletableFuture<List<Reply>> answer, boolean isQuit) {
        this.line = line;
        this.answer = answer;
        this.isQuit = isQuit;
    }

    /** The line, or its beginning, for a message. */
    String shortLine() {
        return Printable.of(line.length() > 40 ? line.substring(0, 37) + "..." : line);
    }
}
