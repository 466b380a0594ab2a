package io.socketz.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.socketz.protocol.address.HostPort;
import io.socketz.state.Member;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks another server, at its admin port, how it is. */
final class PeerClient {
    private static final int CONNECT_TIMEOUT_MILLIS = 500;
    private static final int READ_TIMEOUT_MILLIS = 1500;

    private static final long READ_NANOS = TimeUnit.MILLISECONDS.toNanos(READ_TIMEOUT_MILLIS);

    /** Many times what an answer has. */
    private static final int MAX_BYTES = 64 << 10;

    private final JsonFactory factory = new JsonFactory();

    /**
     * What {@code member} says of itself.
     *
     * @param clients how many it has, as the roster shows
     */
    ServerStatus ask(Member member, int clients) {
        if (member.admin().isEmpty()) {
            return new ServerStatus(member, clients, Optional.empty(), "it has no admin port that others can reach");
        }
        String admin = member.admin().get();
        try {
            Map<String, String> fields = read(admin);
            return member.id().toString().equals(fields.get(ServerStatus.ID))
                    ? new ServerStatus(member, clients, Optional.of(condition(fields)), "")
                    : new ServerStatus(member, clients, Optional.empty(), "another server answers at " + admin);
        } catch (IOException | RuntimeException e) {
            return silent(member, clients);
        }
    }

    /** A server with an admin port that does not answer. */
    static ServerStatus silent(Member member, int clients) {
        return new ServerStatus(
                member,
                clients,
                Optional.empty(),
                "its admin port does not answer: " + member.admin().orElse(""));
    }

    private Map<String, String> read(String admin) throws IOException {
        // Parsed, since it comes from etcd: it must not bring a path of its own.
        HttpURLConnection connection = (HttpURLConnection) URI.create("http://" + HostPort.parse(admin) + "/api/server")
                .toURL()
                .openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        connection.setReadTimeout(READ_TIMEOUT_MILLIS);
        connection.setInstanceFollowRedirects(false);
        try (InputStream body = connection.getInputStream();
                JsonParser json = factory.createParser(read(body, System.nanoTime() + READ_NANOS))) {
            return fields(json);
        } finally {
            connection.disconnect();
        }
    }

    /** The limit on a read alone would let a server take hours, a byte at a time. */
    private static byte[] read(InputStream body, long deadline) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] buffer = new byte[MAX_BYTES];
        for (int length = body.read(buffer); length > 0; length = body.read(buffer)) {
            read.write(buffer, 0, length);
            if (read.size() > MAX_BYTES || System.nanoTime() - deadline > 0) {
                throw new IOException("too long an answer");
            }
        }
        return read.toByteArray();
    }

    /** The fields of an object that have no parts. */
    private static Map<String, String> fields(JsonParser json) throws IOException {
        Map<String, String> fields = new HashMap<>();
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("no JSON object");
        }
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            if (json.nextToken().isScalarValue()) {
                fields.put(field, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return fields;
    }

    private static ServerStatus.Condition condition(Map<String, String> fields) throws IOException {
        return new ServerStatus.Condition(
                required(fields, ServerStatus.STATE),
                Long.parseLong(required(fields, ServerStatus.PLACES)),
                Long.parseLong(required(fields, ServerStatus.REVISION)),
                seconds(required(fields, ServerStatus.AGE)),
                required(fields, ServerStatus.ETCD),
                seconds(required(fields, ServerStatus.ETCD_DOWN)));
    }

    private static Duration seconds(String text) {
        return Duration.ofMillis((long) (1000 * Double.parseDouble(text)));
    }

    private static String required(Map<String, String> fields, String name) throws IOException {
        String value = fields.get(name);
        if (value == null) {
            throw new IOException("no " + name);
        }
        return value;
    }
}
