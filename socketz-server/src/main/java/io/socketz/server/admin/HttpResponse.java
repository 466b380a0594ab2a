package io.socketz.server.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.socketz.protocol.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The answer to a request. */
final class HttpResponse {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    /** As much as each of 200 readers may keep. */
    private static final int MAX_SMALL_BYTES = 64 << 10;

    /** The JDK's server copies all that is written at once. */
    private static final int PIECE_BYTES = 16 << 10;

    private final int status;
    private final String contentType;

    /** Beside those that every answer has. */
    private final Map<String, String> headers;

    private final byte[] body;

    /** @param status of HTTP (RFC 9110, section 15) */
    HttpResponse(int status, String contentType, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.headers = headers;
        this.body = body;
    }

    /** Some lines for people. */
    static HttpResponse text(int status, String text) {
        return new HttpResponse(status, TEXT, Map.of(), bytes(text + "\n"));
    }

    /** An answer for programs. */
    static HttpResponse json(int status, JsonObject json) {
        return new HttpResponse(status, JSON, Map.of(), bytes(json + "\n"));
    }

    /** An error for programs, as {@code connect --json} prints it. */
    static HttpResponse jsonError(int status, String code, String text) {
        JsonObject json = new JsonObject();
        json.text("error", code);
        json.text("message", text);
        return json(status, json);
    }

    /** The same with one more header. */
    HttpResponse with(String header, String value) {
        return new HttpResponse(status, contentType, Map.of(header, value), body);
    }

    /** Whether so many readers cannot all keep such an answer. */
    boolean isLarge() {
        return body.length > MAX_SMALL_BYTES;
    }

    /** Sends all of it. */
    void send(HttpExchange exchange) throws IOException {
        Headers sent = exchange.getResponseHeaders();
        sent.set("Content-Type", contentType);
        headers.forEach(sent::set);
        boolean hasBody = !exchange.getRequestMethod().equals("HEAD");
        if (!hasBody) {
            sent.set("Content-Length", String.valueOf(body.length));
        }
        exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int from = 0; hasBody && from < body.length; from += PIECE_BYTES) {
                out.write(body, from, Math.min(PIECE_BYTES, body.length - from));
            }
        }
        exchange.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
