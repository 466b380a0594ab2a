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

/** The prompt: reads and runs lines until the person leaves. */
public final class Repl {
    private final Connector connector;
    private final String servers;
    private final boolean plain;
    private final Path history;

    /**
     * A prompt that has not begun.
     *
     * @param servers a list of addresses, as {@link Connector#connect} takes them
     * @param plain whether lists are shown as the server sends them
     * @param history file that keeps the lines; not saved if it cannot be written
     */
    public Repl(Connector connector, String servers, boolean plain, Path history) {
        this.connector = connector;
        this.servers = servers;
        this.plain = plain;
        this.history = history;
    }

    /**
     * Runs on this process's terminal until the person leaves, and returns the exit status.
     *
     * @throws NoConnectionException if there is no server at the start
     * @throws IOException if the terminal fails
     */
    public int run() throws IOException, InterruptedException {
        Link link = new Link(connector.reconnect());
        CompletableFuture<SocketzClient> connected = connector.connect(servers, link);
        // To open the terminal takes about as long as to connect, so do both at once.
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
                Thread.interrupted(); // clears a Ctrl-C that came when there was nothing to stop
                Optional<String> typed = console.readLine(dialogue::prompt);
                if (typed.isEmpty()) {
                    break;
                }
                for (String line : typed.get().lines().toList()) { // a paste may have several
                    if (!dialogue.isOver()) {
                        dialogue.onLine(line.strip());
                    }
                }
            } catch (PromptConsole.CancelledLineException e) {
                if (e.isEmpty()) {
                    console.print("use Ctrl-D or /quit to leave");
                }
            } catch (InterruptedException e) {
                console.print("");
            }
        }
        return 0;
    }
}
