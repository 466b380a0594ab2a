package io.socketz.state.etcd;

import static io.socketz.state.etcd.Simulation.MILLISECOND;
import static io.socketz.state.etcd.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.socketz.state.AuditResult;
import io.socketz.state.AuditResult.Difference;
import io.socketz.state.Client;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.Write;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Keys are harmed while the watch does not show it, which no etcd does; an audit finds exactly that and puts it right. Seeds 1
 * to {@value #SEEDS}; {@code -Dsocketz.seed=N} runs one, and prints all that happens.
 */
class AuditRepairTest {
    private static final int SEEDS = 500;
    private static final String CLIENTS = "/clients/";

    /** Judges nothing but the audits. */
    private static final class Trial implements SimulatedServer.Referee {
        final Simulation simulation;
        final Random random;
        final ModelEtcd etcd = new ModelEtcd(2);
        final SimulatedServer server;
        final List<Optional<AuditResult>> answers = new ArrayList<>();
        int missing;
        int ghosts;

        Trial(long seed, boolean traced) {
            simulation = new Simulation(seed, traced);
            random = simulation.random();
            Weather weather = Weather.of(random);
            weather.limitPages(random.nextBoolean() ? 1 + random.nextInt(7) : Integer.MAX_VALUE);
            server = new SimulatedServer(
                    "s1", simulation, etcd, new ClusterSettings("/socketz", Duration.ofSeconds(5)), weather, this);
        }

        @Override
        public void afterStep(SimulatedServer server) {}

        @Override
        public Runnable onJoin(SimulatedServer server, long number) {
            return () -> {};
        }

        @Override
        public Runnable onRename(SimulatedServer server) {
            return () -> {};
        }

        @Override
        public KickReferee kicks() {
            throw new AssertionError("nobody is to be disconnected");
        }

        @Override
        public Consumer<Optional<AuditResult>> onAudit(SimulatedServer server) {
            return answers::add;
        }

        @Override
        public SimulatedServer.LongConsumerOfFresh onAsked(SimulatedServer server) {
            throw new AssertionError("nobody asks");
        }

        void run(long nanos) {
            simulation.runUntil(simulation.now() + nanos);
        }

        void comeAndGo(int times) {
            for (int i = 0; i < times; i++) {
                switch (random.nextInt(4)) {
                    case 0 -> server.leave();
                    case 1 -> server.rename();
                    default -> server.join();
                }
            }
        }

        /** Deletes, alters and invents keys of the server, and hides that from it. */
        void harm() {
            server.transport().hide(key -> key.contains(CLIENTS));
            List<Write> writes = new ArrayList<>();
            for (KeyValue entry : keys().values()) {
                if (random.nextInt(4) == 0) {
                    missing++;
                    writes.add(
                            switch (random.nextInt(3)) {
                                case 0 -> new Write.Delete(entry.key());
                                case 1 -> new Write.Put(entry.key(), entry.value(), 0);
                                default ->
                                    new Write.Put(entry.key(), "{}".getBytes(StandardCharsets.UTF_8), entry.lease());
                            });
                }
            }
            for (long number = 1; number <= server.lastNumber() + 3; number++) {
                if (server.leftAt(number) != Long.MAX_VALUE ? random.nextInt(3) == 0 : number > server.lastNumber()) {
                    ghosts++;
                    writes.add(new Write.Put(key(number), "{}".getBytes(StandardCharsets.UTF_8), 0));
                }
            }
            etcd.commit(simulation.now(), writes);
        }

        String key(long number) {
            return "/socketz/v1/clients/" + server.self().id() + "/" + number;
        }

        Map<String, KeyValue> keys() {
            TreeMap<String, KeyValue> keys = new TreeMap<>(etcd.keys());
            keys.keySet().removeIf(key -> !key.contains(CLIENTS));
            return keys;
        }

        boolean isRight() {
            Map<String, KeyValue> keys = keys();
            for (Client client : server.clients()) {
                KeyValue entry = keys.remove(key(client.number()));
                if (entry == null
                        || entry.lease() == 0
                        || !new String(entry.value(), StandardCharsets.UTF_8)
                                .equals(new String(EtcdValues.of(client), StandardCharsets.UTF_8))) {
                    return false;
                }
            }
            return keys.isEmpty();
        }
    }

    private static void run(long seed, boolean traced) {
        Trial trial = new Trial(seed, traced);
        trial.run(SECOND);
        trial.comeAndGo(60);
        trial.run(SECOND);
        assertThat(trial.isRight()).isTrue();
        trial.harm();
        trial.run(3 * SECOND);
        assertThat(trial.isRight()).as("without an audit").isFalse();
        boolean busy = trial.random.nextBoolean();
        if (busy) {
            trial.comeAndGo(3);
        }
        trial.server.audit();
        if (busy) {
            for (int i = 0; i < 5; i++) {
                trial.run(trial.simulation.between(0, 5 * MILLISECOND));
                trial.comeAndGo(3);
            }
        }
        trial.run(SECOND);
        assertThat(trial.isRight()).as("after an audit").isTrue();
        AuditResult result = trial.answers.get(0).orElseThrow();
        assertThat(result.left()).isEqualTo(Difference.NONE);
        if (!busy) { // otherwise some have left, or were renamed, which puts them right
            assertThat(result.found()).isEqualTo(new Difference(trial.missing, trial.ghosts));
            assertThat(result.repaired()).isEqualTo((long) trial.missing + trial.ghosts);
        }
        trial.server.audit();
        trial.run(SECOND);
        AuditResult after = trial.answers.get(1).orElseThrow();
        assertThat(after.found()).as("the second time").isEqualTo(Difference.NONE);
    }

    @Test
    void anAuditFindsAndRepairsWhatTheWatchHasMissed() {
        Long one = Long.getLong("socketz.seed");
        if (one != null) {
            run(one, true);
            return;
        }
        LongStream.rangeClosed(1, SEEDS).forEach(seed -> {
            try {
                run(seed, false);
            } catch (RuntimeException | AssertionError e) {
                fail("-Dsocketz.seed=" + seed + ": " + e.getMessage(), e);
            }
        });
    }
}
