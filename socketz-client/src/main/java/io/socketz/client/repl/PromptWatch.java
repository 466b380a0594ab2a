package io.socketz.client.repl;

import io.socketz.client.Server;
import io.socketz.client.SocketzException;
import io.socketz.client.WatchListener;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** Shows what a watch tells as lines for a person. */
final class PromptWatch implements WatchListener {
    /** The most events of one revision that are remembered. */
    private static final int MOST_REMEMBERED = 1_000;

    private final RecentLines lines;

    /** The revision of the last event. Owned by the client's thread. */
    private long lastRevision = -1;

    /** The events of {@link #lastRevision}. Owned as that is. */
    private final Set<Event> lastEvents = new HashSet<>();

    /** @param printer shows lines; may block */
    PromptWatch(Consumer<String> printer) {
        this.lines = new RecentLines("socketz-events", printer);
    }

    @Override
    public void onState(List<ClientRecord> clients, long revision) {
        lines.add(String.format(Locale.ROOT, "watching: %,d clients at revision %d", clients.size(), revision));
    }

    @Override
    public void onEvent(Event event) {
        if (isNew(event)) {
            EventLine.of(event).ifPresent(lines::add);
        }
    }

    /** Whether it was not told before: a watch that was paused tells the last revision again. */
    private boolean isNew(Event event) {
        if (event.revision() != lastRevision) {
            lastRevision = event.revision();
            lastEvents.clear();
        }
        return lastEvents.size() >= MOST_REMEMBERED || lastEvents.add(event);
    }

    @Override
    public void onResumed(Server server, long revision) {
        lines.add("watching since revision " + revision + ": nothing is missing");
    }

    /** The watch has ended by itself. */
    void onEnd(Throwable e) {
        if (e instanceof SocketzException named && named.reason() != SocketzException.Reason.CLOSED) {
            lines.add("the watch has ended: " + named.getMessage());
        }
        lines.end();
    }

    /** Shows what has gathered, and waits for that, as {@link RecentLines#close}. */
    void close() {
        lines.close();
    }
}
