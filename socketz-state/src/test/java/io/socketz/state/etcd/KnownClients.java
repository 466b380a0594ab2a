package io.socketz.state.etcd;

import static io.socketz.state.etcd.Simulation.MILLISECOND;

import io.socketz.state.Client;
import io.socketz.state.Roster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Checks in a simulation that greeted means known: a client that was announced is in every fresh roster that is asked for
 * from then on, until it leaves or its server loses its member key; and that what a fresh roster shows of its own server is
 * what all others can see; and that gone means gone: who has left before a server is asked and answers fresh is in no fresh
 * roster that is asked for later, of any server.
 *
 * <p>What is done to keys by hand is no fault of the servers: such keys are not judged any more.
 */
final class KnownClients {
    private static final long PATIENCE_NANOS = 500 * MILLISECOND;

    /** Threads run late. */
    private static final long TOLD_WITHIN_NANOS = PATIENCE_NANOS + 70 * MILLISECOND;

    /** A client, and what is known of its announcement. */
    private static final class Joined {
        final SimulatedServer home;
        final long number;
        final String key;
        final long joinedAt;
        final int generation;

        /** etcd's when it joined. */
        final long revision;

        boolean told;

        Joined(SimulatedServer home, long number, String key, long joinedAt, int generation, long revision) {
            this.home = home;
            this.number = number;
            this.key = key;
            this.joinedAt = joinedAt;
            this.generation = generation;
            this.revision = revision;
        }

        /** A server that closes deletes its keys; a late request may put some of them again, until its leases are gone. */
        boolean hasLeft() {
            return home.leftAt(number) != Long.MAX_VALUE || home.hasBegunToClose();
        }
    }

    private final Simulation simulation;
    private final ModelEtcd etcd;
    private final String prefix;
    private final SimulationReferee referee;

    /** Clients that were announced and have not left, by key. */
    private final Map<String, Joined> known = new LinkedHashMap<>();

    /** Keys that were changed by hand. */
    private final Set<String> touched = new HashSet<>();

    /** For each server where somebody has waited in vain: how many commits of its member key had succeeded by then. */
    private final Map<UUID, Integer> inVainAt = new HashMap<>();

    /** For each server: when it was last asked for a fresh roster that it has given. Who had left by then is gone. */
    private final Map<UUID, Long> freshAt = new HashMap<>();

    KnownClients(Simulation simulation, ModelEtcd etcd, String prefix, SimulationReferee referee) {
        this.simulation = simulation;
        this.etcd = etcd;
        this.prefix = prefix;
        this.referee = referee;
    }

    private String memberKey(UUID server) {
        return prefix + "/v1/members/" + server;
    }

    private String clientKey(UUID server, long number) {
        return prefix + "/v1/clients/" + server + "/" + number;
    }

    void onTouched(String key) {
        touched.add(key);
    }

    private static void check(boolean condition, SimulatedServer server, String what) {
        if (!condition) {
            throw new AssertionError(server.name() + ": " + what);
        }
    }

    // ---------------------------------------------------------------- announcements

    Runnable onJoin(SimulatedServer home, long number) {
        String key = clientKey(home.self().id(), number);
        Joined joined = new Joined(home, number, key, simulation.now(), etcd.generation(), etcd.revision());
        simulation.after(TOLD_WITHIN_NANOS, () -> {
            if (home.isLive() && home.weather().badAt(simulation.now()) < joined.joinedAt) {
                check(joined.told, home, "nobody is told of client " + number);
            }
        });
        return () -> onAnnounced(joined);
    }

    Runnable onRename(SimulatedServer home) {
        long renamedAt = simulation.now();
        boolean[] told = {false};
        return () -> {
            check(!told[0], home, "a name is announced twice");
            told[0] = true;
            noteVain(home, renamedAt);
        };
    }

    private void noteVain(SimulatedServer home, long since) {
        if (simulation.now() >= since + PATIENCE_NANOS) {
            inVainAt.put(home.self().id(), home.transport().memberCommits());
        }
    }

    private void onAnnounced(Joined joined) {
        SimulatedServer home = joined.home;
        check(!joined.told, home, "client " + joined.number + " is announced twice");
        joined.told = true;
        noteVain(home, joined.joinedAt);
        if (joined.hasLeft() || joined.generation != etcd.generation()) {
            return;
        }
        if (wasVisible(joined)) {
            referee.count("announcements");
            known.put(joined.key, joined);
            return;
        }
        referee.count("greeted without an announcement");
        UUID id = home.self().id();
        boolean away = home.transport().hasCommitFailed()
                || inVainAt.getOrDefault(id, -1) == home.transport().memberCommits();
        check(
                away || !home.isLive(),
                home,
                "client " + joined.number + " is announced, and not in etcd with its server");
        check(!referee.isCalmSince(home, joined.joinedAt), home, "does not wait, and nothing was done to it");
    }

