package io.socketz.it;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A real Prometheus on loopback, asked by its HTTP API. */
final class Prometheus implements AutoCloseable {
    /** What it answers to everything while it reads its data. */
    private static final int STARTING = 503;

    private static final String CHECKER = "promtool";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Polling.LIMIT)
            .build();
    private final Child child;
    private final String api;

    private Prometheus(Child child, int port) {
        this.child = child;
        this.api = "http://127.0.0.1:" + port + "/api/v1/";
    }

    /** Whether this machine has what {@link #start} and {@link #check} need. */
    static boolean isInstalled() {
        return Programs.find("prometheus").isPresent() && Programs.find(CHECKER).isPresent();
    }

    /** Starts it with this configuration; its data go into {@code folder}. */
    static Prometheus start(Path folder, Path config) throws Exception {
        int port = FreePorts.take(1).get(0);
        Child child = Child.of(List.of(
                        Checkout.tool("prometheus"),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn"))
                .start();
        return new Prometheus(child, port);
    }

    /** Lets promtool check files in {@code folder}; fails with what it says. */
    static void check(Path folder, String... arguments) throws Exception {
        Child.Result result = Child.of(List.of(Checkout.tool(CHECKER)))
                .append(arguments)
                .shell("cd '" + folder + "' && exec \"$@\"")
                .run();
        if (result.status() != 0) {
            throw new AssertionError(String.join(" ", arguments) + "\n" + result.out() + result.err());
        }
    }

    /** The servers that it scrapes: {@code labels}, {@code health}, ... Empty while it is not ready yet. */
    List<JsonValue> targets() throws Exception {
        try {
            String request = "targets?state=active";
            HttpResponse<String> answer = send(request);
            return answer.statusCode() == STARTING
                    ? List.of()
                    : data(request, answer).get("activeTargets").items();
        } catch (ConnectException e) {
            if (!child.isAlive()) {
                throw new AssertionError(child.printed(), e);
            }
            return List.of();
        }
    }

    /** The rules for alerts: {@code name}, {@code query}, {@code health}, ... */
    List<JsonValue> rules() throws Exception {
        return get("rules").get("groups").items().stream()
                .flatMap(group -> group.get("rules").items().stream())
                .toList();
    }

    /** The alerts that are pending or firing: {@code labels}, {@code annotations}, {@code state}, ... */
    List<JsonValue> alerts() throws Exception {
        return get("alerts").get("alerts").items();
    }

    /** The values that an expression has now; fails if it is none. */
    List<Double> query(String expression) throws Exception {
        return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .get("result")
                .items()
                .stream()
                .map(sample ->
                        Double.valueOf(sample.get("value").items().get(1).text().replace("Inf", "Infinity")))
                .toList();
    }

    private JsonValue get(String request) throws IOException, InterruptedException {
        return data(request, send(request));
    }

    private HttpResponse<String> send(String request) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(api + request))
                        .timeout(Polling.LIMIT)
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonValue data(String request, HttpResponse<String> answer) throws IOException {
        JsonValue json = JsonValue.parse(answer.body());
        if (!json.get("status").text().equals("success")) {
            throw new AssertionError(request + "\n" + answer.body());
        }
        return json.get("data");
    }

    @Override
    public void close() {
        child.close();
    }
}
