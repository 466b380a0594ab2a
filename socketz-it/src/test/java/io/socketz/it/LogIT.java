package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real server prints in the formats for logs. */
class LogIT {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @TempDir
    Path directory;

    /** Fields of a line, which must be one JSON object of texts and numbers. */
    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                assertThat(parser.nextToken().isScalarValue()).isTrue();
                assertThat(fields.put(name, parser.getText())).isNull();
            }
            assertThat(parser.currentToken()).isEqualTo(JsonToken.END_OBJECT);
            assertThat(parser.nextToken()).isNull();
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
        return fields;
    }

    private static Map<String, String> only(List<Map<String, String>> lines, String event) {
        List<Map<String, String>> found =
                lines.stream().filter(line -> event.equals(line.get("event"))).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void jsonTellsOfAClientFromItsBeginningToItsEnd() throws Exception {
        try (ServerProcess server =
                        ServerProcess.start("--log-format=json", "--name=server01", "--proxy-from=127.0.0.1");
                PlainClient client = PlainClient.connect(server.port())) {
            client.send("PROXY TCP4 192.0.2.7 192.0.2.1 4711 5151\r\nNAME bob\nQUIT\n");
            assertThat(client.rest()).contains("bob");
            server.awaitLine("\"closed\"");
            Child.Result result = server.stop();
            assertThat(result.status()).isZero();
            assertThat(result.err()).isEmpty();

            List<Map<String, String>> lines =
                    result.out().lines().map(LogIT::fields).toList();
            assertThat(lines).allSatisfy(line -> {
                assertThat(line).containsEntry("server", "server01").containsEntry("level", "info");
                assertThat(line.get("time")).matches(TIME);
                assertThat(line.get("message")).isNotEmpty();
            });
            assertThat(lines)
                    .extracting(line -> line.get("event"))
                    .containsExactly("starting", "listening", "connected", "closed", "stopping");
            String id = server.id() + "/1";
            assertThat(only(lines, "connected"))
                    .containsEntry("id", id)
                    .containsEntry("addr", "192.0.2.7:4711")
                    .containsEntry("via", client.address());
            assertThat(only(lines, "closed"))
                    .containsEntry("id", id)
                    .containsEntry("addr", "192.0.2.7:4711")
                    .containsEntry("via", client.address())
                    .containsEntry("name", "bob")
                    .containsEntry("reason", "CLIENT_QUIT")
                    .hasEntrySatisfying(
                            "duration", seconds -> assertThat(seconds).matches("\\d+\\.\\d{3}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--log-level=debug", "--verbose"})
    void textTellsTimeLevelAndServerOfEachLine(String option) throws Exception {
        try (ServerProcess server = ServerProcess.start("--log-format=text", option);
                PlainClient client = PlainClient.greeted(server.port())) {
            assertThat(client.ask("WHY")).isEqualTo("42");
            server.awaitLine("sent reply");
            Child.Result result = server.stop();
            assertThat(result.err()).isEmpty();
            String name = server.name();
            Pattern known = Pattern.compile(TIME + " (info|debug) " + name + " .+");
            assertThat(result.out().lines().skip(1))
                    .allMatch(line -> known.matcher(line).matches());
            assertThat(result.out())
                    .containsPattern(TIME + " info - Starting server")
                    .contains(" info " + name + " connection from: " + client.address() + "\n")
                    .contains(" debug " + name + " sent reply to " + client.address() + "\n")
                    .contains(" info " + name + " connection closed: " + client.address() + " SERVER_STOPPING\n");
        }
    }

    @Test
    void aLevelHidesWhatMattersLess() throws Exception {
        try (Child server = ServerProcess.command("--log-format=text", "--log-level=warning", "--name=server01")
                .environment("SOCKETZ_PROT", "1")
                .start()) {
            server.out().await("SOCKETZ_PROT (did you mean SOCKETZ_PORT?)");
            server.signal("TERM");
            Child.Result result = server.await();
            assertThat(result.status()).isZero();
            assertThat(result.err()).isEmpty();
            assertThat(result.out())
                    .matches(TIME + " warning server01 not an option of 'socketz serve': SOCKETZ_PROT .*\n");
        }
    }

    /** Java's file of levels, with which the libraries are sure to have something to say. */
    private Path levels() throws IOException {
        return Files.writeString(directory.resolve("logging.properties"), "io.grpc.level = FINE\n");
    }

    @Test
    void whatLibrariesLogHasTheFormatOfTheServer() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                ServerProcess.command("--log-format=json", "-v", "--state=etcd", "--etcd=http://127.0.0.1:1")
                        .environment("SOCKETZ_JAVA_OPTS", "-Djava.util.logging.config.file=" + levels()))) {
            server.awaitLine("\"library\"");
            server.awaitLine("\"etcd\"");
            assertThat(server.process().err().text()).isEmpty();
            assertThat(server.process().out().lines().stream().map(LogIT::fields))
                    .anySatisfy(line -> assertThat(line)
                            .containsEntry("event", "library")
                            .hasEntrySatisfying(
                                    "logger", logger -> assertThat(logger).startsWith("io.")))
                    .anySatisfy(line -> assertThat(line).containsEntry("event", "etcd"));
        }
    }
}
