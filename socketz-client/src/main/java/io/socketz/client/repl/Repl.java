package io.socketz.client.repl;

import io.socketz.client.SocketzClient;
import io.socketz.client.console.Connector;
import io.socketz.client.console.NoConnectionException;
import io.socketz.client.console.Terminals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A person's session: a prompt, until they leave. */
public final class Repl {
    private final Connector connector;
    private final String servers;
    private final boolean plain;
    private final Path history;

    /**
     * A session that has not begun.
     *
     * @param servers a list of addresses, as {@link Connector#connect} takes them
     * @param plain whether {@code WHO} is shown as the server sends it
     * @param history where lines are kept; no error if they can not
     */
    public Repl(Connector connector, String servers, boolean plain, Path history) {
        this.connector = connector;
        this.servers = servers;
        this.plain = plain;
        this.history = history;
    }

    /**
     * Runs on this process's terminal until somebody leaves, and returns the exit status.
     *
     * @throws NoConnectionException if there is no server to begin with
     * @throws IOException if the terminal fails
     */
    public int run() throws IOException, InterruptedException {
        Link link = new Link(connector.reconnect());
        CompletableFuture<SocketzClient> connected = connector.connect(servers, link);
        // Takes about as long as to connect, so both at a time.
        try (PromptConsole console = open(System.getenv())) {
            boolean coloured = console instanceof Editor editor
                    && editor.hasColours()
                    && !Terminals.isWithoutColour(System.getenv());
            try (Dialogue dialogue = new Dialogue(connector, servers, console, new Inks(coloured), plain)) {
                dialogue.take(link, connected.get());
                return loop(console, dialogue);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NoConnectionException none ? none : new IOException(e.getCause());
        }
    }

    private PromptConsole open(Map<String, String> environment) {
        if (Terminals.isDumb(environment)) {
            return new PlainConsole();
        }
        try {
            Editor editor = Editor.open(!Terminals.isWithoutColour(environment));
            HistoryFile.prepare(history).ifPresent(editor::keepHistory);
            return editor;
        } catch (IOException e) {
            return new PlainConsole();
        }
    }

    private static int loop(PromptConsole console, Dialogue dialogue) throws IOException {
        while (!dialogue.isOver()) {
            try {
                Thread.interrupted(); // a Ctrl-C that came when there was nothing left to end
                Optional<String> typed = console.readLine(dialogue::prompt);
                if (typed.isEmpty()) {
                    break;
                }
                for (String line : typed.get().lines().toList()) { // pasted, it may be several
                    dialogue.onLine(line.strip());
                }
            } catch (PromptConsole.CancelledLineException e) {
                if (e.isEmpty()) {
                    console.print("Ctrl-D or /quit leaves");
                }
            } catch (InterruptedException e) {
                console.print("");
            }
        }
        return 0;
    }
}
