package io.socketz.it.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What clients did and what {@code WHO FRESH} answered, and whether each fresh answer can be explained. It knows nothing of
 * faults: a server that does not answer fresh, or late, or not at all, may have lost its lease. It is well again from the
 * first prompt answer on. What etcd did is known, too: it may revoke the lease of a server that is well, since a leader that
 * stood still for longer than the lease revokes it when it runs again (<a
 * href="https://github.com/etcd-io/etcd/issues/15247">etcd#15247</a>).
 *
 * <ul>
 *   <li>Greeted means known: a client of a server that is well, and was when the client connected, is in every fresh answer,
 *       of any server, that was asked for after the greeting, unless the client began to leave before it came.
 *   <li>Known stays known: a client that one fresh answer holds is in every fresh answer that was asked for later.
 *   <li>Gone stays gone: no fresh answer holds a client that its server no longer had when it answered fresh before.
 *   <li>Nobody is invented: whoever is in a fresh answer has connected before it came.
 * </ul>
 *
 * <p>For any thread. What is recorded beyond the limits is dropped, which {@link Verdict#dropped} tells.
 */
public final class PresenceHistory {
    private static final int MAX_VISITS = 200_000;

    /** Clients in all answers together. */
    private static final int MAX_SHOWN = 4_000_000;

    /** A server that answers later than this may have had trouble with etcd. */
    private static final long PROMPT_NANOS = Duration.ofMillis(250).toNanos();

    /** A server that says nothing for longer than this may have lost its lease. */
    private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

    /** A greeting that comes later than this may not have waited for the commit until its end. */
    private static final long GREETED_NANOS = Duration.ofMillis(450).toNanos();

    /** A lapse is seen at most this late: there are several who see it. */
    private static final long LAPSE_SEEN_NANOS = Duration.ofSeconds(1).toNanos();

    /** The same address, used again within this time, may be the old client. */
    private static final long REUSED_NANOS = Duration.ofSeconds(30).toNanos();

    /** Never, as a time. */
    static final long NEVER_NANOS = Long.MAX_VALUE;

    /**
     * A connection of a client. Times are nanoseconds of one clock.
     *
     * @param server it was on; null if it never knew
     * @param connectAt before it began to connect
     * @param greetedAt after it had the greeting; {@link #NEVER_NANOS} without one
     * @param leavingAt before it began to leave; if others ended it, when it last asked what was answered, since the end may
     *     have followed the answer at once, and the client may see both late
     * @param goneAt after its server had ended it, in answer to {@code QUIT}; {@link #NEVER_NANOS} if it ended otherwise: then a
     *     proxy may have ended it, or kept it open, without the server
     */
    record Visit(String address, @Nullable UUID server, long connectAt, long greetedAt, long leavingAt, long goneAt) {}

    /**
     * An answer to {@code WHO FRESH}; or none, which is not fresh.
     *
     * @param clients addresses
     */
    record Answer(UUID server, long askedAt, long answeredAt, boolean fresh, Set<String> clients) {}

    /**
     * Etcd has deleted the member key of a server.
     *
     * @param at when that was seen
     */
    record Lapse(UUID server, long at) {}

    /** A time in which a server answered fresh and promptly, without a pause. */
    private record Well(long from, long to) {
        boolean covers(long begin, long end) {
            return from <= begin && end <= to;
        }
    }

    /**
     * What came of it.
     *
     * @param judged how often a client had to be in an answer
     * @param fresh how many answers were fresh
     * @param dropped how much was not recorded
     * @param violations for people; empty if all is explained
     */
    public record Verdict(long judged, long fresh, long dropped, List<String> violations) {}

    /** Guarded by this. */
    private final List<Visit> visits = new ArrayList<>();

    /** Guarded by this. */
    private final List<Answer> answers = new ArrayList<>();

    /** Guarded by this. */
    private final List<Lapse> lapses = new ArrayList<>();

    /** One object for each address. Guarded by this. */
    private final Map<String, String> addresses = new HashMap<>();

    /** How many clients are in the answers. Guarded by this. */
    private int shown;

    /** Guarded by this. */
    private long dropped;

    synchronized void add(Visit visit) {
        if (visits.size() < MAX_VISITS) {
            visits.add(visit);
        } else {
            dropped++;
        }
    }

    synchronized void add(Answer answer) {
        if (shown + answer.clients.size() > MAX_SHOWN) {
            dropped++;
            return;
        }
        shown += answer.clients.size();
        Set<String> clients = answer.clients.stream()
                .map(address -> addresses.computeIfAbsent(address, same -> same))
                .collect(Collectors.toUnmodifiableSet());
        answers.add(new Answer(answer.server, answer.askedAt, answer.answeredAt, answer.fresh, clients));
    }

    synchronized void add(Lapse lapse) {
        lapses.add(lapse);
    }

    /** Judges all answers. Every visit must be over. */
    public synchronized Verdict judge() {
        List<Answer> fresh = answers.stream()
                .filter(Answer::fresh)
                .sorted(Comparator.comparingLong(Answer::askedAt))
                .toList();
        Map<String, List<Visit>> byAddress = new HashMap<>();
        visits.forEach(visit -> byAddress
                .computeIfAbsent(visit.address, address -> new ArrayList<>())
                .add(visit));
        Map<UUID, List<Well>> well = well();
        List<String> violations = new ArrayList<>();
        long judged = 0;
        for (Visit visit : visits) {
            if (visit.server != null && isUnique(visit, byAddress)) {
                for (Well period : well.getOrDefault(visit.server, List.of())) {
                    judged += judge(visit, period, fresh, violations);
                }
            }
        }
        for (Answer answer : fresh) {
            for (String client : answer.clients) {
                explain(client, answer, byAddress.getOrDefault(client, List.of()), fresh, violations);
            }
        }
        return new Verdict(judged, fresh.size(), dropped, violations);
    }

    private Map<UUID, List<Well>> well() {
        Map<UUID, List<Answer>> byServer = new HashMap<>();
        answers.stream()
                .sorted(Comparator.comparingLong(Answer::askedAt))
                .forEach(answer -> byServer.computeIfAbsent(answer.server, server -> new ArrayList<>())
                        .add(answer));
        Map<UUID, List<Well>> well = new HashMap<>();
        byServer.forEach((server, all) -> well.put(
                server,
                withoutLapses(
                        well(all),
                        lapses.stream()
                                .filter(lapse -> lapse.server.equals(server))
                                .toList())));
        return well;
    }

    private static List<Well> well(List<Answer> answers) {
        List<Well> periods = new ArrayList<>();
        Well current = null;
        for (Answer answer : answers) {
            boolean prompt = answer.fresh && answer.answeredAt - answer.askedAt <= PROMPT_NANOS;
            if (current != null && prompt && answer.askedAt - current.to <= SILENCE_NANOS) {
                current = new Well(current.from, Math.max(current.to, answer.answeredAt));
                periods.set(periods.size() - 1, current);
            } else if (prompt) {
                current = new Well(answer.answeredAt, answer.answeredAt); // before, commits may have failed
                periods.add(current);
            } else {
                current = null;
            }
        }
        return periods;
    }

    private static List<Well> withoutLapses(List<Well> periods, List<Lapse> lapses) {
        List<Well> left = periods;
        for (Lapse lapse : lapses) {
            long begin = lapse.at - LAPSE_SEEN_NANOS;
            left = left.stream()
                    .flatMap(period -> lapse.at < period.from || period.to < begin
                            ? Stream.of(period)
                            : Stream.of(new Well(period.from, begin), new Well(lapse.at, period.to)))
                    .filter(period -> period.from < period.to)
                    .toList();
        }
        return left;
    }

    @SuppressWarnings("ReferenceEquality") // the very same visit
    private static boolean isUnique(Visit visit, Map<String, List<Visit>> byAddress) {
        return byAddress.getOrDefault(visit.address, List.of()).stream()
                .allMatch(other -> other == visit
                        || other.connectAt > visit.leavingAt
                        || other.leavingAt + REUSED_NANOS < visit.connectAt);
    }

    /** Returns how often the client had to be there while its server was well. */
    private static long judge(Visit visit, Well period, List<Answer> fresh, List<String> violations) {
        boolean greeted =
                visit.greetedAt - visit.connectAt <= GREETED_NANOS && period.covers(visit.connectAt, visit.greetedAt);
        long knownFrom = greeted ? visit.greetedAt : NEVER_NANOS;
        for (Answer answer : fresh) {
            if (period.covers(answer.askedAt, answer.answeredAt)
                    && answer.askedAt > visit.connectAt
                    && answer.clients.contains(visit.address)) {
                knownFrom = Math.min(knownFrom, answer.answeredAt);
            }
        }
        long judged = 0;
        for (Answer answer : fresh) {
            if (answer.askedAt > knownFrom
                    && answer.answeredAt < visit.leavingAt
                    && period.covers(answer.askedAt, answer.answeredAt)) {
                judged++;
                if (!answer.clients.contains(visit.address)) {
                    boolean since = greeted && knownFrom == visit.greetedAt;
                    violations.add((since ? "greeted, and not known: " : "known, and then not any more: ")
                            + visit.address
                            + " on " + visit.server + ", for " + (answer.askedAt - knownFrom) / 1_000 + " us, to "
                            + answer.server);
                }
            }
        }
        return judged;
    }

    private static void explain(
            String client, Answer answer, List<Visit> visits, List<Answer> fresh, List<String> violations) {
        Visit last = null;
        for (Visit visit : visits) {
            if (visit.connectAt < answer.answeredAt) {
                last = visit;
                if (!isGone(visit, answer, fresh)) {
                    return;
                }
            }
        }
        violations.add(
                last == null
                        ? "nobody knows it: " + client + ", to " + answer.server
                        : "gone, and still there: " + client + " on " + last.server + ", for "
                                + (answer.askedAt - last.goneAt) / 1_000 + " us, to " + answer.server);
    }

    /** Whether its server has answered fresh, after the client was gone, and before the question. */
    private static boolean isGone(Visit visit, Answer answer, List<Answer> fresh) {
        if (visit.goneAt >= answer.askedAt) {
            return false;
        }
        if (answer.server.equals(visit.server)) {
            return true;
        }
        for (Answer earlier : fresh) {
            if (earlier.server.equals(visit.server)
                    && earlier.askedAt > visit.goneAt
                    && earlier.answeredAt < answer.askedAt) {
                return true;
            }
        }
        return false;
    }
}
