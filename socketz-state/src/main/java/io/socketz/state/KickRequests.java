package io.socketz.state;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who waits until clients that were to be disconnected are gone, for at most 5 s. What it costs to look whether they are does
 * not grow with their number: as long as one is there, the others need not be looked at, and who is gone never returns.
 *
 * <p>Owned by one thread. Times are nanoseconds of one clock, as {@link System#nanoTime}.
 */
public final class KickRequests {
    /** How long somebody waits. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Those of a request that were there when they were last looked at, and those that were not looked at yet. */
    private record Waiting(Deque<Client> left, int count, long deadline, Consumer<KickResult> answer) {}

    private final Deque<Waiting> requests = new ArrayDeque<>();

    /** How many requests wait for each client, by its id: it may have another name by now. */
    private final Map<String, Integer> waiting = new HashMap<>();

    /** Nobody waits yet. */
    public KickRequests() {}

    /**
     * Somebody waits from now on.
     *
     * @param answer called once, by {@link #check} or {@link #end}
     */
    public void add(long now, Collection<Client> clients, Consumer<KickResult> answer) {
        requests.add(new Waiting(new ArrayDeque<>(clients), clients.size(), now + PATIENCE.toNanos(), answer));
        clients.forEach(client -> waiting.merge(client.id(), 1, Integer::sum));
    }

    /** When {@link #check} is needed, if nothing changes before; {@link Long#MAX_VALUE} if nobody waits. */
    public long deadline() {
        Waiting first = requests.peek();
        return first == null ? Long.MAX_VALUE : first.deadline;
    }

    /**
     * Answers those whose clients are gone, and those who have waited too long.
     *
     * @param isGone whether a client is on no roster any more
     * @param onEnd called for each client for which nobody waits any more
     */
    public void check(long now, long revision, Predicate<Client> isGone, Consumer<Client> onEnd) {
        Iterator<Waiting> iterator = requests.iterator();
        List<Runnable> answers = new ArrayList<>();
        while (iterator.hasNext()) {
            Waiting request = iterator.next();
            while (!request.left.isEmpty() && isGone.test(request.left.peek())) {
                endOne(request.left.remove(), onEnd);
            }
            boolean late = now >= request.deadline;
            if (late || request.left.isEmpty()) {
                List<Client> left = new ArrayList<>();
                for (Client client : request.left) {
                    if (!isGone.test(client)) {
                        left.add(client);
                    }
                    endOne(client, onEnd);
                }
                iterator.remove();
                KickResult result = new KickResult(request.count - left.size(), List.copyOf(left), revision);
                answers.add(() -> request.answer.accept(result));
            }
        }
        answers.forEach(Runnable::run); // only now: they may ask again
    }

    /** A request does not wait for {@code client} any more; another one may. */
    private void endOne(Client client, Consumer<Client> onEnd) {
        Integer others = waiting.computeIfPresent(client.id(), (id, count) -> count == 1 ? null : count - 1);
        if (others == null) {
            onEnd.accept(client);
        }
    }

    /** The registry closes: nobody waits any more. */
    public void end(long revision) {
        List<Waiting> all = List.copyOf(requests);
        requests.clear();
        waiting.clear();
        for (Waiting each : all) {
            each.answer.accept(new KickResult(each.count - each.left.size(), List.copyOf(each.left), revision));
        }
    }
}
