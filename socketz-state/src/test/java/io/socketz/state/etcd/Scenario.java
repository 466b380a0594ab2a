package io.socketz.state.etcd;

import static io.socketz.state.etcd.Simulation.MILLISECOND;
import static io.socketz.state.etcd.Simulation.SECOND;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.Write;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What happens in one simulation, decided by its seed: first, clients come and go while things go wrong; then nothing goes
 * wrong any more, and everything must settle; then nothing happens at all.
 */
final class Scenario {
    private static final String PREFIX = "/socketz";

    /** How much goes wrong. */
    private enum Temper {
        /** Servers crash, start and close; etcd gets a new leader. */
        CALM_NANOS,
        /** The same; now and then one thing goes wrong. */
        FRESH,
        /** All kinds of things go wrong, often at the same time. */
        ROUGH
    }

    private final Simulation simulation;
    private final Random random;
    private final ModelEtcd etcd;
    private final SimulationReferee referee;
    private final ClusterSettings settings;
    private final Temper temper;
    private final int pageLimit;
    private final int crowd;
    private final int idealClients;

    /** Longer than client leases live. */
    private final boolean longIdle;

    private final long troubleUntil;

    /** The servers that are not gone. */
    private final List<SimulatedServer> servers = new ArrayList<>();

    /** The servers that are gone, but whose clients may still be shown. */
    private final List<SimulatedServer> departed = new ArrayList<>();

    /** Keys that were put by hand, and that no server has to delete. */
    private final Set<String> garbage = new HashSet<>();

    /** Until when nothing more is done to etcd. */
    private long etcdBusyUntil;

    /** How often leases got their full time again. */
    private int elections;

    private int lastName;

    private boolean troubles = true;

    Scenario(long seed, boolean traced) {
        simulation = new Simulation(seed, traced);
        random = simulation.random();
        etcd = new ModelEtcd(2);
        settings = new ClusterSettings(PREFIX, Duration.ofSeconds(3 + random.nextInt(4)));
        int dice = random.nextInt(10);
        temper = dice < 2 ? Temper.CALM_NANOS : dice < 5 ? Temper.FRESH : Temper.ROUGH;
        referee = new SimulationReferee(simulation, etcd, PREFIX, 1_000, temper == Temper.CALM_NANOS);
        crowd = random.nextInt(100) == 0 ? 150 + random.nextInt(1_200) : 0;
        pageLimit = random.nextInt(3) == 0 ? (crowd > 0 ? 100 : 1) + random.nextInt(7) : Integer.MAX_VALUE;
        longIdle = random.nextInt(40) == 0;
        idealClients = 2 + random.nextInt(8);
        troubleUntil = simulation.between(6 * SECOND, (temper == Temper.CALM_NANOS ? 40 : 20) * SECOND);
        simulation.trace(() -> "seed " + seed + ": " + temper + ", lease TTL " + settings.leaseTtl() + ", pages of "
                + pageLimit + ", a crowd of " + crowd);
    }

    Map<String, Integer> counts() {
        return referee.counts();
    }

    void run() {
        int first = 2 + random.nextInt(3);
        for (int i = 0; i < first; i++) {
            simulation.after(simulation.between(0, 300 * MILLISECOND), this::startServer);
        }
        expire();
        simulation.after(100 * MILLISECOND, this::act);
        simulation.runUntil(troubleUntil);
        calmDown();
        long ttl = settings.leaseTtl().toNanos();
        simulation.runUntil(simulation.now() + ttl + 15 * SECOND);
        referee.checkSettled(servers, garbage);
        if (temper == Temper.CALM_NANOS) {
            referee.kicks().checkGone(servers);
        }
        referee.expectNoChange(servers);
        idle(longIdle ? 350 : 10);
        referee.checkSettled(servers, garbage);
        if (etcd.commitsStopped() > 0) {
            referee.count("commits stopped at their fence");
        }
    }

    private void idle(int seconds) {
        int before = requests();
        simulation.runUntil(simulation.now() + seconds * SECOND);
        int rate = (requests() - before) / seconds;
        if (rate > 2 * servers.size()) {
            throw new AssertionError(servers.size() + " servers that idle make " + rate + " requests a second");
        }
    }

