package io.socketz.state.etcd;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.socketz.state.Client;
import io.socketz.state.Member;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The values of the keys, as JSON (RFC 8259):
 *
 * <pre>
 *   member  {"name":"server01","addr":"10.0.0.11:5151","since":"2026-01-31T12:00:00Z"}
 *   client  {"addr":"203.0.113.7:50814","via":"10.0.0.2:40022","since":"2026-01-31T12:00:00.123Z"}
 * </pre>
 *
 * Times are in UTC, with milliseconds if these are not zero; {@code via} is left out if there is none. Unknown fields are
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

    private static final int MAX_LENGTH = 4096;
    private static final int MAX_ADDRESS_LENGTH = 100;

    /** A member's address may be a host name, which has up to 253 characters (RFC 1035, section 2.3.4). */
    private static final int MAX_MEMBER_ADDRESS_LENGTH = 300;

    private static final int MAX_NAME_LENGTH = 300;
    private static final JsonFactory JSON = new JsonFactory();

    /** The fields of both kinds of value; null for those that are missing. */
    private record Fields(
            @Nullable String name,
            @Nullable String address,
            @Nullable String via,
            @Nullable String since) {}

    private EtcdValues() {}

    static byte[] of(Member member) {
        return write(member.name(), member.address(), null, member.since());
    }

    static byte[] of(Client client) {
        return write(null, client.address(), client.via(), Instant.ofEpochMilli(client.since()));
    }

    private static byte[] write(@Nullable String name, String address, @Nullable String via, Instant since) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (name != null) {
                json.writeStringField("name", name);
            }
            json.writeStringField("addr", address);
            if (via != null) {
                json.writeStringField("via", via);
            }
            json.writeStringField("since", since.toString());
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
        return new Member(id, name, address, Instant.ofEpochMilli(since(fields.since)));
    }

    static Client client(UUID server, long number, byte[] value) throws Malformed {
        Fields fields = read(value);
        String address = address(required("addr", fields.address), MAX_ADDRESS_LENGTH);
        String via = fields.via == null ? null : address(fields.via, MAX_ADDRESS_LENGTH);
        return new Client(server, number, address, via, since(fields.since));
    }

    private static Fields read(byte[] value) throws Malformed {
        if (value.length > MAX_LENGTH) {
            throw new Malformed("longer than " + MAX_LENGTH + " bytes");
        }
        String name = null;
        String address = null;
        String via = null;
        String since = null;
        try (JsonParser json = JSON.createParser(value)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new Malformed("no JSON object");
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken token = json.nextToken();
                if (token != JsonToken.VALUE_STRING) {
                    json.skipChildren();
                    continue;
                }
                switch (field) {
                    case "name" -> name = json.getText();
                    case "addr" -> address = json.getText();
                    case "via" -> via = json.getText();
                    case "since" -> since = json.getText();
                    default -> {}
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new Malformed("more than a JSON object");
            }
            return new Fields(name, address, via, since);
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
        if (text.isEmpty() || text.length() > maxLength || !text.chars().allMatch(EtcdValues::isAddressCharacter)) {
            throw new Malformed("no address");
        }
        return text;
    }

    private static boolean isAddressCharacter(int c) {
        return c > ' ' && c < 0x7f && c != '\'' && c != '"';
    }

    private static long since(@Nullable String text) throws Malformed {
        try {
            return Instant.parse(required("since", text)).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new Malformed("no time in since");
        }
    }
}
