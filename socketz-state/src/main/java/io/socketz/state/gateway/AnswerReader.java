package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer of etcd in one pass, and skips what it does not know. All answers have the same header, except those of a
 * stream; what is left out is zero.
 */
final class AnswerReader {
    private static final JsonFactory JSON = new JsonFactory();

    private static final int MAX_QUOTED = 80;

    /** The last of gRPC's status codes. */
    private static final int MAX_CODE = 16;

    /** Takes what is of interest from an answer. */
    interface Decoder<T> {
        T decode(AnswerReader answer) throws IOException, EtcdError;
    }

    /**
     * A message of a watch.
     *
     * @param compactRevision the first revision that can still be watched; 0 if the requested one can be
     */
    record WatchMessage(
            boolean created, boolean canceled, long compactRevision, String cancelReason, List<WatchEvent> events) {}

    /** The parser; the fields below hold what the answer has. */
    private final JsonParser in;

    /** Whether it is a message of a stream. */
    private boolean enveloped;

    private long id;
    private long ttl;
    private long revision;
    private long compactRevision;
    private boolean more;
    private boolean cut;
    private boolean succeeded;
    private boolean created;
    private boolean canceled;
    private @Nullable String token;
    private @Nullable String message;
    private @Nullable String error;
    private String cancelReason = "";
    private int code;
    private List<KeyValue> entries = List.of();

    /** The key of the entry that is being read; null if none is, or its key has not come yet. */
    private @Nullable String openKey;

    private List<WatchEvent> events = List.of();

    private AnswerReader(JsonParser in) {
        this.in = in;
    }

    /**
     * Reads the answer to a request.
     *
     * @param status of HTTP
     * @param cut whether the body is only the beginning of the answer: enough for a page, which then has fewer entries
     * @throws EtcdError if etcd refuses the request
     * @throws IOException if this is not an answer of etcd
     */
    static <T> T read(int status, byte[] body, int length, boolean cut, Decoder<T> decoder)
            throws IOException, EtcdError {
        if (status != 200) {
            throw refusal(status, body, length);
        }
        return decoder.decode(parse(body, length, cut));
    }

    /**
     * Reads a refusal.
     *
     * @throws IOException if it is not from etcd
     */
    static EtcdError refusal(int status, byte[] body, int length) throws IOException {
        AnswerReader answer;
        try {
            answer = parse(body, length, false);
        } catch (IOException e) {
            throw foreign(status, body, length);
        }
        String words = answer.words();
        if (words == null || answer.code < 1 || answer.code > MAX_CODE) {
            throw foreign(status, body, length);
        }
        return new EtcdError(answer.code, words);
    }

    /** A balancer in front of etcd that reaches no etcd answers in its own form. */
    private static IOException foreign(int status, byte[] body, int length) {
        String what = "HTTP status " + status + ", not from etcd" + quoted(body, length);
        return switch (status) {
            case 429, 502, 503, 504 -> new IOException(what);
            default -> new NotEtcdException(what);
        };
    }

    /**
     * Reads one message of a watch.
     *
     * @throws EtcdError if etcd ends the stream with it
     * @throws IOException if it is not such a message
     */
    static WatchMessage watchMessage(byte[] line, int length) throws IOException, EtcdError {
        AnswerReader answer = parse(line, length, false).orThrow();
        if (!answer.enveloped) {
            throw new NotEtcdException("not a message of etcd's" + quoted(line, length));
        }
        return new WatchMessage(
                answer.created, answer.canceled, answer.compactRevision, answer.cancelReason, answer.events);
    }

    long leaseId() throws IOException {
        return present("ID", id);
    }

    /** In seconds; 0 for a lease that is gone. */
    long timeToLive() throws IOException, EtcdError {
        orThrow();
        present("ID", id);
        return ttl;
    }

    long revision() throws IOException {
        return present("header", revision);
    }

    Committed committed() throws IOException {
        long at = revision();
        long changedAt = entries.isEmpty() ? 0 : entries.get(0).revision();
        return new Committed(succeeded, succeeded ? at : changedAt);
    }

    RangePage page() throws IOException {
        return new RangePage(Collections.unmodifiableList(entries), more, cut, revision());
    }

    String token() throws IOException {
        if (token == null || !token.matches("[\\x21-\\x7e]+")) { // what a header can hold
            throw new NotEtcdException("no token in the answer");
        }
        return token;
    }

    private static long present(String name, long value) throws IOException {
        if (value == 0) {
            throw new NotEtcdException("no " + name + " in the answer");
        }
        return value;
    }

    /** Once a stream has begun, an error comes as a message. */
    private AnswerReader orThrow() throws EtcdError {
        String words = words();
        if (words != null) {
            throw new EtcdError(code, words);
        }
        return this;
    }

    /** etcd 3.4 has both fields, 3.6 has one. */
    private @Nullable String words() {
        return message != null ? message : error;
    }