    private int requests() {
        return servers.stream()
                .mapToInt(server -> server.transport().requestsMade())
                .sum();
    }

    /** A leader looks for due leases from time to time. */
    private void expire() {
        etcd.expire(simulation.now());
        simulation.after(simulation.between(50 * MILLISECOND, 500 * MILLISECOND), this::expire);
    }

    private void startServer() {
        if (servers.size() == 4) {
            return;
        }
        Weather weather = Weather.of(random);
        weather.limitPages(pageLimit);
        servers.add(new SimulatedServer("s" + ++lastName, simulation, etcd, settings, weather, referee));
    }

    /** From now on nothing goes wrong. */
    private void calmDown() {
        simulation.trace(() -> "calms down");
        troubles = false;
        for (SimulatedServer server : List.copyOf(servers)) {
            server.weather().becomeGood();
            server.wake();
        }
        if (!etcd.available()) {
            elect();
        }
        etcd.makeSpace();
    }

    // ---------------------------------------------------------------- what clients do

    private void act() {
        if (!troubles) {
            return;
        }
        simulation.after(simulation.between(MILLISECOND, 250 * MILLISECOND), this::act);
        List<SimulatedServer> live =
                servers.stream().filter(SimulatedServer::isLive).toList();
        if (!live.isEmpty()) {
            actOn(live.get(random.nextInt(live.size())));
        }
        int trouble = switch (temper) {
            case CALM_NANOS -> 0;
            case FRESH -> 40;
            case ROUGH -> 6;
        };
        if (random.nextInt(40) == 0) {
            comeOrGo();
        } else if (trouble > 0 && random.nextInt(trouble) == 0) {
            trouble();
        }
    }

    private void actOn(SimulatedServer server) {
        int dice = random.nextInt(100);
        if (crowd > 0 && dice < 6) {
            simulation.trace(() -> server.name() + " gets a crowd of " + crowd);
            boolean come = server.clients().size() < crowd;
            server.crowd(crowd, come);
        } else if (dice < 20) {
            server.askFresh();
        } else if (dice < 24) {
            server.kick();
        } else if (dice < 28) {
            server.audit();
        } else if (dice < 36) {
            server.rename();
        } else if (dice < 46) {
            // at the same time, so that some meet in the queue
            for (int i = random.nextInt(6); i >= 0; i--) {
                server.join();
                if (random.nextInt(3) == 0) {
                    server.rename();
                }
                if (random.nextBoolean()) {
                    server.leave();
                }
            }
        } else if (random.nextInt(2 * idealClients) >= server.clients().size() % (2 * idealClients)) {
            server.join();
        } else {
            server.leave();
        }
    }

    // ---------------------------------------------------------------- what goes wrong

    private void comeOrGo() {
        SimulatedServer server = anyServer();
        int dice = random.nextInt(6);
        if (server == null || dice == 0) {
            startServer();
        } else if (dice < 3 && servers.size() > 1) {
            crash(server);
        } else if (dice == 3 && servers.size() > 1 && server.isLive()) {
            server.close(() -> {
                servers.remove(server);
                depart(server, true);
            });
        } else if (dice == 4 && simulation.now() > etcdBusyUntil) {
            simulation.trace(() -> "etcd has a new leader");
            elect();
        }
    }

    private void crash(SimulatedServer server) {
        server.crash();
        servers.remove(server);
        depart(server, false);
        if (random.nextInt(3) > 0) {
            simulation.after(simulation.between(0, 5 * SECOND), () -> {
                if (troubles) {
                    startServer();
                }
            });
        }
    }

    private void depart(SimulatedServer server, boolean closed) {
        departed.add(server);
        boolean calm = referee.isCalmSince(server, simulation.now());
        if (!calm) {
            return; // its last requests may still be on their way
        }
        long ttl = settings.leaseTtl().toNanos();
        int before = elections;
        if (closed) {
            simulation.after(SECOND, () -> referee.checkNoGhosts(server, servers));
        } else {
            simulation.after(ttl + SECOND, () -> {
                if (elections == before) {
                    referee.checkNoGhosts(server, servers);
                }
            });
            simulation.after(2 * ttl + 2 * SECOND, () -> {
                if (elections <= before + 1) {
                    referee.checkNoGhosts(server, servers);
                }
            });
        }
    }

