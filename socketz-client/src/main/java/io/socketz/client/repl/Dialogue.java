package io.socketz.client.repl;

import io.socketz.client.Server;
import io.socketz.client.SocketzClient;
import io.socketz.client.SocketzException;
import io.socketz.client.SocketzException.Reason;
import io.socketz.client.console.Connector;
import io.socketz.client.console.Printable;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.time.TimeText;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does what a person types, line by line. Owned by the thread that reads the lines. */
final class Dialogue implements LocalCommand.Actions, Link.Listener, AutoCloseable {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Connector connector;
    private final String servers;
    private final PromptConsole console;
    private final Inks inks;
    private final ReplyView view;
    private final String begun = clock();

    private @Nullable SocketzClient client;

    /** Also read by the client's thread, for the prompt. */
    private volatile Link link;

    /** Events that came while a live screen is shown; printed after it. Guarded by itself. */
    private final List<String> held = new ArrayList<>();

    /** Whether a live screen is shown. Guarded by {@link #held}. */
    private boolean holding;

    private boolean over;

    Dialogue(Connector connector, String servers, PromptConsole console, Inks inks, boolean plain) {
        this.connector = connector;
        this.servers = servers;
        this.console = console;
        this.inks = inks;
        this.view = new ReplyView(inks, plain);
        this.link = new Link(connector.reconnect());
    }

    /** Takes over this connection, and closes the previous one. */
    void take(Link link, SocketzClient client) {
        this.link.retire();
        close();
        this.link = link;
        this.client = client;
        link.tell(this);
    }

    boolean isOver() {
        return over;
    }

    String prompt() {
        return link.prompt(console.columns());
    }

    // ---- Events.

    @Override
    public void onEvent(String text) {
        synchronized (held) {
            if (holding) {
                held.add(text);
                return;
            }
        }
        console.print(inks.event(text));
    }

    @Override
    public void onChange() {
        console.onPromptChanged();
    }

    // ---- Lines.

    /** Runs a line. */
    void onLine(String line) throws InterruptedException {
        if (LocalCommand.isLocal(line)) {
            try {
                LocalCommand.run(line, this);
            } catch (WrongUseException e) {
                console.print(inks.error(String.valueOf(e.getMessage())));
            }
        } else if (!line.isEmpty()) {
            over = ask(line) && quits(line);
        }
    }

    /** Sends a line and shows the reply. Returns whether one came. */
    private boolean ask(String line) throws InterruptedException {
        boolean quits = quits(line);
        try {
            if (quits) {
                link.retire(); // then the end of the connection is no event
            }
            List<Reply> replies = send(line);
            print(view.lines(replies, console.columns(), ReplyView.MOST_SCREENS * console.rows(), own()));
            if (replies.stream().anyMatch(reply -> reply.type() == ReplyType.INVALID_COMMAND)) {
                console.print(inks.aside(LocalCommand.hint(line)));
            }
            if (quits) {
                console.print(inks.event("the server has closed the connection"));
            }
            return true;
        } catch (IOException e) {
            console.print(inks.error(explain(e)));
            return false;
        }
    }

    private List<Reply> send(String line) throws IOException, InterruptedException {
        return await(client().send(line.replace('\r', '?')));
    }

    private static <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException named ? named : new IOException(e.getCause());
        }
    }

    private SocketzClient client() {
        SocketzClient current = client;
        if (current == null) {
            throw new IllegalStateException("no connection was taken");
        }
        return current;
    }

    private static boolean quits(String line) {
        return BuiltInCommands.TABLE.parse(line).endsConnection();
    }

    private static String explain(IOException e) {
        String message = Printable.of(String.valueOf(e.getMessage()));
        return e instanceof SocketzException named && named.reason() == Reason.CONNECTION_LOST
                ? "not answered: the connection was lost"
                : message;
    }

    private static String clock() {
        return CLOCK.format(LocalTime.now(ZoneId.systemDefault()));
    }

    private void print(List<String> lines) {
        if (!lines.isEmpty()) {
            console.print(String.join("\n", lines));
        }
    }

    /**
     * This end's address as the server knows it, unless something translates it on the way; empty without a connection.
     */
    private String own() {
        return link.server().map(at -> HostPort.format(at.local())).orElse("");
    }

    // ---- The local commands.

    @Override
    public void help() {
        print(Help.lines(console.columns()));
    }

    @Override
    public void connect(Optional<String> addresses) throws InterruptedException {
        Link next = new Link(connector.reconnect());
        CompletableFuture<SocketzClient> connected;
        try {
            connected = connector.connect(addresses.orElse(servers), next);
        } catch (IllegalArgumentException e) {
            console.print(inks.error(String.valueOf(e.getMessage())));
            return;
        }
        try {
            take(next, await(connected));
            next.server()
                    .ifPresent(at -> console.print(
                            inks.event("connected to " + HostPort.of(at.address()) + ", server " + at.shortId())));
        } catch (IOException e) {
            console.print(inks.error(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            var unused = connected.thenAccept(SocketzClient::close);
            throw e;
        }
    }

    @Override
    public void info() {
        Optional<Server> server = link.server();
        console.print(server.map(at -> "server      " + inks.id(at.id().toString()) + "\naddress     "
                                + HostPort.of(at.address()) + "\nasked for   " + at.asked())
                        .orElse("not connected" + link.trouble())
                + "\nsince       " + begun + "\nlost        " + link.losses() + " connections");
    }

    @Override
    public void latency(int times) throws InterruptedException {
        Latencies latencies = new Latencies();
        try {
            for (int i = 0; i < times; i++) {
                long asked = System.nanoTime();
                await(client().why());
                latencies.add(System.nanoTime() - asked);
            }
        } catch (IOException e) {
            console.print(inks.error(explain(e)));
        } finally {
            console.print(latencies.text()); // including those before Ctrl-C
        }
    }

    @Override
    public void repeat(int times, Duration interval, String command) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            if (i > 0) {
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
            }
            if (!ask(command)) {
                return;
            }
        }
    }

    @Override
    public void watch(Duration interval, String command) throws InterruptedException {
        hold(true);
        try {
            if (!console.watch(interval, () -> paint(interval, command))) {
                console.print(inks.error("this terminal cannot show a live screen: use /repeat"));
            }
        } catch (IOException e) {
            console.print(inks.error("the terminal failed: " + e.getMessage()));
        } finally {
            print(hold(false).stream().map(inks::event).toList());
        }
    }

    /** Begins or ends to hold events back; returns those held so far. */
    private List<String> hold(boolean hold) {
        synchronized (held) {
            holding = hold;
            List<String> happened = List.copyOf(held);
            held.clear();
            return happened;
        }
    }

    private PromptConsole.Picture paint(Duration interval, String command) throws InterruptedException {
        String title = Printable.of(command) + " every " + TimeText.format(interval) + ", " + clock() + ", q to leave";
        List<Reply> replies = new ArrayList<>();
        List<String> trouble = new ArrayList<>();
        try {
            replies.addAll(send(command));
        } catch (IOException e) {
            trouble.add(inks.error(explain(e)));
        }
        return (columns, rows) -> {
            List<String> lines = new ArrayList<>(
                    List.of(inks.aside(link.server().map(Server::shortId).orElse("no server") + ": " + title)));
            lines.addAll(trouble);
            lines.addAll(view.lines(replies, columns - 1, Math.max(1, rows - 4), own()));
            return lines;
        };
    }

    @Override
    public void plain(boolean plain) {
        view.plain(plain);
        console.print(inks.aside(plain ? "WHO is shown as the server sends it" : "WHO is shown as a table"));
    }

    @Override
    public void quit() {
        over = true;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