    private static AnswerReader parse(byte[] body, int length, boolean cut) throws IOException {
        AnswerReader answer = null;
        try (JsonParser in = JSON.createParser(body, 0, length)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new NotEtcdException("not a JSON object" + quoted(body, length));
            }
            answer = new AnswerReader(in);
            answer.readAnswer();
            return answer;
        } catch (JsonProcessingException | NumberFormatException e) {
            if (!cut) {
                throw new NotEtcdException("not etcd's JSON" + quoted(body, length));
            }
            if (answer == null || !answer.endPage()) {
                throw new NotEtcdException("an answer over " + length + " bytes");
            }
            return answer;
        }
    }

    /** Ends a page with the entries that were read before the cut. Returns whether there are any. */
    private boolean endPage() {
        if (entries.isEmpty() && openKey != null) {
            // Too large for this service. Without its value it is skipped, and does not block the keys after it.
            entries.add(new KeyValue(openKey, new byte[0], 0, revision));
        }
        more = true;
        cut = true;
        return !entries.isEmpty();
    }

    /** The outermost object; in a stream, also {@code result} and {@code error}. */
    private void readAnswer() throws IOException {
        String name;
        while ((name = next()) != null) {
            switch (name) {
                case "result" -> readResult();
                case "error" -> {
                    if (in.currentToken() == JsonToken.START_OBJECT) {
                        error = "etcd gives no reason";
                        readAnswer();
                    } else {
                        error = text();
                    }
                }
                case "message" -> message = text();
                case "code", "grpc_code" -> code = (int) number();
                case "header" -> readHeader();
                case "ID" -> id = number();
                case "TTL" -> ttl = number();
                case "token" -> token = text();
                case "more" -> more = in.currentToken() == JsonToken.VALUE_TRUE;
                case "succeeded" -> succeeded = in.currentToken() == JsonToken.VALUE_TRUE;
                case "kvs" -> readEntries();
                case "responses" -> readResponses();
                case "created" -> created = in.currentToken() == JsonToken.VALUE_TRUE;
                case "canceled" -> canceled = in.currentToken() == JsonToken.VALUE_TRUE;
                case "compact_revision" -> compactRevision = number();
                case "cancel_reason" -> cancelReason = text();
                case "events" -> readEvents();
                default -> in.skipChildren();
            }
        }
    }

    private void readResult() throws IOException {
        open(JsonToken.START_OBJECT);
        enveloped = true;
        readAnswer();
    }

    private void readHeader() throws IOException {
        open(JsonToken.START_OBJECT);
        String name;
        while ((name = next()) != null) {
            switch (name) {
                case "revision" -> revision = number();
                default -> in.skipChildren();
            }
        }
    }

    /** Of a transaction: of interest is what a read has found. */
    private void readResponses() throws IOException {
        open(JsonToken.START_ARRAY);
        while (in.nextToken() != JsonToken.END_ARRAY) {
            open(JsonToken.START_OBJECT);
            String name;
            while ((name = next()) != null) {
                switch (name) {
                    case "response_range" -> readFound();
                    default -> in.skipChildren();
                }
            }
        }
    }

    private void readFound() throws IOException {
        open(JsonToken.START_OBJECT);
        String name;
        while ((name = next()) != null) {
            switch (name) {
                case "kvs" -> readEntries();
                default -> in.skipChildren();
            }
        }
    }

    private void readEntries() throws IOException {
        open(JsonToken.START_ARRAY);
        entries = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            entries.add(readEntry());
        }
    }

    private void readEvents() throws IOException {
        open(JsonToken.START_ARRAY);
        events = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            events.add(readEvent());
        }
    }

    private WatchEvent readEvent() throws IOException {
        open(JsonToken.START_OBJECT);
        boolean delete = false;
        KeyValue entry = null;
        String name;
        while ((name = next()) != null) {
            switch (name) {
                case "type" -> delete = text().equals("DELETE");
                case "kv" -> entry = readEntry();
                default -> in.skipChildren();
            }
        }
        if (entry == null) {
            throw new NotEtcdException("an event without a key");
        }
        return new WatchEvent(entry.key(), delete ? null : entry, entry.revision());
    }

    private KeyValue readEntry() throws IOException {
        open(JsonToken.START_OBJECT);
        String key = "";
        byte[] value = {};
        long lease = 0;
        long written = 0;
        String name;
        while ((name = next()) != null) {
            switch (name) {
                case "key" -> {
                    key = new String(in.getBinaryValue(), ISO_8859_1);
                    openKey = key;
                }
                case "value" -> value = in.getBinaryValue();
                case "lease" -> lease = number();
                case "mod_revision" -> written = number();
                default -> in.skipChildren();
            }
        }
        openKey = null;
        return new KeyValue(key, value, lease, written);
    }

    /** The next field of this object, with the parser at its value; null at the object's end. */
    private @Nullable String next() throws IOException {
        String name = in.nextFieldName();
        if (name != null) {
            in.nextToken();
        }
        return name;
    }

    private void open(JsonToken token) throws IOException {
        if (in.currentToken() != token) {
            throw new NotEtcdException("not etcd's JSON: " + in.currentToken() + " where " + token + " should be");
        }
    }

    private String text() throws IOException {
        return in.getText();
    }

    private long number() throws IOException {
        return Long.parseLong(in.getText());
    }

    /** The beginning of the body, made printable, so that a user who has mistyped a port may recognize the service. */
    static String quoted(byte[] body, int length) {
        String text = new String(body, 0, Math.min(length, 4 * MAX_QUOTED), UTF_8).strip();
        var shown = new StringBuilder();
        text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .limit(MAX_QUOTED)
                .forEach(shown::appendCodePoint);
        return shown.isEmpty() ? "" : ": " + shown;
    }
}
