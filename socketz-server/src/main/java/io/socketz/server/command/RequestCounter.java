package io.socketz.server.command;

import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.Request;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the requests of the clients of one event loop on their way to the {@link CommandService}. Owned by the loop, which
 * alone counts: so that costs what it costs in a plain array. Any thread may read.
 */
public final class RequestCounter implements Request.Handler<Requester> {
    /** So that no other loop's counters are in the same cache line (of 64 bytes, or two of them). */
    private static final int PADDING = 16;

    private final CommandService service;

    /** For each row of the table; then for requests with bad arguments, for lines that are not a command, for long ones. */
    private final AtomicLongArray counts;

    private final int badArguments;
    private final int invalid;
    private final int tooLong;

    /**
     * Has counted nothing.
     *
     * @param service answers what is counted
     */
    public RequestCounter(CommandService service) {
        this.service = service;
        this.badArguments = service.commands().rows().size();
        this.invalid = badArguments + 1;
        this.tooLong = invalid + 1;
        this.counts = new AtomicLongArray(tooLong + 1 + 2 * PADDING);
    }

    private void count(int place) {
        int index = PADDING + place;
        counts.setOpaque(index, counts.getPlain(index) + 1);
    }

    /** How many requests were for the command at {@code place} of the table, with arguments that it takes or not. */
    public long commands(int place) {
        return counts.getOpaque(PADDING + place);
    }

    /** How many of these had arguments that the command does not take. */
    public long badArguments() {
        return commands(badArguments);
    }

    /** How many lines were not a command. */
    public long invalid() {
        return commands(invalid);
    }

    /** How many lines were too long. */
    public long tooLong() {
        return commands(tooLong);
    }

    @Override
    public void onCommand(Command command, Requester requester) {
        int place = service.placeOf(command.row());
        count(place);
        service.answer(place, command, requester);
    }

    @Override
    public void onBadArgument(Request.BadArgument request, Requester requester) {
        count(service.placeOf(request.row()));
        count(badArguments);
        service.refuse(request, requester);
    }

    @Override
    public void onEmpty(Requester requester) {
        // Not answered.
    }

    @Override
    public void onInvalid(Requester requester) {
        count(invalid);
        service.onInvalid(requester);
    }

    @Override
    public void onTooLong(Requester requester) {
        count(tooLong);
        service.onTooLong(requester);
    }
}
