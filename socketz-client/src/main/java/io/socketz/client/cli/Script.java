package io.socketz.client.cli;

import io.socketz.client.SocketzClient;
import io.socketz.client.SocketzException;
import io.socketz.client.console.Printable;
import io.socketz.client.console.ReplyJson;
import io.socketz.client.console.ReplyText;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Commands from a script: each is sent as soon as it is read, without waiting for earlier answers, and the answers are
 * printed in the same order.
 *
 * <pre>{@code
 *   source -> send -> asked -> print -> standard output
 *             reader           caller's thread
 * }</pre>
 */
final class Script {
    /** Where the lines come from. */
    @FunctionalInterface
    interface Source {
        /** The next line; empty at the end. */
        Optional<String> next() throws IOException;
    }

    /** Standard output could not be written. */
    private static final class UnreadException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** The most commands in flight: even with the longest lines, they fit into a client. */
    private static final int MOST_ASKED = 200;

    /** How many commands without an answer a message names. */
    private static final int MOST_NAMED = 3;

    /** A command that was sent; or the end, which has no answer. */
    private record Asked(String line, CompletableFuture<List<Reply>> answer, boolean isEnd) {}

    private static final Asked END = new Asked("", new CompletableFuture<>(), true);

    private final SocketzClient client;
    private final PrintWriter out;
    private final PrintStream err;
    private final boolean json;

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MOST_ASKED);

    /** Why the source failed, or nothing; set by the reader before it ends. */
    private volatile String sourceFailure = "";

    Script(SocketzClient client, boolean json, PrintWriter out, PrintStream err) {
        this.client = client;
        this.json = json;
        this.out = out;
        this.err = err;
    }

    /** Runs until {@code source} or the connection ends, and returns the exit status. */
    int run(Source source) throws InterruptedException {
        Thread reader = new Thread(() -> send(source), "socketz-input");
        reader.setDaemon(true); // a read of a terminal cannot be interrupted
        reader.start();
        try {
            int status = print();
            out.flush();
            return status;
        } catch (UnreadException e) {
            return ExitStatus.OK; // the command line knows why, and says so if it is an error
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
                String line = next.get();
                Request request = BuiltInCommands.TABLE.parse(line);
                if (!(request instanceof Request.Empty)) {
                    room.acquire();
                    asked.add(new Asked(name(line, request), client.send(line), false));
                    quits = request.endsConnection();
                }
            }
        } catch (IOException e) {
            sourceFailure = "cannot read standard input: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            asked.add(END);
        }
    }

    private static String name(String line, Request request) {
        return request instanceof Command command ? command.line() : line.strip();
    }

    // ---- The printer's side.

    private int print() throws UnreadException, InterruptedException {
        int status = ExitStatus.OK;
        for (Asked next = take(); !next.isEnd(); next = take()) {
            try {
                List<Reply> replies = next.answer.get();
                show(next.line, replies);
                if (replies.stream().anyMatch(reply -> reply.type().isRefusal())) {
                    status = ExitStatus.SERVER_ERROR;
                }
            } catch (ExecutionException e) {
                return fail(next, e.getCause() == null ? e : e.getCause());
            }
            room.release();
        }
        if (!sourceFailure.isEmpty()) {
            err.println("socketz connect: " + Printable.of(sourceFailure));
            return ExitStatus.SERVER_ERROR;
        }
        return status;
    }

    private void flush() throws UnreadException {
        if (out.checkError()) {
            throw new UnreadException();
        }
    }

    /** The next one. Before it waits, it shows what has been printed. */
    private Asked take() throws UnreadException, InterruptedException {
        Asked next = asked.poll();
        if (next == null || !next.answer.isDone()) {
            flush();
        }
        return next == null ? asked.take() : next;
    }

    private void show(String line, List<Reply> replies) {
        if (json && !replies.isEmpty()) {
            out.write(ReplyJson.line(line, replies) + "\n");
            return;
        }
        for (Reply reply : replies) {
            for (String text : ReplyText.lines(reply)) {
                out.write(text + "\n");
            }
        }
    }

    private int fail(Asked first, Throwable e) throws UnreadException {
        flush();
        List<String> names = new ArrayList<>(List.of(shortened(first.line)));
        int more = 0;
        for (Asked next = asked.poll(); next != null; next = asked.poll()) {
            if (next.isEnd()) {
                continue;
            }
            if (names.size() < MOST_NAMED) {
                names.add(shortened(next.line));
            } else {
                more++;
            }
        }
        err.println("socketz connect: " + why(e) + "; not answered: " + String.join(", ", names)
                + (more > 0 ? " and " + more + " more" : ""));
        return ExitStatus.NO_CONNECTION;
    }

    private static String why(Throwable e) {
        String message = Printable.of(String.valueOf(e.getMessage()));
        return e instanceof SocketzException failure && failure.reason() == SocketzException.Reason.CONNECTION_LOST
                ? "connection lost: " + message
                : message;
    }

    private static String shortened(String line) {
        return Printable.of(line.length() > 40 ? line.substring(0, 37) + "..." : line);
    }
}
