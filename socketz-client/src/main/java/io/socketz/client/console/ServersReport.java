package io.socketz.client.console;

import io.socketz.client.Server;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.json.JsonObject;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ServerRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The servers of a cluster as one of them knows them, for people and for programs.
 *
 * <p>Of other servers, it knows only that etcd still has their keys, which go a few seconds after a server has died: so they
 * are {@code up}, unless the one that answers does not hear from etcd.
 *
 * @param answered the one that was asked
 * @param servers its answer to {@code SERVERS}
 * @param freshness what it says about the age of what it knows
 */
public record ServersReport(Server answered, Block.Servers servers, Reply.Freshness freshness) {
    private static final String UP = "up";
    private static final String UNKNOWN = "unknown";
    private static final Comparator<ServerRecord> BY_NAME =
            Comparator.comparing(ServerRecord::name).thenComparing(ServerRecord::since);

    /**
     * A table, and a line that says who answered.
     *
     * @param width as of a {@link RecordTable}
     * @param now for ages, and for the time zone
     */
    public List<String> lines(int width, ZonedDateTime now) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (ServerRecord server : byName()) {
            Map<String, String> fields = RecordFields.of(server);
            Map<String, String> row = new LinkedHashMap<>();
            for (String key : List.of("name", "id", "addr")) {
                row.put(key, fields.getOrDefault(key, ""));
            }
            row.put("state", stateText(server));
            row.put("clients", fields.getOrDefault("clients", ""));
            row.put("age", ageText(age(server, now.toInstant())));
            row.put("since", fields.getOrDefault("since", ""));
            rows.add(row);
        }
        List<String> lines = new ArrayList<>(RecordTable.ofRows(rows, width, now)
                .lines(UnaryOperator.identity(), UnaryOperator.identity(), "--json shows all"));
        lines.add(
                "answered by " + answeredName() + " at revision " + servers.revision() + "; it counts this connection");
        return lines;
    }

    /** One line: {@code {"answered":"08483048-...","addr":"127.0.0.1:4141","revision":1842,"servers":[...]}}. */
    public String json(Instant now) {
        JsonObject json = new JsonObject();
        json.text("answered", answered.id().toString());
        json.text("addr", HostPort.format(answered.address()));
        json.number("revision", servers.revision());
        json.objects(
                "servers", byName().stream().map(server -> object(server, now)).toList());
        return json.toString();
    }

    private JsonObject object(ServerRecord server, Instant now) {
        JsonObject json = new JsonObject();
        server.describe(json);
        json.number("ageSeconds", age(server, now).toSeconds());
        json.text("state", state(server));
        absence(server)
                .ifPresent(
                        without -> json.number("noEtcdSeconds", without.time().toSeconds()));
        return json;
    }

    private List<ServerRecord> byName() {
        return servers.records().stream().sorted(BY_NAME).toList();
    }

    /** In a word. */
    private String state(ServerRecord server) {
        if (EtcdAbsence.of(freshness).isEmpty()) {
            return UP;
        }
        return isAnswered(server) ? "degraded" : UNKNOWN;
    }

    private String stateText(ServerRecord server) {
        return absence(server).map(EtcdAbsence::text).orElse(state(server));
    }

    private Optional<EtcdAbsence> absence(ServerRecord server) {
        return EtcdAbsence.of(freshness).filter(without -> isAnswered(server));
    }

    private boolean isAnswered(ServerRecord server) {
        return server.id().equals(answered.id());
    }

    private String answeredName() {
        return servers.records().stream()
                .filter(this::isAnswered)
                .findFirst()
                .map(server -> Printable.of(server.name()) + " (" + answered.shortId() + ")")
                .orElse(answered.shortId());
    }

    /** By the clock of this machine; zero if the server's is ahead. */
    private static Duration age(ServerRecord server, Instant now) {
        Duration age = Duration.between(server.since(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** In the two largest units: {@code 3d4h}, {@code 2h5m}, {@code 1m30s}, {@code 45s}. */
    private static String ageText(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + "d" + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h" + age.toMinutesPart() + "m";
        }
        return (age.toMinutes() > 0 ? age.toMinutes() + "m" : "") + age.toSecondsPart() + "s";
    }
}
