package io.socketz.server.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.socketz.protocol.address.IpLiteral;
import io.socketz.server.nio.ErrorText;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets through what the admin listener answers: {@code GET} and {@code HEAD}, for a path that there is. On loopback the
 * {@code Host} must be this machine, too: otherwise any page in a browser here could read the answers, by a name of its own that
 * it has resolve to 127.0.0.1 (DNS rebinding).
 */
final class AdminHandler implements HttpHandler {
    /** Answers by itself, for as long as it takes. */
    @FunctionalInterface
    interface Stream {
        /** Takes over {@code exchange}. */
        void open(HttpExchange exchange, QueryParameters query) throws IOException, BadRequestException;
    }

    private static final String API = "/api/";

    /** Answers of the API at a time: each may take megabytes until its reader has it. Health does not wait for them. */
    private static final int MAX_API_ANSWERS = 8;

    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final boolean loopback;
    private final Consumer<String> warnings;
    private final Semaphore apiAnswers = new Semaphore(MAX_API_ANSWERS);
    private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Map<String, Stream> streams = new ConcurrentHashMap<>();

    /**
     * Answers nothing yet.
     *
     * @param loopback whether only this machine can connect
     * @param warnings hears of defects
     */
    AdminHandler(boolean loopback, Consumer<String> warnings) {
        this.loopback = loopback;
        this.warnings = warnings;
    }

    /** From now on, {@code endpoint} answers requests for {@code path}. */
    void add(String path, Endpoint endpoint) {
        endpoints.put(path, endpoint);
    }

    /** From now on, {@code stream} answers requests for {@code path}. */
    void add(String path, Stream stream) {
        streams.put(path, stream);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        addHeaders(exchange.getResponseHeaders());
        String path = exchange.getRequestURI().getRawPath();
        Stream stream = streams.get(path);
        HttpResponse refusal = refusal(exchange, path);
        if (refusal != null) {
            send(exchange, refusal);
        } else if (stream != null) {
            open(exchange, stream);
        } else if (path.startsWith(API)) {
            apiAnswers.acquireUninterruptibly();
            try {
                send(exchange, answer(exchange, path));
            } finally {
                apiAnswers.release();
            }
        } else {
            send(exchange, answer(exchange, path));
        }
    }

    private static void addHeaders(Headers headers) {
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Content-Type-Options", "nosniff");
    }

    private @Nullable HttpResponse refusal(HttpExchange exchange, String path) {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return HttpResponse.text(405, "expected GET or HEAD: this port only shows");
        }
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (loopback && host != null && !isThisMachine(host)) {
            return HttpResponse.text(421, "expected 'Host: localhost' or an address of loopback");
        }
        return endpoints.containsKey(path) || streams.containsKey(path)
                ? null
                : HttpResponse.text(404, "expected /, /livez, /readyz, /metrics or /api/servers");
    }

    /** {@code localhost:9151}, {@code 127.0.0.1}, {@code [::1]:9151}. */
    private static boolean isThisMachine(String host) {
        String name = host.replaceFirst(":[0-9]{0,5}$", "");
        if (name.equalsIgnoreCase("localhost")) {
            return true;
        }
        boolean bracketed = name.startsWith("[") && name.endsWith("]");
        return IpLiteral.parse(bracketed ? name.substring(1, name.length() - 1) : name)
                .filter(InetAddress::isLoopbackAddress)
                .isPresent();
    }

    private HttpResponse answer(HttpExchange exchange, String path) {
        try {
            Endpoint endpoint = endpoints.get(path);
            return endpoint == null
                    ? HttpResponse.text(404, "nothing is here")
                    : endpoint.answer(
                            QueryParameters.parse(exchange.getRequestURI().getRawQuery()));
        } catch (BadRequestException e) {
            return badRequest(path, e);
        } catch (RuntimeException | Error e) {
            warnings.accept("a request for " + path + " failed: " + ErrorText.ofDefect(e));
            return HttpResponse.text(500, "a defect of the server; its log says more");
        }
    }

    private static HttpResponse badRequest(String path, BadRequestException e) {
        String expected = String.valueOf(e.getMessage());
        return path.startsWith(API)
                ? HttpResponse.jsonError(400, "BAD_ARGUMENT", expected)
                : HttpResponse.text(400, expected);
    }

    private static void open(HttpExchange exchange, Stream stream) throws IOException {
        try {
            stream.open(exchange, QueryParameters.parse(exchange.getRequestURI().getRawQuery()));
        } catch (BadRequestException e) {
            send(exchange, badRequest(exchange.getRequestURI().getRawPath(), e));
        }
    }

    /** Sends the whole answer. */
    static void send(HttpExchange exchange, HttpResponse response) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", response.contentType);
        response.headers.forEach(headers::set);
        boolean hasBody = !exchange.getRequestMethod().equals("HEAD");
        if (!hasBody) {
            headers.set("Content-Length", String.valueOf(response.body.length));
        }
        exchange.sendResponseHeaders(response.status, hasBody ? response.body.length : -1);
        try (OutputStream out = exchange.getResponseBody()) {
            if (hasBody) {
                out.write(response.body);
            }
        }
        exchange.close();
    }
}
