package io.socketz.server.admin;

import io.socketz.server.event.ServerMetrics;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How each server of the cluster is: it asks the others at their admin ports. However many ask, the others are asked once a
 * second at most.
 */
final class ServerStates {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TIMEOUT_SECONDS = 3;

    /** More than a {@link PeerClient} takes for a server that does not answer. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

    /** A server that was asked, and the clients that it has as the roster shows. */
    record Asked(Member member, int clients, CompletableFuture<ServerStatus> answer) {
        /** Its answer, or at {@code deadline} that there is none: names are looked up for as long as they like. */
        ServerStatus await(long deadline) throws TimeoutException {
            try {
                return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                answer.cancel(false); // then it is not asked any more, if it has not been yet
                return PeerClient.silent(member, clients);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a question does not fail", e);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private final AdminSource source;
    private final PeerClient peers = new PeerClient();
    private final Executor threads;

    /** Guarded by the lock. */
    private List<ServerStatus> known = List.of();

    /** When {@link #known} was asked, as {@link System#nanoTime}. Guarded by the lock. */
    private long knownAt = System.nanoTime() - FRESH_NANOS;

    /** @param threads ask the other servers */
    ServerStates(AdminSource source, Executor threads) {
        this.source = source;
        this.threads = threads;
    }

    /** This server. */
    ServerStatus own() {
        ServerMetrics metrics = source.metrics().get();
        return own(metrics, metrics.connections().clients()); // not from the roster, which ends before the admin port
    }

    private ServerStatus own(ServerMetrics metrics, int clients) {
        return new ServerStatus(source.self(), clients, Optional.of(ServerStatus.Condition.of(metrics)), "");
    }

    /** All servers of the roster, in the order in which they started. Waits at most 2.5 s for those that do not answer. */
    synchronized List<ServerStatus> all() throws TimeoutException {
        if (System.nanoTime() - knownAt >= FRESH_NANOS) {
            known = ask(roster());
            knownAt = System.nanoTime();
        }
        return known;
    }

    private List<ServerStatus> ask(Roster roster) throws TimeoutException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        List<Asked> asked = new ArrayList<>();
        for (Member member : roster.members()) {
            int clients = roster.clientsOf(member.id()).size();
            asked.add(new Asked(member, clients, ask(member, clients)));
        }
        List<ServerStatus> states = new ArrayList<>();
        for (Asked each : asked) {
            states.add(each.await(deadline));
        }
        return List.copyOf(states);
    }

    private CompletableFuture<ServerStatus> ask(Member member, int clients) throws TimeoutException {
        if (member.id().equals(source.self().id())) {
            return CompletableFuture.completedFuture(own(source.metrics().get(), clients));
        }
        try {
            return CompletableFuture.supplyAsync(() -> peers.ask(member, clients), threads);
        } catch (RejectedExecutionException e) {
            throw new TimeoutException("the admin port has ended");
        }
    }

    /** @throws TimeoutException if the server is stopping, or does not answer */
    private Roster roster() throws TimeoutException {
        try {
            return source.roster().get().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new TimeoutException("the roster has ended");
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** The admin port ends. */
    private static TimeoutException interrupted() {
        Thread.currentThread().interrupt();
        return new TimeoutException("interrupted");
    }
}
