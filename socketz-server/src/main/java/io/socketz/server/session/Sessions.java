package io.socketz.server.session;

import io.socketz.server.event.Connection;
import io.socketz.server.nio.EventLoop;
import io.socketz.state.Client;
import io.socketz.state.KickListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The sessions of the clients that are on the roster, by the clients' numbers. Shared by all loops. */
public final class Sessions implements KickListener {
    /** With some microseconds for each, others wait for less than a millisecond. */
    private static final int CLIENTS_AT_A_TIME = 32;

    private final ConcurrentHashMap<Long, ListedSession> sessions = new ConcurrentHashMap<>();
    private final List<EventLoop> loops;

    /**
     * No sessions.
     *
     * @param loops of all sessions
     */
    public Sessions(List<EventLoop> loops) {
        this.loops = loops;
    }

    void add(long number, ListedSession session) {
        sessions.put(number, session);
    }

    void remove(long number) {
        sessions.remove(number);
    }

    /** The numbers of the clients, in no order. */
    public List<Long> numbers() {
        return new ArrayList<>(sessions.keySet());
    }

    /** Whether there is a session of this client. */
    public boolean contains(long number) {
        return sessions.containsKey(number);
    }

    /** The roster has lost this client: it joins again soon. Returns false if there is no session of it any more. */
    public boolean joinAgain(long number) {
        ListedSession session = sessions.get(number);
        if (session != null) {
            session.joinAgain(number);
        }
        return session != null;
    }

    /** Completes when each loop has ended the event that it handles now; never if one has ended itself. */
    public CompletableFuture<Void> afterEvents() {
        List<CompletableFuture<Void>> ended = new ArrayList<>();
        for (EventLoop loop : loops) {
            CompletableFuture<Void> event = new CompletableFuture<>();
            loop.execute(() -> event.complete(null));
            ended.add(event);
        }
        return CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new));
    }

    /** A client is on the roster before its session is here, until the end of a task of its loop: so it may be found later. */
    @Override
    public void onKick(Client client, String reason) {
        if (!kick(client.number(), reason)) {
            loops.forEach(loop -> loop.execute(() -> kick(client.number(), reason)));
        }
    }

    /** The client with this number, from its greeting until it leaves; null otherwise. */
    public @Nullable Connection find(long number) {
        ListedSession session = sessions.get(number);
        return session == null ? null : session.handle();
    }

    /**
     * Sends a line to all clients that {@code filter} admits.
     *
     * @return how many have taken it
     * @throws IllegalArgumentException as {@link Connection#send}
     */
    public int broadcast(String line, Predicate<? super Connection> filter) {
        byte[] bytes = ClientHandle.encode(line);
        Map<EventLoop, List<ClientHandle>> due = new HashMap<>();
        int taken = 0;
        try {
            for (ListedSession session : sessions.values()) {
                ClientHandle handle = session.handle();
                if (handle != null && filter.test(handle)) {
                    ClientHandle.Offer offer = handle.offer(bytes);
                    taken += offer == ClientHandle.Offer.REFUSED ? 0 : 1;
                    if (offer == ClientHandle.Offer.FIRST) {
                        due.computeIfAbsent(handle.loop(), loop -> new ArrayList<>())
                                .add(handle);
                    }
                }
            }
        } finally { // whatever the filter throws: those who have taken the line get it
            due.forEach((loop, handles) -> loop.execute(() -> deliver(loop, handles, 0)));
        }
        return taken;
    }

    /** To a few clients at a time, so that the loop's other clients do not wait until thousands have got it. */
    private static void deliver(EventLoop loop, List<ClientHandle> handles, int from) {
        int end = Math.min(handles.size(), from + CLIENTS_AT_A_TIME);
        handles.subList(from, end).forEach(ClientHandle::deliver);
        if (end < handles.size()) {
            loop.execute(() -> deliver(loop, handles, end));
        }
    }

    private boolean kick(long number, String reason) {
        ListedSession session = sessions.get(number);
        if (session == null) {
            return false;
        }
        session.kick(reason);
        return true;
    }
}
