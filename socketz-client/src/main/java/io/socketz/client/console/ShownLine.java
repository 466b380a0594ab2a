package io.socketz.client.console;

import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.Request;

/** A line that was sent, as messages and JSON show it: a command as the server spells it, without a secret. */
public final class ShownLine {
    private ShownLine() {}

    /**
     * The line to show.
     *
     * @param line without the blanks around it
     * @param request what {@code line} asks for
     */
    public static String of(String line, Request request) {
        if (request instanceof Command command) {
            return command.row().isSecret() ? command.row().words() : command.line();
        }
        boolean isSecret =
                request instanceof Request.BadArgument bad && bad.row().isSecret();
        return isSecret ? ((Request.BadArgument) request).row().words() : line;
    }
}
