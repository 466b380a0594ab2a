package io.socketz.it;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.socketz.protocol.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A headless Chromium, driven by its chromedriver (W3C WebDriver). A few of its commands are all that is needed here: Selenium
 * would bring 30 jars, and a program that downloads browsers.
 */
final class Browser implements AutoCloseable {
    /** Keys as WebDriver names them. */
    static final String TAB = "\ue004";

    static final String ENTER = "\ue007";

    private static final String STARTED = "started successfully on port ";
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    /** The sandbox refuses to work for root, and in many containers; and nothing may ask the outside. */
    private static final List<String> ARGUMENTS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--hide-scrollbars",
            "--proxy-server=direct://",
            "--window-size=1200,900");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Polling.LIMIT)
            .build();
    private final JsonFactory json = new JsonFactory();
    private final Child driver;
    private final String session;

    private Browser(Child driver, String program) throws Exception {
        this.driver = driver;
        String line = driver.out().await(STARTED);
        String port = line.substring(line.indexOf(STARTED) + STARTED.length()).replaceAll("[^0-9].*", "");
        String root = "http://127.0.0.1:" + port + "/session";
        this.session = root + "/" + send(post(root, capabilities(program)), "sessionId");
    }

    private static String capabilities(String program) {
        JsonObject options = new JsonObject();
        options.text("binary", program);
        options.texts("args", ARGUMENTS);
        JsonObject logs = new JsonObject();
        logs.text("browser", "ALL");
        JsonObject wanted = new JsonObject();
        wanted.text("browserName", "chrome");
        wanted.object("goog:chromeOptions", options);
        wanted.object("goog:loggingPrefs", logs);
        JsonObject capabilities = new JsonObject();
        capabilities.object("alwaysMatch", wanted);
        JsonObject request = new JsonObject();
        request.object("capabilities", capabilities);
        return request.toString();
    }

    /** Whether this machine has what {@link #start} needs. */
    static boolean isInstalled() {
        return program().isPresent() && Programs.find("chromedriver").isPresent();
    }

    private static Optional<String> program() {
        return NAMES.stream().flatMap(name -> Programs.find(name).stream()).findFirst();
    }

    static Browser start() throws Exception {
        Child driver = Child.of(List.of(Programs.find("chromedriver").orElseThrow(), "--port=0"))
                .start();
        try {
            return new Browser(driver, program().orElseThrow());
        } catch (Exception | AssertionError e) {
            driver.close();
            throw e;
        }
    }

    void open(String url) throws Exception {
        JsonObject request = new JsonObject();
        request.text("url", url);
        ask("/url", request);
    }

    /** Runs the body of a function; what it returns, as text. */
    String run(String script) throws Exception {
        JsonObject request = new JsonObject();
        request.text("script", script);
        request.texts("args", List.of());
        return ask("/execute/sync", request);
    }

    /** The text that is to be seen in the first element that {@code selector} finds. */
    String text(String selector) throws Exception {
        return run("return document.querySelector(`" + selector + "`)?.innerText ?? ''");
    }

    /** Types into a field, after what is there. */
    void type(String selector, String text) throws Exception {
        typeInto(element("/element", selector), text);
    }

    void clear(String selector) throws Exception {
        ask("/element/" + element("/element", selector) + "/clear", new JsonObject());
    }

    void click(String selector) throws Exception {
        ask("/element/" + element("/element", selector) + "/click", new JsonObject());
    }

    /** Presses a key wherever the focus is. */
    void press(String key) throws Exception {
        typeInto(send(get(session + "/element/active"), "value"), key);
    }

    private void typeInto(String element, String text) throws Exception {
        JsonObject request = new JsonObject();
        request.text("text", text);
        ask("/element/" + element + "/value", request);
    }

    private String element(String path, String selector) throws Exception {
        JsonObject request = new JsonObject();
        request.text("using", "css selector");
        request.text("value", selector);
        return ask(path, request);
    }

    /** Sets the size of what is to be seen of a page. */
    void resize(int width, int height) throws Exception {
        JsonObject size = new JsonObject();
        size.number("width", width);
        size.number("height", height);
        size.number("deviceScaleFactor", 1);
        size.flag("mobile", false);
        tool("Emulation.setDeviceMetricsOverride", size);
    }

    /** Has pages believe that the user likes it {@code light} or {@code dark}. */
    void prefer(String scheme) throws Exception {
        JsonObject feature = new JsonObject();
        feature.text("name", "prefers-color-scheme");
        feature.text("value", scheme);
        JsonObject media = new JsonObject();
        media.objects("features", List.of(feature));
        tool("Emulation.setEmulatedMedia", media);
    }

    private void tool(String command, JsonObject parameters) throws Exception {
        JsonObject request = new JsonObject();
        request.text("cmd", command);
        request.object("params", parameters);
        ask("/goog/cdp/execute", request);
    }

    /** A picture of the top of the page. */
    void photograph(int width, int height, Path file) throws Exception {
        resize(width, height);
        run("scrollTo(0, 0)");
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(send(get(session + "/screenshot"), "value")));
    }

    /** What pages have written to the console since this was last asked, as JSON. */
    String console() throws Exception {
        JsonObject request = new JsonObject();
        request.text("type", "browser");
        return answer(post(session + "/se/log", request.toString()));
    }

    private String ask(String path, JsonObject body) throws Exception {
        return send(post(session + path, body.toString()), "value");
    }

    private static HttpRequest.Builder post(String url, String body) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder get(String url) {
        return HttpRequest.newBuilder(URI.create(url));
    }

    /** The field of the answer; of a reference to an element, the reference. */
    private String send(HttpRequest.Builder request, String field) throws Exception {
        return field(answer(request), field);
    }

    private String answer(HttpRequest.Builder request) throws Exception {
        var response = http.send(request.timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError("chromedriver: " + response.body());
        }
        return response.body();
    }

    private String field(String answer, String field) throws IOException {
        try (JsonParser parser = json.createParser(answer)) {
            while (parser.nextToken() != null) {
                boolean isFound = parser.currentToken() == JsonToken.FIELD_NAME
                        && parser.currentName().equals(field);
                if (isFound) {
                    JsonToken value = parser.nextToken();
                    if (value != JsonToken.START_OBJECT) {
                        return parser.getText();
                    }
                    if (parser.nextToken() == JsonToken.FIELD_NAME
                            && parser.nextToken().isScalarValue()) {
                        return parser.getText();
                    }
                }
            }
        }
        return "";
    }

    /** Ends chromedriver, and Chromium with it. */
    @Override
    public void close() {
        driver.close();
    }
}
