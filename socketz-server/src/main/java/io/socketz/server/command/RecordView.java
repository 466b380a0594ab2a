package io.socketz.server.command;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.DepartureRecord;
import io.socketz.protocol.reply.ServerRecord;
import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the roster holds, as the records of replies: clients with the names of their servers. */
public final class RecordView {
    private final Map<UUID, String> serverNames = new HashMap<>();

    /** Knows the names of the servers in {@code roster}. */
    public RecordView(Roster roster) {
        roster.members().forEach(this::addServer);
    }

    /** From now on, knows the name of this server. */
    public void addServer(Member member) {
        serverNames.put(member.id(), member.name());
    }

    /** Forgets the name of this server. */
    public void removeServer(Member member) {
        serverNames.remove(member.id());
    }

    /** The record of a client. */
    public ClientRecord record(Client client) {
        return record(client, serverName(client));
    }

    /** The record of a client that has left. */
    DepartureRecord record(Departure departure) {
        Client client = departure.client();
        return new DepartureRecord(
                id(client),
                client.address(),
                serverName(client),
                Instant.ofEpochMilli(client.since()),
                Instant.ofEpochMilli(departure.at()),
                departure.reason(),
                Optional.ofNullable(client.name()));
    }

    /** The record of a client of the server with this name. */
    static ClientRecord record(Client client, String serverName) {
        return new ClientRecord(
                id(client),
                client.address(),
                Optional.ofNullable(client.via()),
                serverName,
                Instant.ofEpochMilli(client.since()),
                Optional.ofNullable(client.name()));
    }

    /** The record of a server with so many clients. */
    public static ServerRecord record(Member member, int clients) {
        return new ServerRecord(member.id(), member.name(), member.address(), clients, member.since());
    }

    /** A server that has left is known by its id alone. */
    private String serverName(Client client) {
        return serverNames.getOrDefault(
                client.server(), client.server().toString().substring(0, 8));
    }

    private static ClientId id(Client client) {
        return new ClientId(client.server(), client.number());
    }
}
