package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.address.Cidr;
import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.reply.AuditRecord;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientCount;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.CommandRecord;
import io.socketz.protocol.reply.Kicked;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.time.TimeText;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a client may ask, with typed answers. An older server, which does not know a request, makes its future fail with
 * {@link Reason#INVALID_COMMAND}.
 */
abstract class ClientRequests {
    private static final String DRY_RUN = " DRYRUN";

    ClientRequests() {}

    /** Sends a command; {@code reader} makes the answer from its replies. */
    abstract <T> CompletableFuture<T> ask(Command command, Function<List<Reply>, T> reader);

    /** Who is connected, as far as the server knows: exact while the cluster is healthy. */
    public CompletableFuture<Clients> who() {
        return ask(BuiltInCommands.WHO, Clients::of);
    }

    /**
     * Who is connected, no older than the request. {@link Clients#freshness} says whether a list that fresh was
     * available in time.
     */
    public CompletableFuture<Clients> whoFresh() {
        return ask(BuiltInCommands.WHO_FRESH, Clients::of);
    }

    /** How many clients are connected to all servers, as {@link #who} counts them, without the list. */
    public CompletableFuture<Long> count() {
        return askOne(BuiltInCommands.WHO_COUNT.command(), ClientCount.class).thenApply(ClientCount::count);
    }

    /**
     * One page of the clients that {@code query} asks for, with all that is known about each, in the order in which they
     * joined. {@link ClientQuery#next} asks for the page after it; {@link #pages} does so for all.
     *
     * <p>Fails with {@link Reason#SERVER_ERROR}, and the code {@code UNKNOWN_SERVER} or {@code AMBIGUOUS_SERVER}, if {@link
     * ClientQuery#server} names no server or several; with {@code UNKNOWN_ID}, if the server cannot tell any more where the
     * client was that {@link ClientQuery#after} names.
     */
    public CompletableFuture<Block.Clients> list(ClientQuery query) {
        return askOne(query.command(), Block.Clients.class);
    }

    /**
     * All pages, one after the other, as {@link #list} has them: clients that stay are in them once, whoever comes and goes
     * meanwhile. The future completes when {@code listener} has got the last one, and fails as that of {@link #list} does,
     * or with what {@code listener} throws. To cancel it ends the requests.
     *
     * @param listener gets each page on the client's thread, which it must not block
     */
    public CompletableFuture<Void> pages(ClientQuery query, Consumer<Block.Clients> listener) {
        CompletableFuture<Block.Clients> first = list(query);
        CompletableFuture<Void> end = first.newIncompleteFuture();
        onPage(query, first, listener, end);
        return end;
    }

    private void onPage(
            ClientQuery query,
            CompletableFuture<Block.Clients> answer,
            Consumer<Block.Clients> listener,
            CompletableFuture<Void> end) {
        var unused = answer.thenAccept(page -> {
                    if (end.isDone()) {
                        return; // cancelled
                    }
                    listener.accept(page);
                    query.next(page)
                            .ifPresentOrElse(next -> onPage(next, list(next), listener, end), () -> end.complete(null));
                })
                .exceptionally(e -> {
                    Throwable cause = e.getCause();
                    end.completeExceptionally(e instanceof CompletionException && cause != null ? cause : e);
                    return null;
                });
    }

    /**
     * Who left recently, the earliest first, and why. A server remembers its last 10,000 departures, and less of them if they
     * take much memory.
     */
    public CompletableFuture<Block.Departures> closed() {
        return askOne(BuiltInCommands.WHO_CLOSED.command(), Block.Departures.class);
    }

    /**
     * Who left within the last {@code time}.
     *
     * @param time zero or more, at most 999,999 hours; parts of a microsecond are dropped
     * @throws IllegalArgumentException if it is out of that range
     */
    public CompletableFuture<Block.Departures> closed(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a negative time");
        }
        return askOne(BuiltInCommands.WHO_CLOSED.command("LAST " + TimeText.format(time)), Block.Departures.class);
    }

    /** The servers of the cluster, and how many clients each has. */
    public CompletableFuture<Block.Servers> servers() {
        return askOne(BuiltInCommands.SERVERS.command(), Block.Servers.class);
    }

    /**
     * How the others see this client. Fails with {@link Reason#SERVER_ERROR}, and the code {@code NOT_REGISTERED}, if it is
     * not on the roster.
     */
    public CompletableFuture<ClientRecord> whoAmI() {
        return askOne(BuiltInCommands.WHOAMI.command(), ClientRecord.class);
    }

    /**
     * Gives this client a name, for all to see: a claim, which nobody checks. The future completes when every fresh list
     * anywhere has the name. It belongs to the connection: after another server was found, it has to be given again.
     *
     * <p>Fails with {@link Reason#SERVER_ERROR}, and the code {@code TOO_MANY_RENAMES}, if the name changes too often.
     *
     * @param name 1 to 64 printable characters of ASCII without blanks, quotes or {@code =}
     * @throws IllegalArgumentException if it is none
     */
    public CompletableFuture<ClientRecord> name(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a name is not empty");
        }
        return askOne(BuiltInCommands.NAME.command(name), ClientRecord.class);
    }

    /** Removes the name of this client. */
    public CompletableFuture<ClientRecord> removeName() {
        return askOne(BuiltInCommands.NAME.command(), ClientRecord.class);
    }

    /**
     * Makes this client an administrator. When the server has accepted the token, the client keeps it: after a connection is
     * lost, it gives the token to the next server by itself, before the requests that wait. If that one refuses it, {@link
     * ClientListener#onNotAuthorized} hears of that. Another token that is accepted replaces it.
     *
     * <p>Fails with {@link Reason#SERVER_ERROR}, and the code {@code WRONG_TOKEN}, or {@code NOT_CONFIGURED} if the server
     * takes none. A wrong token is answered after 1 s; the third one ends the connection.
     *
     * @param token one of those that the server knows
     * @throws IllegalArgumentException if it is empty, or has blanks or control characters
     */
    public CompletableFuture<Void> authorize(String token) {
        return ask(BuiltInCommands.AUTH.command(token), Function.identity()).thenAccept(authorized -> {});
    }

    /** As {@link #kick(ClientId, String)}, without a reason of its own: the client is told {@code by an administrator}. */
    public CompletableFuture<Kicked> kick(ClientId client) {
        return kick(client, "");
    }

    /**
     * Disconnects a client of any server, if this client is an administrator ({@link #authorize}). Ids are never used twice,
     * so nobody else is hit. The future completes when the client is on no roster any more. That takes up to 6 s longer than
     * other requests may, and so may what is asked after it.
     *
     * <p>Fails with {@link Reason#SERVER_ERROR}, and the code {@code NOT_AUTHORIZED}; {@code NOT_CONFIGURED} if the server has
     * no administrators; {@code UNKNOWN_ID} if there is no such client; or {@code KICK_TIMEOUT} if it is still there after 5 s.
     *
     * @param reason what the client is told: text without control characters, at most 1,000 bytes of UTF-8 together with the
     *     id; or empty
     * @throws IllegalArgumentException if the reason is not such a text
     */
    public CompletableFuture<Kicked> kick(ClientId client, String reason) {
        return askOne(BuiltInCommands.KICK.command(client + (reason.isEmpty() ? "" : " " + reason)), Kicked.class);
    }

    /**
     * Disconnects all clients with an address in this block, except this one, as {@link #kick(ClientId, String)} does. It finds
     * everyone who was greeted anywhere before. {@link #kickDryRun(Cidr)} only says who that is.
     *
     * <p>Fails as that method does, except with {@code UNKNOWN_ID}; of {@code KICK_TIMEOUT}, {@link SocketzException#clients} says
     * who is still there. If more than 10,000 are meant, nobody is disconnected, and the code is {@code TOO_MANY_CLIENTS}.
     */
    public CompletableFuture<Kicked> kick(Cidr addresses) {
        return askOne(BuiltInCommands.KICK_ADDR.command(addresses.toString()), Kicked.class);
    }

    /** As {@link #kick(Cidr)}, for all clients whose name this pattern matches. */
    public CompletableFuture<Kicked> kick(Glob names) {
        return askOne(BuiltInCommands.KICK_NAME.command(names.toString()), Kicked.class);
    }

    /** Whom {@link #kick(Cidr)} would disconnect; fails as that does, and disconnects nobody. */
    public CompletableFuture<Block.Clients> kickDryRun(Cidr addresses) {
        return askOne(BuiltInCommands.KICK_ADDR.command(addresses + DRY_RUN), Block.Clients.class);
    }

    /** Whom {@link #kick(Glob)} would disconnect; fails as that does, and disconnects nobody. */
    public CompletableFuture<Block.Clients> kickDryRun(Glob names) {
        return askOne(BuiltInCommands.KICK_NAME.command(names + DRY_RUN), Block.Clients.class);
    }

    /**
     * Has the server that this client is connected to compare its connections with its part of the roster, and repair what
     * differs. For administrators: see {@link #authorize}. That takes up to 20 s longer than other requests may, and so may
     * what is asked after it.
     *
     * <p>Fails with {@link Reason#SERVER_ERROR}, and the code {@code NOT_AUTHORIZED} or {@code NOT_CONFIGURED} if this is no
     * administrator's connection, or {@code AUDIT_FAILED} if the store of the roster does not answer.
     */
    public CompletableFuture<AuditRecord> audit() {
        return askOne(BuiltInCommands.AUDIT.command(), AuditRecord.class);
    }

    /** The commands that the server understands. */
    public CompletableFuture<List<CommandRecord>> help() {
        return askOne(BuiltInCommands.HELP.command(), Block.Commands.class).thenApply(Block.Commands::records);
    }

    /** The id of the server that this client is connected to. */
    public CompletableFuture<UUID> where() {
        return askOne(BuiltInCommands.WHERE.command(), Reply.ServerId.class).thenApply(Reply.ServerId::id);
    }

    /** 42. */
    public CompletableFuture<Integer> why() {
        return ask(BuiltInCommands.WHY, replies -> 42);
    }

    /**
     * Ends the session: the server answers what was asked before, then closes the connection, and the client is closed.
     * The future completes when that has happened, and at once if there is no connection. Later requests fail with
     * {@link Reason#CLOSED}.
     */
    public CompletableFuture<Void> quit() {
        return ask(BuiltInCommands.QUIT, Function.identity()).thenAccept(nothing -> {});
    }

    private <T> CompletableFuture<T> ask(CommandRow row, Function<List<Reply>, T> reader) {
        return ask(row.command(), reader);
    }

    /** A command with one reply, of the type that its row announces. */
    private <R extends Reply> CompletableFuture<R> askOne(Command command, Class<R> type) {
        return ask(command, replies -> type.cast(replies.get(0)));
    }
}
