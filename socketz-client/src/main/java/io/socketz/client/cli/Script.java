package io.socketz.client.cli;

import io.socketz.client.RosterWatch;
import io.socketz.client.SocketzClient;
import io.socketz.client.SocketzException;
import io.socketz.client.SocketzException.Reason;
import io.socketz.client.WatchListener;
import io.socketz.client.WatchQuery;
import io.socketz.client.console.Printable;
import io.socketz.client.console.ReplyText;
import io.socketz.client.console.ShownLine;
import io.socketz.protocol.json.ReplyJson;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.Request;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Commands from a script: each is sent as soon as it is read, without waiting for earlier answers, and the answers are
 * printed in the same order. What a watch tells, and messages, are printed in between, as they come.
 *
 * <pre>{@code
 *   source -> send -> asked -> client -> news -> print -> standard output
 *             reader           client's thread   caller's thread
 * }</pre>
 */
final class Script implements ScriptWatch.Printer {
    /** Where the lines come from. */
    @FunctionalInterface
    interface Source {
        /** The next line; empty at the end. */
        Optional<String> next() throws IOException;
    }

    /** Something has happened: what the caller's thread does about it. */
    private interface News {
        void print() throws UnreadException, InterruptedException;
    }

    /** Standard output could not be written. */
    private static final class UnreadException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** The most commands in flight: even with the longest lines, they fit into a client. */
    private static final int MOST_ASKED = 200;

    /**
     * The most events that wait to be printed, of 1 KiB at most. Then the client reads no more, and in the end its server
     * closes the connection; the watch resumes from there.
     */
    private static final int MOST_EVENTS = 10_000;

    /** How many commands without an answer a message names. */
    private static final int MOST_NAMED = 3;

    private static final Reply NOT_WATCHING = new Reply.Line("not watching");

    private static final Reply NO_LOCAL_COMMANDS = new Reply.Failure(
            "NO_LOCAL_COMMANDS", "expected a command of the server: those with a slash need a prompt, in a terminal");

    private final SocketzClient client;
    private final BiFunction<WatchQuery, WatchListener, RosterWatch> watcher;
    private final ScriptLink link;
    private final PrintWriter out;
    private final PrintStream err;
    private final boolean json;

