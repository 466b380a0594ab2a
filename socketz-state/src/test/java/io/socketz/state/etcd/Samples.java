package io.socketz.state.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.etcd.ClosedClients.Closed;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Servers, clients and keys for tests. */
final class Samples {
    static final UUID SELF = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    static final UUID OTHER = UUID.fromString("00000000-0000-4000-8000-00000000000b");
    static final UUID THIRD = UUID.fromString("00000000-0000-4000-8000-00000000000c");
    static final Keys KEYS = new Keys("/socketz");

    /** 2026-01-31T12:00:00Z. */
    static final long NOON = 1_769_860_800_000L;

    /** Always says 13:00. */
    static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(NOON + 3_600_000));

    /** At 12:30. */
    static final Closed QUIT = new Closed("CLIENT_QUIT", NOON + 1_800_000);

    private Samples() {}

    static Member member(UUID id) {
        return new Member(id, "server01", "10.0.0.11:5151", Instant.ofEpochMilli(NOON));
    }

    /** A client with a larger number has joined later. */
    static Client client(UUID server, long number) {
        return new Client(server, number, "203.0.113.7:" + number, null, NOON + number);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    // ---------------------------------------------------------------- what stands in etcd

    static KeyValue memberEntry(UUID id, long revision) {
        return new KeyValue(KEYS.member(id), EtcdValues.of(member(id)), 1, revision);
    }

    static KeyValue clientEntry(Client client, long revision) {
        return new KeyValue(KEYS.client(client.server(), client.number()), EtcdValues.of(client), 1, revision);
    }

    static KeyValue entry(String key, String value, long revision) {
        return new KeyValue(key, bytes(value), 1, revision);
    }

    // ---------------------------------------------------------------- what a watch tells

    static WatchEvent put(KeyValue entry) {
        return new WatchEvent(entry.key(), entry, entry.revision());
    }

    static WatchEvent putMember(UUID id, long revision) {
        return put(memberEntry(id, revision));
    }

    static WatchEvent putClient(Client client, long revision) {
        return put(clientEntry(client, revision));
    }

    static WatchEvent delete(String key, long revision) {
        return new WatchEvent(key, null, revision);
    }

    static WatchEvent deleteMember(UUID id, long revision) {
        return delete(KEYS.member(id), revision);
    }

    static WatchEvent deleteClient(Client client, long revision) {
        return delete(KEYS.client(client.server(), client.number()), revision);
    }

    /** What {@code key}, one of the service's keys, stands for. */
    static Keys.Parsed parsed(String key) {
        Keys.@Nullable Parsed parsed = KEYS.parse(key);
        if (parsed == null) {
            throw new AssertionError("no key of this service: " + key);
        }
        return parsed;
    }
}
