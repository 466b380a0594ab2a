package io.socketz.server.admin;

import io.socketz.protocol.json.JsonObject;
import io.socketz.server.event.ServerMetrics;
import io.socketz.state.Member;
import io.socketz.state.RegistryMetrics.RosterGauges;
import io.socketz.state.RegistryMetrics.StoreMetrics;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How a server of the cluster is.
 *
 * @param clients how many are connected to it: as the roster shows, or as it says of itself
 * @param condition what it says of itself; empty if it was not reached
 * @param note why it was not reached; the empty string if it was
 */
record ServerStatus(Member member, int clients, Optional<Condition> condition, String note) {
    /** Fields of the JSON. */
    static final String ID = "id";

    static final String STATE = "state";
    static final String PLACES = "places";
    static final String REVISION = "revision";
    static final String AGE = "age";
    static final String ETCD = "etcd";
    static final String ETCD_DOWN = "etcd_down";

    /**
     * What a server says of itself.
     *
     * @param state {@code starting}, {@code ready} or {@code draining}
     * @param places how many clients it can have
     * @param revision of its roster
     * @param age how old is what it knows of other servers; zero while it is up to date
     * @param etcd {@code up}, {@code down} or {@code none}
     * @param etcdDown for how long etcd has not answered it
     */
    record Condition(String state, long places, long revision, Duration age, String etcd, Duration etcdDown) {
        static Condition of(ServerMetrics metrics) {
            RosterGauges roster = metrics.registry().roster();
            Optional<StoreMetrics> store = metrics.registry().store();
            return new Condition(
                    metrics.state().name().toLowerCase(Locale.ROOT),
                    metrics.connections().places(),
                    roster.revision(),
                    seconds(roster.ageSeconds()),
                    store.map(each -> each.up() ? "up" : "down").orElse("none"),
                    store.map(each -> seconds(each.downSeconds())).orElse(Duration.ZERO));
        }

        private static Duration seconds(double seconds) {
            return Duration.ofMillis((long) (1000 * seconds));
        }

        private void describe(JsonObject json) {
            json.text(STATE, state);
            json.number(PLACES, places);
            json.number(REVISION, revision);
            json.seconds(AGE, age);
            json.text(ETCD, etcd);
            json.seconds(ETCD_DOWN, etcdDown);
        }
    }

    JsonObject toJson() {
        JsonObject json = describe(member, member.admin(), clients);
        condition.ifPresentOrElse(known -> known.describe(json), () -> {
            json.text(STATE, "unknown");
            json.text("note", note);
        });
        return json;
    }

    /**
     * What the roster knows of a server, to be continued.
     *
     * @param admin where its admin port is; empty if it has none that answers
     */
    static JsonObject describe(Member member, Optional<String> admin, int clients) {
        JsonObject json = new JsonObject();
        json.text(ID, member.id().toString());
        json.text("name", member.name());
        json.text("addr", member.address());
        admin.ifPresent(address -> json.text("admin", address));
        json.text("since", member.since().toString());
        json.number("clients", clients);
        return json;
    }
}
