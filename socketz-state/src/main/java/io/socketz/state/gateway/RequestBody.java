package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.Write;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Requests as JSON. */
final class RequestBody {
    private static final JsonFactory JSON = new JsonFactory();

    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    private RequestBody() {}

    static byte[] grantLease(long ttlSeconds) {
        return object(32, out -> number(out, "TTL", ttlSeconds));
    }

    /** To keep a lease alive, and to revoke it. */
    static byte[] lease(long lease) {
        return object(48, out -> number(out, "ID", lease));
    }

    static byte[] authenticate(String user, String password) {
        return object(128, out -> {
            out.writeStringField("name", user);
            out.writeStringField("password", password);
        });
    }

    /** If the key of the fence has been changed, the transaction writes nothing, and says at which revision that was. */
    static byte[] transaction(Fence fence, List<Write> writes) {
        return object(256 * (1 + writes.size()), out -> {
            out.writeArrayFieldStart("compare");
            out.writeStartObject();
            bytes(out, "key", fence.key());
            out.writeStringField("target", "MOD");
            number(out, "mod_revision", fence.revision());
            out.writeEndObject();
            out.writeEndArray();
            out.writeArrayFieldStart("failure");
            out.writeStartObject();
            out.writeObjectFieldStart("request_range");
            bytes(out, "key", fence.key());
            out.writeBooleanField("keys_only", true);
            out.writeEndObject();
            out.writeEndObject();
            out.writeEndArray();
            out.writeArrayFieldStart("success");
            for (Write write : writes) {
                out.writeStartObject();
                if (write instanceof Write.Put put) {
                    out.writeObjectFieldStart("request_put");
                    bytes(out, "key", put.key());
                    out.writeBinaryField("value", put.value());
                    if (put.lease() != 0) {
                        number(out, "lease", put.lease());
                    }
                } else {
                    out.writeObjectFieldStart("request_delete_range");
                    bytes(out, "key", write.key());
                }
                out.writeEndObject();
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    static byte[] range(String from, String to, long revision, int limit) {
        return object(256, out -> {
            bytes(out, "key", from);
            bytes(out, "range_end", to);
            number(out, "revision", revision);
            number(out, "limit", limit);
        });
    }

    static byte[] revision(String key) {
        return object(128, out -> {
            bytes(out, "key", key);
            out.writeBooleanField("count_only", true);
        });
    }

    static byte[] watch(String from, String to, long revision) {
        return object(256, out -> {
            out.writeObjectFieldStart("create_request");
            bytes(out, "key", from);
            bytes(out, "range_end", to);
            number(out, "start_revision", revision);
            out.writeEndObject();
        });
    }

    /** @param capacity the expected length in bytes */
    private static byte[] object(int capacity, Fields fields) {
        var bytes = new ByteArrayOutputStream(capacity);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory causes none
        }
        return bytes.toByteArray();
    }

    private static void bytes(JsonGenerator out, String name, String value) throws IOException {
        out.writeBinaryField(name, value.getBytes(ISO_8859_1));
    }

    /** As a string: JSON's numbers are often read as doubles, which do not hold 64 bits. */
    private static void number(JsonGenerator out, String name, long value) throws IOException {
        out.writeStringField(name, Long.toString(value));
    }
}
