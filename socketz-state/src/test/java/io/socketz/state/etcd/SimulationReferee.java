package io.socketz.state.etcd;

import static io.socketz.state.etcd.Simulation.MILLISECOND;
import static io.socketz.state.etcd.Simulation.SECOND;

import io.socketz.state.AuditResult;
import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.DepartureLog;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.etcd.transport.KeyValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Checks after every step that every server keeps its promises. */
final class SimulationReferee implements SimulatedServer.Referee {
    /** A server that nothing was done to for so long has no excuse. */
    static final long CALM_NANOS = 12 * SECOND;

    /** The end of a watch is reported, so nothing has to time out. */
    static final long CALM_AFTER_END_NANOS = 3 * SECOND;

    /** How long a server may take to find another endpoint. */
    private static final long YOUTH_NANOS = 2 * SECOND;

    /** Until the first beat is refused: beats are due every 2 s, and threads run late. */
    private static final long NOTICED_FULL_WITHIN_NANOS = 3 * SECOND;

    private static final long FRESH_WITHIN_NANOS = 500 * MILLISECOND + 70 * MILLISECOND;

    /** Whoever asks may wait for another comparison to end. */
    private static final long AUDITED_WITHIN_NANOS = 2 * Auditing.PATIENCE_NANOS + 70 * MILLISECOND;

    private static final int DEPARTURES_CHECKED_EVERY = 50;

    private static final Set<String> UNSAID =
            Set.of(Departure.UNKNOWN, Departure.SERVER_LOST, Departure.SERVER_STOPPING);

    /** What a server showed the last time. */
    private static final class Seen {
        @Nullable
        Roster roster;

        View view;
        int generation;
        long tableChanges = -1;

        Seen(View view, int generation) {
            this.view = view;
            this.generation = generation;
        }
    }

    private final Simulation simulation;
    private final ModelEtcd etcd;
    private final int mostKeysOnALease;
    private final String from;
    private final String to;
    private final KnownClients known;
    private final Written written = new Written();
    private final Map<UUID, Seen> seen = new HashMap<>();

    /** When something was last done to etcd that affects all servers. */
    private long etcdBadAt = Long.MIN_VALUE;

    private final FeedReferee feeds;

    /** All servers that there ever were. */
    private final Map<UUID, SimulatedServer> homes = new HashMap<>();

    /** Servers come and go, and nothing goes wrong. */
    private final boolean alwaysCalm;

    /** How many clients all servers must show from now on; -1 for any number. */
    private int steady = -1;

    /** How often each property was tested. */
    private final Map<String, Integer> counts = new HashMap<>();

    private final KickReferee kicks = new KickReferee(this::count);
    private final AuditReferee audits = new AuditReferee(this::count);

    SimulationReferee(Simulation simulation, ModelEtcd etcd, String prefix, int mostKeysOnALease, boolean alwaysCalm) {
        this.alwaysCalm = alwaysCalm;
        this.simulation = simulation;
        this.feeds = new FeedReferee(simulation.random(), this::count);
        this.etcd = etcd;
        this.mostKeysOnALease = mostKeysOnALease;
        this.known = new KnownClients(simulation, etcd, prefix, this);
        this.from = prefix + "/v1/";
        this.to = prefix + "/v1" + (char) ('/' + 1);
    }

    @Override
    public KickReferee kicks() {
        return kicks;
    }

