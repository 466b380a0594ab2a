package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.NOON;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.THIRD;
import static io.socketz.state.etcd.Samples.bytes;
import static io.socketz.state.etcd.Samples.member;
import static io.socketz.state.etcd.Samples.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Client;
import io.socketz.state.Roster.ServerPart;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two ways lead to a revision, the watch and a complete read: both show the same. */
class ReplicaRandomTest {
    private static final List<UUID> SERVERS = List.of(OTHER, THIRD, new UUID(7, 7));

    /** The contents of etcd. */
    private final TreeMap<String, KeyValue> content = new TreeMap<>();

    private final Client own = new Client(SELF, 1, "192.0.2.1:1", null, NOON + 20);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void singleChangesShowTheSameAsReadingEverything(long seed) {
        Random random = new Random(seed);
        Replica watching = replica();
        Replica resyncing = replica();
        long seen = 0;
        for (long revision = 1; revision <= 600; revision++) {
            List<Client> before = watching.copy();
            List<ServerPart> serversBefore = watching.servers();
            long version = watching.version();
            apply(watching, change(random, revision), revision);

            Replica reading = replica();
            readAll(reading, revision);
            assertThat(watching.copy())
                    .as("seed %d, revision %d", seed, revision)
                    .isEqualTo(reading.copy());
            assertThat(watching.size()).isEqualTo(reading.copy().size());
            assertThat(watching.others()).isEqualTo(reading.others());
            assertThat(watching.revision()).isEqualTo(revision);
            assertThat(watching.version() != version)
                    .as("a new version if something changed: seed %d, revision %d", seed, revision)
                    .isEqualTo(!watching.copy().equals(before)
                            || !watching.servers().equals(serversBefore));
            assertThat(watching.servers()).isEqualTo(reading.servers());

            if (random.nextInt(20) == 0) {
                List<ServerPart> old = resyncing.servers();
                long oldVersion = resyncing.version();
                readAll(resyncing, revision);
                assertThat(resyncing.copy())
                        .as("from revision %d: seed %d, revision %d", seen, seed, revision)
                        .isEqualTo(reading.copy());
                assertThat(resyncing.version() != oldVersion)
                        .isEqualTo(!resyncing.servers().equals(old));
                assertThat(resyncing.servers()).isEqualTo(reading.servers());
                seen = revision;
            }
        }
    }

    private Replica replica() {
        Replica replica = new Replica(Samples.member(SELF), new SkippedKeys(EtcdRegistryListener.NONE), Samples.CLOCK);
        replica.addOwn(own);
        return replica;
    }

    private static void apply(Replica replica, List<WatchEvent> events, long revision) {
        events.forEach(event -> replica.onChange(parsed(event.key()), event.put(), event.revision()));
        replica.advanceTo(revision);
    }

    private void readAll(Replica replica, long revision) {
        replica.onReadStart();
        content.values().forEach(entry -> replica.onRead(parsed(entry.key()), entry));
        replica.onReadEnd(revision);
    }

    /** Changes one key, some keys, or all keys of a server. */
    private List<WatchEvent> change(Random random, long revision) {
        List<WatchEvent> events = new ArrayList<>();
        UUID server = SERVERS.get(random.nextInt(SERVERS.size()));
        int choice = random.nextInt(100);
        if (choice < 8) {
            put(events, KEYS.member(server), random.nextInt(5) == 0 ? "{}" : null, server, 0, revision);
        } else if (choice < 14) {
            delete(events, KEYS.member(server), revision);
        } else if (choice < 16) {
            for (String key : List.copyOf(content.keySet())) {
                if (parsed(key).server().equals(server)) {
                    delete(events, key, revision);
                }
            }
        } else {
            int first = 1 + random.nextInt(40);
            int last = first + random.nextInt(5);
            for (long number = first; number <= last; number++) {
                String key = KEYS.client(server, number);
                if (random.nextInt(3) == 0) {
                    delete(events, key, revision);
                } else {
                    put(events, key, random.nextInt(10) == 0 ? "null" : null, server, number, revision);
                }
            }
        }
        if (events.isEmpty()) {
            put(events, KEYS.member(server), null, server, 0, revision); // each revision changes something
        }
        return events;
    }

    private void put(
            List<WatchEvent> events, String key, @Nullable String malformed, UUID server, long number, long revision) {
        byte[] value = malformed != null
                ? bytes(malformed)
                : number == 0
                        ? EtcdValues.of(member(server))
                        : EtcdValues.of(new Client(
                                server,
                                number,
                                "192.0.2.1:" + revision % 3,
                                null,
                                NOON + number + revision % 2,
                                revision % 5 == 0 ? "name" + revision % 7 : null));
        KeyValue entry = new KeyValue(key, value, 1, revision);
        content.put(key, entry);
        events.add(Samples.put(entry));
    }

    private void delete(List<WatchEvent> events, String key, long revision) {
        if (content.remove(key) != null) {
            events.add(Samples.delete(key, revision));
        }
    }
}
