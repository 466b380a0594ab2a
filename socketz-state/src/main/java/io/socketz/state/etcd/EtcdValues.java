package io.socketz.state.etcd;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.etcd.ClosedClients.Closed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The values of the keys, as JSON (RFC 8259):
 *
 * <pre>
 *   member  {"name":"server01","addr":"10.0.0.11:5151","since":"2026-01-31T12:00:00Z","admin":"10.0.0.11:9151"}
 *   client  {"name":"alice","addr":"203.0.113.7:50814","via":"10.0.0.2:40022","since":"2026-01-31T12:00:00.123Z"}
 *   closed  {"left":[{"number":17,"reason":"CLIENT_QUIT","at":"2026-01-31T12:05:00.123Z"}],"stopping":true}
 *   kick    {"reason":"too many requests"}
 * </pre>
 *
 * Times are in UTC, with milliseconds if these are not zero; a client's {@code name} and {@code via} and a member's
 * {@code admin} are left out if there are none, and {@code stopping} if it is false. Unknown fields are
 * skipped: a later version may have added them.
 */
final class EtcdValues {
    /** A value is not what it should be; the message says why, in a few words. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String why) {
            super(why, null, false, false);
        }
    }

    private static final int MAX_BYTES = 4096;

    /** Of 126 clients, each with the longest reason. */
    private static final int MAX_CLOSED_BYTES = 32_768;

    private static final int MAX_ADDRESS_LENGTH = 100;

    /** A member's address may be a host name, which has up to 253 characters (RFC 1035, section 2.3.4). */
    private static final int MAX_MEMBER_ADDRESS_LENGTH = 300;

    private static final int MAX_NAME_LENGTH = 300;
    private static final JsonFactory JSON = new JsonFactory();

    /** The fields of members and clients; null for those that are missing. */
    private static final class Fields implements FieldReader {
        @Nullable
        String name;

        @Nullable
        String address;

        @Nullable
        String via;

        @Nullable
        String since;

        @Nullable
        String admin;