    private void elect() {
        elections++;
        etcd.elect(simulation.now());
    }

    private @Nullable SimulatedServer anyServer() {
        return servers.isEmpty() ? null : servers.get(random.nextInt(servers.size()));
    }

    private void trouble() {
        SimulatedServer server = anyServer();
        if (server != null && random.nextInt(4) > 0) {
            troubleFor(server);
        } else {
            troubleForAll();
        }
    }

    private void troubleFor(SimulatedServer server) {
        Weather weather = server.weather();
        int dice = random.nextInt(11);
        simulation.trace(() -> server.name() + " trouble " + dice);
        if (dice == 5 || dice == 6) {
            weather.harmLittle(simulation.now(), SimulationReferee.CALM_AFTER_END_NANOS, SimulationReferee.CALM_NANOS);
            simulation.after(simulation.between(SimulationReferee.CALM_AFTER_END_NANOS, 5 * SECOND), () -> {
                if (server.isLive()) {
                    server.askFresh();
                }
            });
        } else {
            weather.harm(simulation.now());
        }
        switch (dice) {
            case 0, 1, 2 -> {
                weather.becomeBad(20 + random.nextInt(400), random.nextBoolean());
                becomesGoodAfter(server, simulation.between(SECOND / 5, 5 * SECOND));
            }
            case 3 -> {
                weather.cut();
                if (random.nextBoolean()) {
                    server.transport().silenceWatches();
                } else {
                    server.transport().breakConnection(unavailable("cut"));
                }
                becomesGoodAfter(server, simulation.between(SECOND / 2, 12 * SECOND));
            }
            case 4 -> {
                weather.slowWatches(simulation.between(50 * MILLISECOND, 4 * SECOND));
                becomesGoodAfter(server, simulation.between(SECOND / 2, 6 * SECOND));
            }
            case 5 -> server.transport().endWatches(unavailable("the stream has ended"));
            case 6 -> server.transport().endWatches(new EtcdFailure(Kind.REFUSED, "cancelled"));
            case 7 -> server.transport().silenceWatches();
            case 8 -> server.transport().breakConnection(unavailable("connection reset"));
            default -> {
                if (server.isLive()) {
                    long ttl = settings.leaseTtl().toNanos();
                    server.freezeFor(Duration.ofNanos(simulation.between(SECOND / 10, ttl + 5 * SECOND)));
                }
            }
        }
    }

    private void becomesGoodAfter(SimulatedServer server, long time) {
        simulation.after(time, () -> server.weather().becomeGood());
    }

    private void troubleForAll() {
        int dice = random.nextInt(10);
        simulation.trace(() -> "trouble for all " + dice);
        switch (dice) {
            case 0 -> etcd.compact(1 + random.nextInt((int) etcd.revision()));
            case 1 -> etcd.compact(etcd.revision());
            case 2 -> revokeLease();
            case 3 -> deleteKey();
            case 4 -> alterKey();
            case 5 -> putGarbage();
            case 6 -> {
                if (random.nextBoolean()) {
                    forgeClient();
                } else {
                    forgeKick();
                }
            }
            case 7 -> outage(simulation.between(SECOND / 5, 8 * SECOND), false);
            case 8 -> fill(simulation.between(SECOND / 5, 12 * SECOND));
            default -> {
                if (random.nextInt(3) == 0) {
                    outage(simulation.between(3 * SECOND, 8 * SECOND), true);
                }
            }
        }
    }

    /** As a stuck leader was seen to do. */
    private void revokeLease() {
        List<Long> leases = etcd.leases();
        if (!leases.isEmpty()) {
            referee.harmAll();
            long lease = leases.get(random.nextInt(leases.size()));
            etcd.keys().values().stream()
                    .filter(entry -> entry.lease() == lease)
                    .forEach(entry -> referee.onTouched(entry.key()));
            etcd.revoke(simulation.now(), lease);
        }
    }

    private void deleteKey() {
        if (!etcd.keys().isEmpty()) {
            String key = anyEntry().key();
            referee.onTouched(key);
            etcd.commit(simulation.now(), List.of(new Write.Delete(key)));
        }
    }