    private final Queue<AskedCommand> asked = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MOST_ASKED);
    private final Semaphore eventRoom = new Semaphore(MOST_EVENTS);

    /** The last watch; null if there was none. Set by the reader. */
    private volatile @Nullable RosterWatch watch;

    /** The watches whose end has not been printed, also if there was nothing to print. */
    private final AtomicInteger openWatches = new AtomicInteger();

    /** Whether {@code QUIT} is asked. Set by the reader. */
    private volatile boolean quitting;

    /** Why the source was not read to its end, or nothing; set by the reader before it ends. */
    private volatile String sourceFailure = "";

    /** Whether there are no more commands. Owned by the caller's thread. */
    private boolean inputOver;

    /** Whether nothing more is to be printed. Owned by the caller's thread. */
    private boolean over;

    /** Why there is no connection any more; null while there is one. Owned by the caller's thread. */
    private @Nullable SocketzException lost;

    /** The exit status so far. Owned by the caller's thread. */
    private int status = ExitStatus.OK;

    /**
     * A script that has not begun.
     *
     * @param watcher begins a watch of {@code client}
     * @param link hears what becomes of the client's connection
     */
    Script(
            SocketzClient client,
            BiFunction<WatchQuery, WatchListener, RosterWatch> watcher,
            ScriptLink link,
            boolean json,
            PrintWriter out,
            PrintStream err) {
        this.client = client;
        this.watcher = watcher;
        this.link = link;
        this.json = json;
        this.out = out;
        this.err = err;
    }

    /** Runs until {@code source} and the watch, or the connection, end, and returns the exit status. */
    int run(Source source) throws InterruptedException {
        link.begin(client, this::isWatching, this);
        Thread reader = new Thread(() -> send(source), "socketz-input");
        reader.setDaemon(true); // a read of a terminal cannot be interrupted
        reader.start();
        try {
            while (!over && !(inputOver && asked.isEmpty() && openWatches.get() == 0)) {
                take().print();
            }
            flush();
            if (!sourceFailure.isEmpty()) {
                err.println("socketz connect: " + Printable.of(sourceFailure));
                status = Math.max(status, ExitStatus.SERVER_ERROR);
            }
            return status;
        } catch (UnreadException e) {
            return ExitStatus.OK; // the command line knows why, and says so if it is an error
        } finally {
            eventRoom.release(Integer.MAX_VALUE / 2); // the client must not wait for one who prints no more
        }
    }

    // ---- The reader's side.

    private void send(Source source) {
        try {
            boolean quits = false;
            while (!quits) {
                Optional<String> next = source.next();
                if (next.isEmpty()) {
                    break;
                }
                String line = withoutBlanks(next.get());
                Request request = BuiltInCommands.TABLE.parse(line);
                if (!(request instanceof Request.Empty)) {
                    room.acquire();
                    quits = request.endsConnection();
                    quitting = quits;
                    ask(line, request);
                }
            }
        } catch (IOException e) {
            sourceFailure = "cannot read standard input: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            sourceFailure = "internal error: " + e; // the rest is not sent, which must not look like success
            news.add(() -> over = true); // also if a watch would go on
        } finally {
            news.add(() -> inputOver = true);
        }
    }

    /** Without spaces and tabs at either end: the protocol has no other blanks, of which Java would strip many. */
    private static String withoutBlanks(String line) {
        int from = 0;
        int to = line.length();
        while (from < to && isBlank(line.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(line.charAt(to - 1))) {
            to--;
        }
        return line.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private void ask(String line, Request request) {
        if (request instanceof Command command && request.asksFor(BuiltInCommands.WATCH)) {
            watch(command);
        } else if (request.asksFor(BuiltInCommands.UNWATCH)) {
            CompletableFuture<List<Reply>> answer = unwatch();
            expect(line, request, answer);
            await(answer);
        } else if (line.startsWith("/")) {
            expect(line, request, CompletableFuture.completedFuture(List.of(NO_LOCAL_COMMANDS)));
        } else {
            expect(line, request, client.send(line));
        }
    }

    /** Has the answer printed, after those to the lines before. */
    private void expect(String line, Request request, CompletableFuture<List<Reply>> answer) {
        AskedCommand command = new AskedCommand(ShownLine.of(line, request), answer, request.endsConnection());
        asked.add(command);
        var unused = answer.whenComplete((replies, e) -> news.add(() -> {
            command.isAnswered = true;
            printAnswered();
        }));
    }

    /** A watch keeps no order with what follows. */
    private static void await(CompletableFuture<List<Reply>> answer) {
        answer.handle((replies, e) -> true).join();
    }

    /** Begins to watch; the watch before ends. */
    private void watch(Command command) {
        endWatch();
        ScriptWatch listener = new ScriptWatch(command.line(), link.watchResumes(), this);
        // Before the watch begins: its events may come at once, and are printed after its answer.
        expect(command.line(), command, listener.answer());
        RosterWatch begun = watcher.apply(WatchQuery.parse(command.text()), listener);
        watch = begun;
        openWatches.incrementAndGet();
        var unused = begun.ended().whenComplete((nothing, e) -> {
            boolean isAnswer = listener.refuse(e);
            news.add(() -> {
                openWatches.decrementAndGet();
                if (!isAnswer) {
                    onWatchEnded(e);
                }
            });
        });
        await(listener.answer());
    }

    private CompletableFuture<List<Reply>> unwatch() {
        RosterWatch ended = endWatch();
        return ended == null
                ? CompletableFuture.completedFuture(List.of(NOT_WATCHING))
                : ended.ended().handle((nothing, e) -> List.of(NOT_WATCHING));
    }

    private @Nullable RosterWatch endWatch() {
        RosterWatch last = watch;
        if (last != null) {
            last.close();
        }
        return last;
    }

    /** From any thread. */
    private boolean isWatching() {
        RosterWatch last = watch;
        return last != null && !last.ended().isDone();
    }

    // ---- What a watch tells, and messages, on the client's thread.

    @Override
    public void onEvent(Event event) {
        told(() -> write(json ? List.of(ReplyJson.line(event)) : ReplyText.lines(event)));
    }

    @Override
    public void onStateAnew(String command, Reply state) {
        told(() -> show(command, List.of(state)));
    }

    @Override
    public void onRemark(String remark) {
        if (!quitting) { // then the end of the connection is what was asked for
            news.add(() -> {
                flush();
                err.println("socketz connect: " + remark);
            });
        }
    }

    @Override
    public void onLost(SocketzException why) {
        news.add(() -> {
            lost = why;
            endIfLost();
        });
    }

    private void told(Runnable printing) {
        eventRoom.acquireUninterruptibly();
        news.add(() -> {
            eventRoom.release();
            printing.run();
        });
    }

    // ---- The printer's side.

    /** What is next. Before it waits, it shows what has been printed. */
    private News take() throws UnreadException, InterruptedException {
        News next = news.poll();
        if (next == null) {
            flush();
            next = news.take();
        }
        return next;
    }

    private void flush() throws UnreadException {
        if (out.checkError()) {
            throw new UnreadException();
        }
    }

    /** Prints the answers that have come, in the order of the commands. */
    private void printAnswered() throws UnreadException, InterruptedException {
        for (AskedCommand next = asked.peek(); !over && next != null && next.isAnswered; next = asked.peek()) {
            asked.remove();
            room.release();
            try {
                List<Reply> replies = next.answer.get();
                show(next.line, replies);
                if (replies.stream().anyMatch(reply -> reply.type().isRefusal())) {
                    status = ExitStatus.SERVER_ERROR;
                }
                over = next.isQuit;
            } catch (ExecutionException e) {
                fail(next, e.getCause() == null ? e : e.getCause());
            }
        }
        endIfLost();
    }

    /** Ends when there is no connection any more, unless commands wait for an answer: these fail, and are then named. */
    private void endIfLost() throws UnreadException {
        if (lost != null && !over && asked.isEmpty() && !quitting) {
            end(lost, "");
        }
    }

    /** @param e null if it was closed */
    private void onWatchEnded(@Nullable Throwable e) throws UnreadException {
        if (e instanceof SocketzException failure && failure.reason() != Reason.CLOSED) {
            flush();
            err.println("socketz connect: the watch has ended: " + Printable.of(String.valueOf(e.getMessage())));
            boolean refused = failure.reason() == Reason.SERVER_ERROR || failure.reason() == Reason.INVALID_COMMAND;
            status = refused ? ExitStatus.SERVER_ERROR : ExitStatus.NO_CONNECTION;
            over |= failure.reason() == Reason.NOT_CONNECTED; // nobody answers what may come yet
        }
    }

    private void show(String command, List<Reply> replies) {
        if (json && !replies.isEmpty()) {
            write(List.of(ReplyJson.line(command, replies)));
            return;
        }
        replies.forEach(reply -> write(ReplyText.lines(reply)));
    }

    private void write(List<String> lines) {
        lines.forEach(line -> out.write(line + "\n"));
    }

    private void fail(AskedCommand first, Throwable e) throws UnreadException {
        List<String> names = new ArrayList<>(List.of(first.shortLine()));
        int more = 0;
        for (AskedCommand next = asked.poll(); next != null; next = asked.poll()) {
            if (names.size() < MOST_NAMED) {
                names.add(next.shortLine());
            } else {
                more++;
            }
        }
        end(e, "; not answered: " + String.join(", ", names) + (more > 0 ? " and " + more + " more" : ""));
    }

    private void end(Throwable why, String consequence) throws UnreadException {
        flush();
        err.println("socketz connect: " + link.why(why) + consequence);
        status = ExitStatus.NO_CONNECTION;
        over = true;
    }
}
