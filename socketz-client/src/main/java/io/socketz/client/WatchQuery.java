package io.socketz.client;

import io.socketz.protocol.address.Cidr;
import io.socketz.protocol.name.Glob;
import io.socketz.protocol.request.BadArgumentException;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandArguments;
import io.socketz.protocol.request.Request;
import java.util.OptionalLong;

/**
 * Which clients are watched, and from where: {@code WatchQuery.all().server("server01").since(1842)}. Each method returns
 * another query, and a filter that is set again replaces the one before; only clients that pass all filters are told.
 * Immutable.
 */
public final class WatchQuery {
    private static final String SINCE = "SINCE";

    private static final WatchQuery ALL = new WatchQuery(QueryArguments.of(BuiltInCommands.WATCH));

    private final QueryArguments arguments;

    private WatchQuery(QueryArguments arguments) {
        this.arguments = arguments;
    }

    /** All clients of all servers, beginning with the state. */
    public static WatchQuery all() {
        return ALL;
    }

    /**
     * A query as a person types it behind {@code WATCH}: {@code SERVER server01 NAME web-*}.
     *
     * @throws IllegalArgumentException if {@code WATCH} does not take this, with a message that names what was expected
     */
    public static WatchQuery parse(String text) {
        // As the server reads it: blanks are spaces and tabs, and nothing else.
        Request request = BuiltInCommands.TABLE.parse(BuiltInCommands.WATCH.words() + " " + text);
        if (request instanceof Request.BadArgument bad) {
            throw new IllegalArgumentException(bad.refusal().text());
        }
        CommandArguments given = ((Command) request).arguments();
        QueryArguments arguments = ALL.arguments;
        for (String keyword : new String[] {SINCE, "SERVER", "ADDR", "NAME"}) {
            if (given.has(keyword)) {
                arguments = arguments.with(keyword, given.value(keyword).orElse(""));
            }
        }
        return new WatchQuery(arguments);
    }

    /**
     * Everything after this revision of the cluster, without the state: what {@link RosterWatch#revision} was.
     *
     * @param revision 0 or more
     * @throws IllegalArgumentException if it is negative
     */
    public WatchQuery since(long revision) {
        return with(SINCE, Long.toString(revision));
    }

    /**
     * Only clients of this server.
     *
     * @param server its name, its id, or the first eight characters of its id
     * @throws IllegalArgumentException if it is empty, or has blanks or control characters
     */
    public WatchQuery server(String server) {
        return new WatchQuery(arguments.withServer(server));
    }

    /** Only clients with an address in this block. */
    public WatchQuery address(Cidr block) {
        return with("ADDR", block.toString());
    }

    /** Only clients whose name this pattern matches. A rename is told if the name matches before it, or after it. */
    public WatchQuery name(Glob pattern) {
        return with("NAME", pattern.toString());
    }

    /** Where it begins; empty if with the state. */
    OptionalLong start() {
        String since = arguments.values().get(SINCE);
        return since == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(since));
    }

    /** The same filters with another beginning. */
    Command command(OptionalLong since) {
        return since.isPresent()
                ? since(since.getAsLong()).arguments.command()
                : arguments.without(SINCE).command();
    }

    /** @throws BadArgumentException if the value is not one */
    private WatchQuery with(String keyword, String value) {
        return new WatchQuery(arguments.with(keyword, value));
    }

    /** The request as a person types it. */
    @Override
    public String toString() {
        return arguments.command().line();
    }
}