        @Override
        public void read(String field, JsonParser json) throws IOException {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                return;
            }
            switch (field) {
                case "name" -> name = json.getText();
                case "addr" -> address = json.getText();
                case "via" -> via = json.getText();
                case "since" -> since = json.getText();
                case "admin" -> admin = json.getText();
                default -> {}
            }
        }
    }

    /** Writes the fields of an object. */
    @FunctionalInterface
    private interface FieldWriter {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** Takes a field of an object, and all of its value. */
    @FunctionalInterface
    private interface FieldReader {
        void read(String field, JsonParser json) throws IOException, Malformed;
    }

    private EtcdValues() {}

    static byte[] of(Member member) {
        return write(
                member.name(),
                member.address(),
                null,
                member.since(),
                member.admin().orElse(null));
    }

    static byte[] of(Client client) {
        return write(client.name(), client.address(), client.via(), Instant.ofEpochMilli(client.since()), null);
    }

    static byte[] of(ClosedClients closed) {
        return write(64 + 80 * closed.left().size(), json -> {
            json.writeArrayFieldStart("left");
            for (Map.Entry<Long, Closed> left : closed.left().entrySet()) {
                json.writeStartObject();
                json.writeNumberField("number", left.getKey());
                json.writeStringField("reason", left.getValue().reason());
                json.writeStringField(
                        "at", Instant.ofEpochMilli(left.getValue().at()).toString());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (closed.isStopping()) {
                json.writeBooleanField("stopping", true);
            }
        });
    }

    /** @param reason see {@link Registry#isKickReason} */
    static byte[] ofKick(String reason) {
        return write(64 + reason.length(), json -> json.writeStringField("reason", reason));
    }

    private static byte[] write(
            @Nullable String name, String address, @Nullable String via, Instant since, @Nullable String admin) {
        return write(128, json -> {
            if (name != null) {
                json.writeStringField("name", name);
            }
            json.writeStringField("addr", address);
            if (via != null) {
                json.writeStringField("via", via);
            }
            json.writeStringField("since", since.toString());
            if (admin != null) {
                json.writeStringField("admin", admin);
            }
        });
    }

    private static byte[] write(int usualLength, FieldWriter fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(usualLength);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            fields.writeTo(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static Member member(UUID id, byte[] value) throws Malformed {
        Fields fields = read(value);
        String name = required("name", fields.name);
        if (name.length() > MAX_NAME_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
            throw new Malformed("no name");
        }
        String address = address(required("addr", fields.address), MAX_MEMBER_ADDRESS_LENGTH);
        Optional<String> admin = Optional.ofNullable(fields.admin).filter(EtcdValues::isMemberAddress);
        return new Member(id, name, address, Instant.ofEpochMilli(time("since", fields.since)), admin);
    }

    /**
     * Reads a client. If only its name is not allowed, that alone is skipped: a client that is connected is shown, whatever
     * a later version may accept as a name.
     *
     * @param onBadName run if the name was skipped
     */
    static Client client(UUID server, long number, byte[] value, Runnable onBadName) throws Malformed {
        Fields fields = read(value);
        String address = address(required("addr", fields.address), MAX_ADDRESS_LENGTH);
        String via = fields.via == null ? null : address(fields.via, MAX_ADDRESS_LENGTH);
        String name = fields.name;
        if (name != null && !Client.isName(name)) {
            onBadName.run();
            name = null;
        }
        return new Client(server, number, address, via, time("since", fields.since), name);
    }

    /** The reason in the value of a kick. */
    static String kick(byte[] value) throws Malformed {
        String[] reason = {null};
        read(value, MAX_BYTES, (field, json) -> {
            if (field.equals("reason") && json.currentToken() == JsonToken.VALUE_STRING) {
                reason[0] = json.getText();
            }
        });
        String read = required("reason", reason[0]);
        if (!Registry.isKickReason(read)) {
            throw new Malformed("no reason");
        }
        return read;
    }

    static ClosedClients closed(byte[] value) throws Malformed {
        Map<Long, Closed> left = new HashMap<>();
        boolean[] stopping = {false};
        read(value, MAX_CLOSED_BYTES, (field, json) -> {
            if (field.equals("left") && json.currentToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    readLeft(json, left);
                }
            } else if (field.equals("stopping")) {
                stopping[0] = json.currentToken() == JsonToken.VALUE_TRUE;
            }
        });
        return new ClosedClients(Map.copyOf(left), stopping[0]);
    }

    private static void readLeft(JsonParser json, Map<Long, Closed> left) throws IOException, Malformed {
        long number = 0;
        String reason = null;
        String at = null;
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            JsonToken token = json.nextToken();
            if (field.equals("number") && token == JsonToken.VALUE_NUMBER_INT) {
                number = json.getLongValue();
            } else if (field.equals("reason") && token == JsonToken.VALUE_STRING) {
                reason = json.getText();
            } else if (field.equals("at") && token == JsonToken.VALUE_STRING) {
                at = json.getText();
            } else {
                json.skipChildren();
            }
        }
        if (number < 1 || !Departure.isReason(required("reason", reason))) {
            throw new Malformed("no number or reason");
        }
        left.put(number, new Closed(required("reason", reason), time("at", at)));
    }

    private static Fields read(byte[] value) throws Malformed {
        Fields fields = new Fields();
        read(value, MAX_BYTES, fields);
        return fields;
    }

    /** Reads an object; what {@code fields} does not take of a value is skipped. */
    private static void read(byte[] value, int maxLength, FieldReader fields) throws Malformed {
        if (value.length > maxLength) {
            throw new Malformed("longer than " + maxLength + " bytes");
        }
        try (JsonParser json = JSON.createParser(value)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new Malformed("no JSON object");
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                fields.read(field, json);
                json.skipChildren();
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new Malformed("more than a JSON object");
            }
        } catch (IOException e) { // there is no I/O; not all that the parser throws is a JsonProcessingException
            throw new Malformed("no JSON");
        }
    }

    private static String required(String field, @Nullable String value) throws Malformed {
        if (value == null) {
            throw new Malformed("no " + field);
        }
        return value;
    }

    /** Every server's WHO shows the address: it must not contain what breaks a line or ends a quote. */
    private static String address(String text, int maxLength) throws Malformed {
        if (!isAddress(text, maxLength)) {
            throw new Malformed("no address");
        }
        return text;
    }

    private static boolean isMemberAddress(String text) {
        return isAddress(text, MAX_MEMBER_ADDRESS_LENGTH);
    }

    private static boolean isAddress(String text, int maxLength) {
        return !text.isEmpty() && text.length() <= maxLength && text.chars().allMatch(EtcdValues::isAddressCharacter);
    }

    private static boolean isAddressCharacter(int c) {
        return c > ' ' && c < 0x7f && c != '\'' && c != '"';
    }

    private static long time(String field, @Nullable String text) throws Malformed {
        try {
            return Instant.parse(required(field, text)).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new Malformed("no time in " + field);
        }
    }
}
