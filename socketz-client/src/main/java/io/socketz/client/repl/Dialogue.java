package io.socketz.client.repl;

import io.socketz.client.RosterWatch;
import io.socketz.client.Server;
import io.socketz.client.SocketzClient;
import io.socketz.client.SocketzException;
import io.socketz.client.SocketzException.Reason;
import io.socketz.client.WatchQuery;
import io.socketz.client.console.Connector;
import io.socketz.client.console.Printable;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.time.TimeText;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
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
    /** The most events that are shown after a live screen: the last ones. */
    private static final int MOST_HELD = 100;

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Connector connector;
    private final String servers;
    private final PromptConsole console;
    private final Inks inks;
    private final ReplyView view;

    private @Nullable SocketzClient client;

    /** Also read by the client's thread, for the prompt. */
    private volatile Link link;

    /** Events that came while a live screen is shown; printed after it. Guarded by itself. */
    private final List<String> held = new ArrayList<>();

    /** Whether a live screen is shown. Guarded by {@link #held}. */
    private boolean holding;

    private boolean over;

    private final ServerCommands commands = new ServerCommands();
    private final CurrentWatch watch = new CurrentWatch(this::onEvent);
    private final RecentLines messages = new RecentLines("socketz-messages", this::onEvent);

    Dialogue(Connector connector, String servers, PromptConsole console, Inks inks, boolean plain) {
        this.connector = connector;
        this.servers = servers;
        this.console = console;
        this.inks = inks;
        this.view = new ReplyView(inks, plain);
        this.link = new Link(connector.reconnect());
        console.complete(() -> commands.of(client(), link.server()));
    }

    /** Takes over this connection, and closes the previous one. */
    void take(Link link, SocketzClient client) {
        this.link.retire();
        if (watch.end()) {
            console.print(inks.aside("not watching any more: type WATCH or /watch WHO to watch again"));
        }
        closeClient();
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
                if (held.size() > MOST_HELD) {
                    held.remove(0);
                }
                return;
            }
        }
        console.print(inks.event(text));
    }

    @Override
    public void onMessage(String text) {
        messages.add(text);
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
        } else if (asksFor(line, BuiltInCommands.WATCH)) {
            String[] words = line.split("\\s+", 2);
            watch(WatchQuery.parse(words.length > 1 ? words[1] : ""));
        } else if (asksFor(line, BuiltInCommands.UNWATCH)) {
            unwatch();
        } else if (!line.isEmpty()) {
            over = ask(line) && quits(line);
        }
    }

    private static boolean asksFor(String line, CommandRow row) {
        return BuiltInCommands.TABLE.parse(line).asksFor(row);
    }

    private void unwatch() {
        console.print(
                inks.aside(watch.end() ? "not watching any more" : "not watching: type WATCH or /watch WHO to begin"));
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
            print(
                    NextPage.of(BuiltInCommands.TABLE.parse(line), replies)
                            .map(next -> inks.aside("more: " + next))
                            .stream()
                            .toList());
            if (BuiltInCommands.HELP.command().equals(BuiltInCommands.TABLE.parse(line))
                    && replies.stream().anyMatch(reply -> reply.type() == ReplyType.COMMANDS)) {
                print(Help.local(console.columns()));
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
        console.print(link.info(inks, ZonedDateTime.now(ZoneId.systemDefault())));
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
    public void watch(WatchQuery query) {
        watch.begin(client(), query);
    }

    @Override
    public void watch(Duration interval, String command) throws InterruptedException {
        show("/repeat", interval, () -> paint(interval, command));
    }

    @Override
    public void top(Duration interval) throws InterruptedException {
        SocketzClient watching = client();
        watch.pauseFor(watching, () -> {
            TopWatch top = new TopWatch(watching);
            try (RosterWatch fed = watching.watch(top)) {
                var unused = fed.ended().whenComplete((nothing, e) -> top.onEnd(e));
                show("SERVERS or WATCH", interval, () -> paint(interval, top));
            }
        });
    }

    /**
     * Shows a live screen. Events about the connection wait until it is left.
     *
     * @param instead what to use on a terminal that has none
     */
    private void show(String instead, Duration interval, PromptConsole.Painter painter) throws InterruptedException {
        if (!console.hasLiveScreen()) {
            console.print(inks.error("this terminal cannot show a live screen: use " + instead));
            return;
        }
        hold(true);
        try {
            console.watch(interval, painter);
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
        String title = title(Printable.of(command), interval);
        List<Reply> replies = new ArrayList<>();
        List<String> trouble = new ArrayList<>();
        try {
            replies.addAll(send(command));
        } catch (IOException e) {
            trouble.add(inks.error(explain(e)));
        }
        return (columns, rows) -> {
            List<String> lines = new ArrayList<>(List.of(inks.aside(title)));
            lines.addAll(trouble);
            lines.addAll(view.lines(replies, columns - 1, Math.max(1, rows - 4), own()));
            return lines;
        };
    }

    private PromptConsole.Picture paint(Duration interval, TopWatch top) {
        String title = title("/top", interval);
        String trouble = top.trouble();
        ClusterState.Picture picture = top.picture();
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        return (columns, rows) -> TopView.lines(title, trouble, picture, inks, now, columns - 1, rows);
    }

    private String title(String what, Duration interval) {
        return link.server().map(Server::shortId).orElse("no server") + ": " + what + " every "
                + TimeText.format(interval) + ", " + clock() + ", q to leave";
    }

    @Override
    public void plain(boolean plain) {
        view.plain(plain);
        console.print(inks.aside(plain ? "lists are shown as the server sends them" : "lists are shown as tables"));
    }

    @Override
    public void quit() {
        over = true;
    }

    @Override
    public void close() {
        var unused = watch.end();
        messages.close();
        closeClient();
    }

    private void closeClient() {
        if (client != null) {
            client.close();
        }
    }
}
