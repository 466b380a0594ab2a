package io.socketz.server.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.socketz.protocol.address.IpLiteral;
import io.socketz.server.nio.ErrorText;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Lets through what the admin listener answers: {@code GET} and {@code HEAD}, for a path that there is. On loopback the
 * {@code Host} must be this machine, too: otherwise any page in a browser here could read the answers, by a name of its own that
 * it has resolve to 127.0.0.1 (DNS rebinding).
 */
final class AdminHandler implements HttpHandler {
    private static final String API = "/api/";

    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final boolean loopback;
    private final Consumer<String> warnings;
    private final AnswerTime time;
    private final ApiPlaces api = new ApiPlaces();
    private final Map<String, Route> routes = new ConcurrentHashMap<>();

    /**
     * Answers nothing yet.
     *
     * @param loopback whether only this machine can connect
     * @param time limits answers that are no streams
     * @param warnings hears of defects
     */
    AdminHandler(boolean loopback, AnswerTime time, Consumer<String> warnings) {
        this.loopback = loopback;
        this.time = time;
        this.warnings = warnings;
    }

    /** From now on, {@code endpoint} answers requests for {@code path}. */
    void add(String path, Endpoint endpoint) {
        add(path, path.startsWith(API) ? api.route(endpoint) : route(endpoint));
    }

    /** From now on, {@code route} takes requests for {@code path}. */
    void add(String path, Route route) {
        routes.put(path, route);
    }

    private static Route route(Endpoint endpoint) {
        return (exchange, query) -> endpoint.answer(query).send(exchange);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        AnswerTime.Limit limit = time.begin();
        try {
            answer(exchange);
        } finally {
            limit.end();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        addHeaders(exchange.getResponseHeaders());
        String path = exchange.getRequestURI().getRawPath();
        Route route = routes.get(path);
        Optional<HttpResponse> refusal = refusal(exchange);
        if (refusal.isPresent()) {
            refusal.get().send(exchange);
        } else if (route == null) {
            HttpResponse.text(404, "expected /, /livez, /readyz, /metrics or /api/servers")
                    .send(exchange);
        } else {
            open(route, exchange, path);
        }
    }

    private void open(Route route, HttpExchange exchange, String path) throws IOException {
        try {
            route.open(exchange, QueryParameters.parse(exchange.getRequestURI().getRawQuery()));
        } catch (BadRequestException e) {
            badRequest(path, e).send(exchange);
        } catch (RuntimeException | Error e) {
            warnings.accept("a request for " + path + " failed: " + ErrorText.ofDefect(e));
            HttpResponse.text(500, "a defect of the server: see its log").send(exchange);
        }
    }

    private static void addHeaders(Headers headers) {
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Content-Type-Options", "nosniff");
    }

    private Optional<HttpResponse> refusal(HttpExchange exchange) {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return Optional.of(HttpResponse.text(405, "expected GET or HEAD: this port is read-only"));
        }
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (loopback && host != null && !isThisMachine(host)) {
            return Optional.of(HttpResponse.text(421, "expected 'Host: localhost' or an address of loopback"));
        }
        return Optional.empty();
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

    private static HttpResponse badRequest(String path, BadRequestException e) {
        String expected = String.valueOf(e.getMessage());
        return path.startsWith(API)
                ? HttpResponse.jsonError(400, "BAD_ARGUMENT", expected)
                : HttpResponse.text(400, expected);
    }
}