    /** Whether, at some revision since it joined, its key and the member key were there. */
    private boolean wasVisible(Joined joined) {
        String memberKey = memberKey(joined.home.self().id());
        if (etcd.keys().containsKey(joined.key) && etcd.keys().containsKey(memberKey)) {
            return true;
        }
        boolean member = isThere(memberKey, joined.revision);
        boolean client = isThere(joined.key, joined.revision);
        for (long revision = joined.revision + 1; revision <= etcd.revision(); revision++) {
            for (ModelEtcd.Change change : etcd.history(joined.generation).at(revision)) {
                member = change.key().equals(memberKey) ? change.event().put() != null : member;
                client = change.key().equals(joined.key) ? change.event().put() != null : client;
            }
            if (member && client) {
                return true;
            }
        }
        return false;
    }

    /** Whether a key was there at a revision of the current data. */
    private boolean isThere(String key, long revision) {
        ModelEtcd.History history = etcd.history(etcd.generation());
        for (long earlier = revision; earlier >= 2; earlier--) {
            for (ModelEtcd.Change change : history.at(earlier)) {
                if (change.key().equals(key)) {
                    return change.event().put() != null;
                }
            }
        }
        return false;
    }

    // ---------------------------------------------------------------- fresh rosters

    Question onAsked(SimulatedServer server) {
        known.values().removeIf(joined -> joined.hasLeft() || joined.generation != etcd.generation());
        return new Question(
                server,
                simulation.now(),
                etcd.generation(),
                etcd.revision(),
                List.copyOf(known.values()),
                Map.copyOf(freshAt));
    }

    /** A fresh roster was asked for. */
    final class Question {
        private final SimulatedServer server;
        private final long askedAt;
        private final int generation;
        private final long revision;
        private final List<Joined> mustBeThere;
        private final Map<UUID, Long> mustBeGone;

        private Question(
                SimulatedServer server,
                long askedAt,
                int generation,
                long revision,
                List<Joined> mustBeThere,
                Map<UUID, Long> mustBeGone) {
            this.server = server;
            this.askedAt = askedAt;
            this.generation = generation;
            this.revision = revision;
            this.mustBeThere = mustBeThere;
            this.mustBeGone = mustBeGone;
        }

        void onFresh(Roster roster) {
            if (generation != etcd.generation()) {
                return;
            }
            for (Joined joined : mustBeThere) {
                UUID home = joined.home.self().id();
                if (!joined.hasLeft() && roster.find(home, joined.number) == null) {
                    String memberKey = memberKey(home);
                    boolean excused = touched.contains(joined.key)
                            || touched.contains(memberKey)
                            || !isThere(memberKey, roster.revision());
                    check(excused, server, "a fresh roster misses " + joined.key + ", which was announced before");
                }
            }
            referee.count("clients looked for in fresh rosters");
            checkGone(roster);
            checkOwnPart(roster);
            freshAt.merge(server.self().id(), askedAt, Math::max);
        }

        private void checkGone(Roster roster) {
            if (!mustBeGone.isEmpty()) {
                referee.count("clients that are gone looked for");
            }
            for (Client client : roster.clients()) {
                SimulatedServer home = referee.server(client.server());
                Long freshAt = mustBeGone.get(client.server());
                String key = clientKey(client.server(), client.number());
                if (home != null && freshAt != null && !touched.contains(key)) {
                    check(
                            home.leftAt(client.number()) >= freshAt,
                            server,
                            "a fresh roster shows " + key + ", which is gone");
                }
            }
        }

        /** What the roster shows of its own server is in etcd, so that every later fresh roster shows it, too. */
        private void checkOwnPart(Roster roster) {
            UUID id = server.self().id();
            String memberKey = memberKey(id);
            if (touched.contains(memberKey)) {
                return;
            }
            check(
                    etcd.keys().containsKey(memberKey) || isThere(memberKey, revision),
                    server,
                    "fresh, and its member key is gone");
            List<String> missing = new ArrayList<>();
            for (Client client : roster.clients()) {
                String key = clientKey(id, client.number());
                if (client.server().equals(id)
                        && server.leftAt(client.number()) == Long.MAX_VALUE
                        && !etcd.keys().containsKey(key)
                        && !touched.contains(key)) {
                    missing.add(key);
                }
            }
            check(missing.isEmpty(), server, "fresh, and etcd does not have " + missing);
            checkLeavers(id);
        }

        private void checkLeavers(UUID id) {
            String clients = prefix + "/v1/clients/" + id + "/";
            for (String key : etcd.keys().subMap(clients, clients + (char) 255).keySet()) {
                long number = Long.parseLong(key.substring(clients.length()));
                check(
                        server.leftAt(number) >= askedAt || touched.contains(key),
                        server,
                        "fresh, and etcd still has " + key + ", which left before");
            }
        }
    }
}