    Map<String, Integer> counts() {
        return counts;
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** A key is changed by hand, and may stay wrong for a while. */
    void onTouched(String key) {
        known.onTouched(key);
    }

    /** It affects all servers. */
    void harmAll() {
        etcdBadAt = simulation.now();
    }

    /** When something was last done to {@code server}, or to all. */
    private long badAt(SimulatedServer server) {
        long now = simulation.now();
        boolean serves = etcd.available() && etcd.fullSince() == Long.MAX_VALUE;
        return Math.max(serves ? etcdBadAt : now, server.weather().badAt(now));
    }

    /** Whether nothing was done to {@code server} since {@code time}, or for a while before. */
    boolean isCalmSince(SimulatedServer server, long time) {
        return badAt(server) < time - CALM_NANOS;
    }

    /** A server that there ever was; null if there was none with that id. */
    @Nullable
    SimulatedServer server(UUID id) {
        return homes.get(id);
    }

    private static void fail(SimulatedServer server, String what) {
        throw new AssertionError(server.name() + ": " + what);
    }

    /** Whether {@code server} has had time to recover from what was done to it. */
    private boolean isWell(SimulatedServer server, long time) {
        return isCalmSince(server, time) && server.startedAt() < time - YOUTH_NANOS;
    }

    private static void check(boolean condition, SimulatedServer server, String what, Object about) {
        if (!condition) {
            fail(server, what + (about instanceof Roster roster ? ", at revision " + roster.revision() : about));
        }
    }

    private static void check(boolean condition, SimulatedServer server, String what) {
        if (!condition) {
            fail(server, what);
        }
    }

    // ---------------------------------------------------------------- after every step

    @Override
    public void afterStep(SimulatedServer server) {
        homes.put(server.self().id(), server);
        Roster roster = server.replication().roster();
        Seen last = seen.computeIfAbsent(
                server.self().id(),
                id -> new Seen(new View(written, etcd.history(etcd.generation())), etcd.generation()));
        Roster before = last.roster;
        boolean sameClients = before != null && before.clients() == roster.clients();
        if (sameClients && before != null && !roster.clients().isEmpty()) { // all empty lists may be the same object
            check(
                    last.tableChanges == server.tableChanges(),
                    server,
                    "a client joined or left, and the list is the same");
            check(
                    before.version() == roster.version()
                            || !before.members().equals(roster.members())
                            || before.revision() < roster.revision(), // a member without clients went and came back
                    server,
                    "the version changed, and neither clients nor members did");
        } else {
            checkList(server, roster);
            check(
                    sameClients || before == null || before.version() < roster.version(),
                    server,
                    "the version did not grow");
        }
        if (before == null || !sameClients || before.revision() != roster.revision()) {
            checkRemotePart(server, last, roster);
        }
        checkAge(server, last, roster);
        String wrong = feeds.check(server, last.generation, last.generation == etcd.generation());
        check(wrong.isEmpty(), server, wrong);
        check(steady < 0 || roster.size() == steady, server, "changes though nothing happens");
        check(etcd.mostKeysOnALease() <= mostKeysOnALease, server, "too many keys on a lease");
        if (simulation.random().nextInt(DEPARTURES_CHECKED_EVERY) == 0) {
            checkDepartures(server, roster);
        }
        last.roster = roster;
        last.tableChanges = server.tableChanges();
    }

    private void checkList(SimulatedServer server, Roster roster) {
        count("lists compared");
        List<Client> clients = roster.clients();
        check(roster.size() == clients.size(), server, "the count is not that of the list");
        int own = 0;
        Client last = null;
        for (Client client : clients) {
            check(last == null || Client.JOIN_ORDER.compare(last, client) < 0, server, "out of order: ", client);
            last = client;
            if (client.server().equals(server.self().id())) {
                own++;
                check(server.clients().contains(client), server, "shows one of its own that has left: ", client);
            }
        }
        check(own == server.clients().size(), server, "misses some of its own clients");
        checkParts(server, roster);
    }

    /** Each client is found in the list of its server, and these lists hold nobody else. */
    private void checkParts(SimulatedServer server, Roster roster) {
        int inParts = 0;
        for (Member member : roster.members()) {
            inParts += roster.clientsOf(member.id()).size();
        }
        check(inParts == roster.size(), server, "its servers have so many clients: ", inParts);
        for (Client client : roster.clients()) {
            check(client.equals(roster.find(client.server(), client.number())), server, "does not find ", client);
        }
        check(roster.members().contains(server.self()), server, "is no member");
        List<Member> members = new ArrayList<>(roster.members());
        members.sort(Member.START_ORDER);
        check(members.equals(roster.members()), server, "members out of order: ", members);
    }

    /** A reason is that of this client and no other, and the server that was left always knows it. */
    private void checkDepartures(SimulatedServer server, Roster roster) {
        int own = 0;
        for (Departure departure : roster.departures()) {
            Client client = departure.client();
            SimulatedServer home = homes.get(client.server());
            Departure truth = home == null ? null : home.departed().get(client.id());
            own += home == server ? 1 : 0;
            if (UNSAID.contains(departure.reason())) {
                check(home != server, server, "does not know why its own client left: ", departure);
                check(
                        !alwaysCalm || !departure.reason().equals(Departure.UNKNOWN),
                        server,
                        "does not know why, though nothing went wrong: ",
                        departure);
                count("departures without a reason");
            } else {
                if (truth == null || !truth.reason().equals(departure.reason()) || truth.at() != departure.at()) {
                    fail(server, "has a wrong reason: " + departure + " instead of " + truth);
                }
                count(home == server ? "reasons of its own" : "reasons of others");
            }
        }
        int kept = Math.min(server.departed().size(), DepartureLog.MAX_PER_SERVER);
        check(own == kept, server, "misses some who left it: ", own);
    }

    private void checkRemotePart(SimulatedServer server, Seen last, Roster roster) {
        long revision = roster.revision();
        boolean wentBack = last.roster != null && revision < last.roster.revision();
        String wrong = wentBack ? "the revision went back to " + revision : compare(server, last, roster);
        // the server must find out that all data was lost; from then on, the new data counts
        while (!wrong.isEmpty() && last.generation < etcd.generation()) {
            last.generation++;
            last.view = new View(written, etcd.history(last.generation));
            wrong = compare(server, last, roster);
        }
        check(wrong.isEmpty(), server, wrong, roster);
    }

    private String compare(SimulatedServer server, Seen last, Roster roster) {
        count("contents compared");
        long revision = roster.revision();
        if (revision > etcd.history(last.generation).revision()) {
            return "which etcd has not reached";
        }
        last.view.forwardTo(revision);
        String wrong = last.view.compare(server.self().id(), roster.clients());
        Roster state = server.replication().changes().state();
        if (wrong.isEmpty()
                && state.revision() == revision
                && simulation.random().nextInt(4) == 0) {
            wrong = last.view.compareWhole(state.clients());
        }
        return wrong;
    }

    /** When a roster became outdated; {@link Long#MAX_VALUE} if it has not. */
    private long trueUntil(int generation, long revision) {
        return etcd.history(generation).until(revision, from, to);
    }

    private void checkAge(SimulatedServer server, Seen last, Roster roster) {
        long now = simulation.now();
        long until = roster.revision() == 0 ? Long.MAX_VALUE : trueUntil(last.generation, roster.revision());
        long age = roster.age(now);
        while (until != Long.MAX_VALUE && age < now - until && last.generation < etcd.generation()) {
            // later data may by chance be the same at the same revision
            last.generation++;
            last.view = new View(written, etcd.history(last.generation));
            String wrong = compare(server, last, roster);
            check(wrong.isEmpty(), server, wrong, roster);
            until = trueUntil(last.generation, roster.revision());
        }
        check(until == Long.MAX_VALUE || age >= now - until, server, "says it is younger than it is, by ns: ", age);
    }

    // ---------------------------------------------------------------- fresh rosters

    @Override
    public Runnable onJoin(SimulatedServer server, long number) {
        return known.onJoin(server, number);
    }

    @Override
    public Runnable onRename(SimulatedServer server) {
        return known.onRename(server);
    }

    @Override
    public Consumer<Optional<AuditResult>> onAudit(SimulatedServer server) {
        long askedAt = simulation.now();
        boolean[] answered = {false};
        simulation.after(AUDITED_WITHIN_NANOS, () -> {
            if (server.isLive() && server.weather().badAt(simulation.now()) < askedAt) {
                check(answered[0], server, "no answer about its keys in time");
            }
        });
        return result -> {
            check(!answered[0], server, "a second answer about its keys");
            answered[0] = true;
            audits.onAnswer(server, result, isWell(server, askedAt));
        };
    }

    @Override
    public SimulatedServer.LongConsumerOfFresh onAsked(SimulatedServer server) {
        KnownClients.Question question = known.onAsked(server);
        long askedAt = simulation.now();
        int generation = etcd.generation();
        long revision = etcd.revision();
        boolean[] answered = {false};
        simulation.after(FRESH_WITHIN_NANOS, () -> {
            if (server.isLive() && server.weather().badAt(simulation.now()) < askedAt) {
                check(answered[0], server, "no answer about a fresh roster in time");
            }
        });
        return (now, answer) -> {
            check(!answered[0], server, "a second answer about a fresh roster");
            answered[0] = true;
            Roster roster = answer.roster();
            if (answer.fresh()) {
                count("fresh rosters");
                check(answer.age().isZero(), server, "fresh, and " + answer.age() + " old");
                check(!canKnowOfFull(server, askedAt), server, "fresh, though etcd does not take what it writes");
                question.onFresh(roster);
                if (generation == etcd.generation()) {
                    long until = trueUntil(generation, roster.revision());
                    check(
                            until >= askedAt,
                            server,
                            "the fresh roster at " + roster.revision() + " was old when it was" + " asked for, at "
                                    + revision);
                }
            } else {
                count(etcd.fullSince() == Long.MAX_VALUE ? "stale rosters" : "stale rosters of a full etcd");
                check(!isWell(server, askedAt), server, "not fresh, and nothing was done to it");
                long until = roster.revision() == 0 ? Long.MAX_VALUE : trueUntilAnyway(server, roster);
                check(
                        until == Long.MAX_VALUE || answer.age().toNanos() >= now - until,
                        server,
                        "stale by " + answer.age() + ", not " + (now - until) + " ns");
            }
        };
    }

    /** Whether etcd has been full for so long that {@code server} must have been refused a write. */
    private boolean canKnowOfFull(SimulatedServer server, long askedAt) {
        return etcd.fullSince() < askedAt - NOTICED_FULL_WITHIN_NANOS
                && server.weather().badAt(simulation.now()) < etcd.fullSince() - NOTICED_FULL_WITHIN_NANOS;
    }

    private long trueUntilAnyway(SimulatedServer server, Roster roster) {
        Seen last = seen.get(server.self().id());
        return last == null ? Long.MAX_VALUE : trueUntil(last.generation, roster.revision());
    }

    // ---------------------------------------------------------------- from time to time

    /** From now on no client comes or goes. */
    void expectNoChange(List<SimulatedServer> servers) {
        steady = servers.stream().mapToInt(server -> server.clients().size()).sum();
    }

    /** No connected server shows {@code gone} any more. */
    void checkNoGhosts(SimulatedServer gone, List<SimulatedServer> servers) {
        for (SimulatedServer server : servers) {
            if (server.isLive() && isWell(server, simulation.now())) {
                count("ghosts looked for");
                for (Client client : server.replication().roster().clients()) {
                    check(!client.server().equals(gone.self().id()), server, "shows a ghost: ", client);
                }
            }
        }
    }

    private static Set<Client> difference(List<SimulatedServer> servers, Roster roster) {
        Set<Client> missing = new HashSet<>();
        servers.forEach(server -> missing.addAll(server.clients()));
        Set<Client> surplus = new HashSet<>(roster.clients());
        surplus.removeAll(missing);
        roster.clients().forEach(missing::remove);
        missing.addAll(surplus);
        return missing;
    }

    /** All servers show exactly the connected clients, and etcd holds nothing else. */
    void checkSettled(List<SimulatedServer> servers, Set<String> garbage) {
        Map<UUID, SimulatedServer> live = new HashMap<>();
        int all = 0;
        for (SimulatedServer server : servers) {
            live.put(server.self().id(), server);
            all += server.clients().size();
        }
        for (SimulatedServer server : servers) {
            Roster roster = server.replication().roster();
            checkDepartures(server, roster);
            if (roster.size() != all) {
                fail(server, "shows " + roster.size() + " clients, not " + all + ": " + difference(servers, roster));
            }
            for (Client client : roster.clients()) {
                SimulatedServer home = live.get(client.server());
                check(home != null && home.clients().contains(client), server, "shows ", client);
            }
        }
        int members = 0;
        int clients = 0;
        for (KeyValue entry : etcd.keys().values()) {
            if (kicks.isKick(entry)) {
                kicks.checkLeft(entry, live, garbage);
                continue;
            }
            Written.Key key = written.key(entry.key());
            SimulatedServer home = key == null ? null : live.get(key.server());
            if (key == null) {
                if (!garbage.contains(entry.key())) {
                    throw new AssertionError("left in etcd: " + entry.key());
                }
            } else if (home == null) {
                if (key.number() == Written.Key.MEMBER) {
                    throw new AssertionError("a member that is gone is left in etcd: " + entry.key());
                }
                if (entry.lease() == 0 && !garbage.contains(entry.key())) {
                    throw new AssertionError("left forever in etcd: " + entry.key());
                }
            } else if (key.number() == Written.Key.CLOSED) {
                check(entry.lease() != 0, home, "on no lease: ", entry.key());
            } else if (key.number() == Written.Key.MEMBER) {
                members++;
                check(written.isMember(entry) && entry.lease() != 0, home, "its member key is wrong");
            } else {
                clients++;
                Client client = written.client(key, entry);
                check(client != null && home.clients().contains(client), home, "left in etcd: ", entry.key());
                check(entry.lease() != 0, home, "on no lease: ", entry.key());
            }
        }
        if (members != servers.size() || clients != all) {
            throw new AssertionError("etcd has " + members + " members and " + clients + " clients, not "
                    + servers.size() + " and " + all);
        }
        count("settled");
    }
}
