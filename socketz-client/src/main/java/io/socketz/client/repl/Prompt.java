package io.socketz.client.repl;

import io.socketz.client.Server;
import io.socketz.protocol.address.HostPort;
import java.util.Optional;

/** What stands before the line that is typed: where it goes. In a narrow window less of it. Pure. */
final class Prompt {
    /** A command, and some room for a hint. */
    private static final int ROOM_TO_TYPE = 20;

    private static final String SHORTEST = "> ";

    private Prompt() {}

    /**
     * {@code socketz 127.0.0.1:4141 (08483048)> }.
     *
     * @param server the one it goes to
     * @param last the one it went to before, if there is none now
     * @param lost whether there will be none again
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
