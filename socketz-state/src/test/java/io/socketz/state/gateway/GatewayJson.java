package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.socketz.state.etcd.LiveEtcd;
import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.etcd.transport.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and answers of the gateway as JSON objects: zeros are left out. */
final class GatewayJson {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Object> fields = new HashMap<>();

    private GatewayJson() {}

    static GatewayJson parse(String text) throws IOException {
        try (JsonParser in = JSON.createParser(text)) {
            in.nextToken();
            return (GatewayJson) read(in);
        }
    }

    private static Object read(JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.START_OBJECT) {
            GatewayJson object = new GatewayJson();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                object.fields.put(name, read(in));
            }
            return object;
        }
        if (in.currentToken() == JsonToken.START_ARRAY) {
            List<Object> array = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                array.add(read(in));
            }
            return array;
        }
        return in.getText();
    }

    private String text(String name) {
        return (String) fields.getOrDefault(name, "");
    }

    long number(String name) {
        String text = text(name);
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    String bytes(String name) {
        return new String(Base64.getDecoder().decode(text(name)), ISO_8859_1);
    }

    GatewayJson object(String name) {
        Object object = fields.get(name);
        if (object instanceof GatewayJson found) {
            return found;
        }
        throw new AssertionError("no " + name + " among " + fields.keySet());
    }

    private Fence fence() {
        GatewayJson compare = (GatewayJson) ((List<?>) fields.getOrDefault("compare", List.of())).get(0);
        return new Fence(compare.bytes("key"), compare.number("mod_revision"));
    }

    /** The writes of a transaction. */
    private List<Write> writes() {
        List<Write> writes = new ArrayList<>();
        for (Object each : (List<?>) fields.getOrDefault("success", List.of())) {
            GatewayJson operation = (GatewayJson) each;
            if (operation.fields.containsKey("request_put")) {
                GatewayJson put = operation.object("request_put");
                writes.add(new Write.Put(
                        put.bytes("key"), Base64.getDecoder().decode(put.text("value")), put.number("lease")));
            } else {
                writes.add(new Write.Delete(
                        operation.object("request_delete_range").bytes("key")));
            }
        }
        return writes;
    }

    // ---------------------------------------------------------------- answers

    static String header(long revision) {
        return "\"header\":{\"cluster_id\":\"14841639068965178418\",\"member_id\":\"10276657743932975437\",\"revision\":\""
                + revision + "\",\"raft_term\":\"2\"}";
    }

    /** The answer to a keep-alive. */
    static String renewed(long revision, long lease, long ttl) {
        String time = ttl == 0 ? "" : ",\"TTL\":\"" + ttl + "\"";
        return "{\"result\":{" + header(revision) + ",\"ID\":\"" + lease + "\"" + time + "}}\n";
    }

    /** The answer to a transaction. */
    static String committed(LiveEtcd etcd, GatewayJson asked) {
        Committed outcome = etcd.commit(asked.fence(), asked.writes());
        if (outcome.written()) {
            return "{" + header(outcome.revision()) + ",\"succeeded\":true}";
        }
        String found = outcome.revision() == 0 ? "" : ",\"kvs\":[{\"mod_revision\":\"" + outcome.revision() + "\"}]";
        return "{" + header(etcd.revision()) + ",\"responses\":[{\"response_range\":{" + header(etcd.revision()) + found
                + "}}]}";
    }

    static String range(LiveEtcd etcd, GatewayJson asked) {
        etcd.checkLeader();
        if (asked.text("count_only").equals("true")) {
            return "{" + header(etcd.revision()) + "}";
        }
        RangePage page = etcd.range(
                asked.bytes("key"), asked.bytes("range_end"), asked.number("revision"), (int) asked.number("limit"));
        StringBuilder answer = new StringBuilder("{").append(header(page.revision()));
        if (!page.entries().isEmpty()) {
            answer.append(",\"kvs\":[");
            for (KeyValue entry : page.entries()) {
                entry(answer, entry.key(), entry, entry.revision());
                answer.append(',');
            }
            answer.setCharAt(answer.length() - 1, ']');
        }
        return answer.append(page.more() ? ",\"more\":true}" : "}").toString();
    }

    /** The field with the change. */
    static String events(List<WatchEvent> events) {
        StringBuilder field = new StringBuilder("\"events\":[");
        for (WatchEvent event : events) {
            field.append(event.put() == null ? "{\"type\":\"DELETE\",\"kv\":" : "{\"kv\":");
            entry(field, event.key(), event.put(), event.revision());
            field.append("},");
        }
        field.setCharAt(field.length() - 1, ']');
        return field.toString();
    }

    private static void entry(StringBuilder to, String key, @Nullable KeyValue put, long revision) {
        Base64.Encoder base64 = Base64.getEncoder();
        to.append("{\"key\":\"").append(base64.encodeToString(key.getBytes(ISO_8859_1)));
        to.append("\",\"mod_revision\":\"").append(revision).append('"');
        if (put != null) {
            to.append(",\"create_revision\":\"").append(revision).append("\",\"version\":\"1\",\"value\":\"");
            to.append(base64.encodeToString(put.value())).append('"');
            if (put.lease() != 0) {
                to.append(",\"lease\":\"").append(put.lease()).append('"');
            }
        }
        to.append('}');
    }
}
