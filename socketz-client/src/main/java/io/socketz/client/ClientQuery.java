package io.socketz.client;

import io.socketz.protocol.address.Cidr;
import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.request.BadArgumentException;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import java.util.Optional;

/**
 * Which clients are asked for, and how many at a time: {@code ClientQuery.all().server("server01").limit(100)}. Each method
 * returns another query, and a filter that is set again replaces the one before; only clients that pass all filters are
 * returned. Immutable.
 */
public final class ClientQuery {
    /** How many clients a page has at most unless {@link #limit} says otherwise. */
    public static final int DEFAULT_LIMIT = 1_000;

    /** The most that {@link #limit} takes. */
    public static final int MAX_LIMIT = 10_000;

    private static final ClientQuery ALL =
            new ClientQuery(QueryArguments.of(BuiltInCommands.WHO_LONG).with("LIMIT", Integer.toString(DEFAULT_LIMIT)));

    private final QueryArguments arguments;

    private ClientQuery(QueryArguments arguments) {
        this.arguments = arguments;
    }

    /** All clients of all servers, {@value #DEFAULT_LIMIT} at a time. */
    public static ClientQuery all() {
        return ALL;
    }

    /** The same, no older than the request. {@link Block.Clients#freshness} says whether that was possible in time. */
    public ClientQuery fresh() {
        return with("FRESH", "");
    }

    /**
     * Only clients of this server.
     *
     * @param server its name, its id, or the first eight characters of its id
     * @throws IllegalArgumentException if it is empty, or has blanks or control characters
     */
    public ClientQuery server(String server) {
        return new ClientQuery(arguments.withServer(server));
    }

    /** Only clients with an address in this block. */
    public ClientQuery address(Cidr block) {
        return with("ADDR", block.toString());
    }

    /** Only clients whose name this pattern matches; clients without a name are never matched. */
    public ClientQuery name(Glob pattern) {
        return with("NAME", pattern.toString());
    }

    /**
     * At most {@code clients} at a time.
     *
     * @param clients 1 to {@value #MAX_LIMIT}
     * @throws IllegalArgumentException if it is out of that range
     */
    public ClientQuery limit(int clients) {
        return with("LIMIT", Integer.toString(clients));
    }

    /** Only clients that joined after this one, which may have left. */
    public ClientQuery after(ClientId client) {
        return with("AFTER", client.toString());
    }

    /** The query for what follows {@code page}, the answer to this one; empty if that was the last page. */
    public Optional<ClientQuery> next(Block.Clients page) {
        int count = page.records().size();
        return count == 0 || count < Integer.parseInt(arguments.values().getOrDefault("LIMIT", ""))
                ? Optional.empty()
                : Optional.of(after(page.records().get(count - 1).id()));
    }

    Command command() {
        return arguments.command();
    }

    /** @throws BadArgumentException if the value is not one */
    private ClientQuery with(String keyword, String value) {
        return new ClientQuery(arguments.with(keyword, value));
    }

    /** The request as a person types it. */
    @Override
    public String toString() {
        return command().line();
    }
}
