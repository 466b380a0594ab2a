package io.socketz.it.cli;

import io.socketz.it.MemberStatus;
import io.socketz.protocol.json.JsonObject;
import java.util.List;

/** What {@code ps --json} prints (docs/operations/local-topology.md). */
final class StatusJson {
    private StatusJson() {}

    /** {@code {"members":[{"name":"etcd01","kind":"etcd","pid":31523,"port":2379,"health":"healthy"},...]}}. */
    static String of(List<MemberStatus> members) {
        JsonObject json = new JsonObject();
        json.objects("members", members.stream().map(StatusJson::object).toList());
        return json.toString();
    }

    /** Without what is not known. */
    private static JsonObject object(MemberStatus member) {
        JsonObject json = new JsonObject();
        json.text("name", member.name());
        json.text("kind", member.kind());
        if (member.pid() != 0) {
            json.number("pid", member.pid());
        }
        json.number("port", member.port());
        json.text("health", member.health());
        member.absence()
                .ifPresent(
                        without -> json.number("noEtcdSeconds", without.time().toSeconds()));
        if (member.clients() >= 0) {
            json.number("clients", member.clients());
        }
        return json;
    }
}
