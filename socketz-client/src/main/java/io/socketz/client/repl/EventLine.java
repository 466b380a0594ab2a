package io.socketz.client.repl;

import io.socketz.client.console.Printable;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import java.util.Locale;
import java.util.Optional;

/** An event as a line for a person: {@code + 10.0.0.1:50814 web-7 joined server01}. Pure. */
final class EventLine implements Event.Handler {
    /** Empty if the event is nothing to show. */
    private String line = "";

    private EventLine() {}

    /** The line, fit for a terminal; empty if nothing has happened to anybody. */
    static Optional<String> of(Event event) {
        EventLine shown = new EventLine();
        event.dispatch(shown);
        return Optional.of(Printable.of(shown.line)).filter(line -> !line.isEmpty());
    }

    /** The line of a client that has joined. */
    static String joined(ClientRecord client) {
        return Printable.of("+ " + name(client) + " joined " + client.server());
    }

    @Override
    public void onJoin(Event.Join event) {
        line = joined(event.client());
    }

    @Override
    public void onLeave(Event.Leave event) {
        line = "- " + name(event.client()) + " left " + event.client().server() + ": " + event.reason();
    }

    @Override
    public void onRename(Event.Rename event) {
        line = "~ " + name(event.client()) + (event.client().name().isEmpty() ? " has no name now" : " has a new name");
    }

    @Override
    public void onServerUp(Event.ServerUp event) {
        line = "+ server " + event.server().name() + " is up";
    }

    @Override
    public void onServerDown(Event.ServerDown event) {
        line = String.format(
                Locale.ROOT,
                "- server %s is down with %,d clients: %s",
                event.server().name(),
                event.server().clients(),
                event.reason());
    }

    /** It may come from anybody, so nothing in it shall look like a line of this program. */
    @Override
    public void onMessage(Event.Message event) {
        line = "message: " + event.text();
    }

    private static String name(ClientRecord client) {
        return client.address() + client.name().map(name -> " " + name).orElse("");
    }
}
