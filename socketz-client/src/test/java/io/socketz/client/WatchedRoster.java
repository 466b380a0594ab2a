package io.socketz.client;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Applies what a watch tells to the roster, and records it as text: {@code state 7: 1 2}, {@code 8 join 3}. */
final class WatchedRoster implements WatchListener, Event.Handler {
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    /** Guarded by itself. */
    private final Map<ClientId, ClientRecord> clients = new LinkedHashMap<>();

    @Override
    public void onState(List<ClientRecord> state, long revision) {
        synchronized (clients) {
            clients.clear();
            state.forEach(each -> clients.put(each.id(), each));
        }
        StringBuilder text = new StringBuilder("state " + revision + ":");
        state.forEach(each -> text.append(' ').append(each.id().number()));
        told.add(text.toString());
    }

    @Override
    public void onEvent(Event event) {
        synchronized (clients) {
            event.dispatch(this);
        }
    }

    @Override
    public void onJoin(Event.Join event) {
        clients.put(event.client().id(), event.client());
        tell(event, "join " + event.client().id().number());
    }

    @Override
    public void onRename(Event.Rename event) {
        clients.put(event.client().id(), event.client());
        tell(event, "rename " + event.client().id().number());
    }

    @Override
    public void onLeave(Event.Leave event) {
        clients.remove(event.client().id());
        tell(event, "leave " + event.client().id().number() + " " + event.reason());
    }

    @Override
    public void onServerDown(Event.ServerDown event) {
        clients.keySet().removeIf(id -> id.server().equals(event.server().id()));
        tell(event, "down " + event.server().name() + " " + event.server().clients());
    }

    @Override
    public void onServerUp(Event.ServerUp event) {
        tell(event, "up " + event.server().name());
    }

    @Override
    public void onNow(Event.Now event) {
        tell(event, "now");
    }

    @Override
    public void onOther(Event.Other event) {
        tell(event, event.line());
    }

    private void tell(Event event, String text) {
        told.add(event.revision() + " " + text);
    }

    @Override
    public void onLost(SocketzException why) {
        told.add("lost " + why.reason());
    }

    @Override
    public void onResumed(Server server, long revision) {
        told.add("resumed " + server.shortId() + " " + revision);
    }

    /** Waits for what is told next. */
    String next() throws InterruptedException {
        String text = told.poll(20, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("nothing was told");
        }
        return text;
    }

    /** Waits for the next of these, or of those that begin so. */
    String next(String start) throws InterruptedException {
        String text = next();
        while (!text.startsWith(start)) {
            text = next();
        }
        return text;
    }

    /** Who is connected now, by {@code address:port}. */
    List<String> addresses() {
        synchronized (clients) {
            return clients.values().stream().map(ClientRecord::address).toList();
        }
    }
}
