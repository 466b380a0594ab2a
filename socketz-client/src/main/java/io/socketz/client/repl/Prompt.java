package io.socketz.client.repl;

import io.socketz.client.Server;
import io.socketz.protocol.address.HostPort;
import java.util.Optional;

/** The prompt: which server a line goes to. Shorter in a narrow window. Pure. */
final class Prompt {
    /** Room for a command, and some of a hint. */
    private static final int ROOM_TO_TYPE = 20;

    private static final String SHORTEST = "> ";

    private Prompt() {}

    /**
     * {@code socketz 127.0.0.1:4141 (08483048)> }.
     *
     * @param server the current one
     * @param last the one before, if there is none now
     * @param lost whether the connection is lost for good
     * @param columns of the window
     */
    static String of(Optional<Server> server, Optional<Server> last, boolean lost, int columns) {
        String state = lost ? "not connected" : server.map(Server::shortId).orElse("connecting");
        String address = lost ? "" : server.or(() -> last).map(Prompt::address).orElse("");
        String full = "socketz " + (address.isEmpty() ? "" : address + " ") + "(" + state + ")> ";
        String brief = "socketz (" + state + ")> ";
        String briefest = state + "> ";
        for (String prompt : new String[] {full, brief, briefest}) {
            if (prompt.length() + ROOM_TO_TYPE <= columns) {
                return prompt;
            }
        }
        return SHORTEST;
    }

    private static String address(Server server) {
        return HostPort.of(server.address()).toString();
    }
}