    private KeyValue anyEntry() {
        List<KeyValue> entries = List.copyOf(etcd.keys().values());
        return entries.get(random.nextInt(entries.size()));
    }

    private void alterKey() {
        if (!etcd.keys().isEmpty()) {
            KeyValue before = anyEntry();
            String value = switch (random.nextInt(4)) {
                case 0 -> "";
                case 1 -> "{\"addr\":7}";
                case 2 -> "\u00ff\u0000";
                default -> clientValue();
            };
            put(before.key(), value, before.lease());
        }
    }

    private String clientValue() {
        String name = random.nextInt(4) == 0 ? "\"name\":\"forged\"," : "";
        return "{" + name + "\"addr\":\"203.0.113.9:" + (1 + random.nextInt(65_535))
                + "\",\"since\":\"2026-01-31T12:00:00.5Z\"}";
    }

    private void putGarbage() {
        String key = switch (random.nextInt(6)) {
            case 0 -> PREFIX + "/v1/clients/nobody/1";
            case 1 -> PREFIX + "/v1/members/";
            case 2 -> PREFIX + "/v1/zebra";
            case 3 -> PREFIX + "/v2/members/x";
            case 4 -> PREFIX + "/v1/members/\u00e9\u00ff";
            default -> "/another/service";
        };
        garbage.add(key);
        put(key, clientValue(), 0);
    }

    /** A client that its server does not know. */
    private void forgeClient() {
        SimulatedServer server = anyServer();
        if (server != null) {
            UUID id = server.self().id();
            int dice = random.nextInt(30);
            // perhaps one that has left, or the next one, which may join while this key is being deleted
            long number = dice < 10 ? 1 + dice : server.lastNumber() + 1 + dice % 3;
            String key = PREFIX + "/v1/clients/" + id + "/" + number;
            garbage.add(key); // in case the server is gone before it sees the key
            put(key, clientValue(), 0);
        }
    }

    /** A request to disconnect a client: one that is there, has left, or has not joined yet. */
    private void forgeKick() {
        SimulatedServer server = anyServer();
        if (server != null) {
            UUID id = server.self().id();
            long number = 1L + random.nextInt((int) server.lastNumber() + 3);
            referee.kicks().onAsked(id + "/" + number); // if it joins before its server sees the key, it is to go
            String key = PREFIX + "/v1/kicks/" + id + "/" + number;
            garbage.add(key); // in case the server is gone before it sees the key
            put(key, "{\"reason\":\"forged\"}", 0);
        }
    }

    private void put(String key, String value, long lease) {
        if (etcd.fullSince() == Long.MAX_VALUE) {
            referee.onTouched(key);
            byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
            etcd.commit(simulation.now(), List.of(new Write.Put(key, bytes, lease)));
        }
    }

    private void fill(long time) {
        if (etcd.fullSince() != Long.MAX_VALUE) {
            return;
        }
        simulation.trace(() -> "etcd is full");
        referee.harmAll();
        etcd.fill(simulation.now());
        simulation.after(time, () -> {
            if (etcd.fullSince() != Long.MAX_VALUE) {
                simulation.trace(() -> "etcd has space again");
                referee.harmAll();
                etcd.makeSpace();
            }
        });
    }

    private void outage(long time, boolean dataLost) {
        if (simulation.now() < etcdBusyUntil) {
            return;
        }
        etcdBusyUntil = simulation.now() + time;
        etcd.goDown();
        referee.harmAll();
        for (SimulatedServer server : servers) {
            if (dataLost || random.nextInt(3) > 0) {
                server.transport().breakConnection(unavailable("no leader"));
            } else {
                server.transport().silenceWatches();
            }
        }
        simulation.after(time, () -> {
            if (!troubles) {
                return; // it is back already
            }
            referee.harmAll();
            if (dataLost) {
                simulation.trace(() -> "etcd has lost its data");
                etcd.loseData(simulation.now());
                garbage.clear();
            }
            if (!etcd.available()) {
                elect();
            }
        });
    }

    private static EtcdFailure unavailable(String detail) {
        return new EtcdFailure(Kind.UNAVAILABLE, "model: " + detail);
    }
}
