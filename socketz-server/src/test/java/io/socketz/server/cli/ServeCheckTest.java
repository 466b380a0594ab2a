package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code serve --check}: what it finds without serving. */
class ServeCheckTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** The exit status of {@code serve --check ARGUMENTS}. */
    private int check(String... arguments) {
        CommandLine line = Main.commandLine(environment);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("serve", "--check"));
        all.addAll(List.of(arguments));
        return line.execute(all.toArray(String[]::new));
    }

    private String file(String name, String content) throws Exception {
        Path file = Files.writeString(folder.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }

    /** A server on this machine that answers every request of etcd's gateway with {@code body}. */
    private static HttpServer gateway(int status, String body) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void whatIsWellHasALineOnStandardOutput() throws Exception {
        String tokens = file("tokens", "0".repeat(64) + " alice\n");
        String settings = file("socketz.properties", "port = 0\nadmin-port = 0\nadmin-tokens = " + tokens + "\n");
        assertThat(check("--config", settings)).isZero();
        assertThat(err).hasToString("");
        assertThat(out.toString().lines())
                .containsExactly(
                        "ok: options, with 3 settings in " + settings,
                        "ok: --admin-tokens: " + tokens,
                        "ok: --port: any free port",
                        "ok: --admin-port: any free port");
    }

    @Test
    void aPortInUseIsAWarningAndItsServerIsNotDisturbed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            String address = "127.0.0.1:" + server.getLocalPort();
            assertThat(check("-H", "127.0.0.1", "-p", Integer.toString(server.getLocalPort())))
                    .isZero();
            assertThat(err)
                    .hasToString("warning: --port: " + address + " is in use: a server cannot start while it is\n");
            try (Socket client = new Socket(LOOPBACK, server.getLocalPort());
                    Socket accepted = server.accept()) {
                assertThat(accepted.getPort()).isEqualTo(client.getLocalPort()); // nobody connected before
            }
        }
    }

    @Test
    void everyErrorIsFoundAtOnce() throws Exception {
        String tokens = file("tokens", "secret\n");
        assertThat(check(
                        "--host=192.0.2.1", // reserved for documentation (RFC 5737)
                        "--port=0",
                        "--admin-host=no.such.host.invalid",
                        "--admin-port=0",
                        "--admin-tokens=" + tokens))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "error: --admin-tokens: " + tokens
                                + ": line 1 does not begin with a SHA-256 of 64 hexadecimal digits",
                        "error: '192.0.2.1' is not an address of this machine: name another with --host",
                        "error: no address is known for 'no.such.host.invalid': name another with --admin-host");
    }

    @Test
    void twoPortsOfOneServerDiffer() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            port = free.getLocalPort();
        }
        assertThat(check("--port=" + port, "--agent-port=0", "--admin-host=127.0.0.1", "--admin-port=" + port))
                .isEqualTo(2);
        assertThat(err)
                .hasToString("error: --admin-port: 127.0.0.1:" + port + " is already that of --port: choose another\n");
    }

    @Test
    void whatAServerWarnsOfAtItsStartIsAWarningHere() throws Exception {
        environment.put("SOCKETZ_PROT", "1");
        String tokens = file("tokens", "0".repeat(64));
        Files.setPosixFilePermissions(Path.of(tokens), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(check("--port=0", "--admin-tokens=" + tokens)).isZero();
        assertThat(err.toString().lines())
                .containsExactly(
                        "warning: not an option of 'socketz serve': SOCKETZ_PROT (did you mean SOCKETZ_PORT?)",
                        "warning: --admin-tokens: every user of this machine may read " + tokens
                                + " (mode 0644): chmod 600 " + tokens);
    }

    @Test
    void wrongOptionsAreReportedAsWithoutACheck() throws Exception {
        assertThat(check("--state=etcd", "--etcd-user=root", "--etcd-password-file=" + folder.resolve("none")))
                .isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("socketz serve: --etcd-password-file: " + folder.resolve("none")
                        + ": no such file; see 'socketz serve --help'\n");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd", "gateway"})
    void anEtcdThatCannotBeReachedIsAWarning(String state) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            port = free.getLocalPort();
        }
        assertThat(check("--port=0", "--state=" + state, "--etcd=http://127.0.0.1:" + port))
                .isZero();
        assertThat(err.toString())
                .startsWith("warning: --etcd: http://127.0.0.1:" + port + ": ")
                .endsWith("; until it answers, a server serves from memory\n")
                .hasLineCount(1);
    }

    @Test
    void eachEtcdHasALine() throws Exception {
        HttpServer etcd = gateway(200, "{\"header\":{\"revision\":\"42\"}}");
        HttpServer other = gateway(200, "<html>");
        HttpServer locked = gateway(403, "{\"code\":7,\"message\":\"etcdserver: permission denied\"}");
        try {
            List<URI> urls = Stream.of(etcd, other, locked)
                    .map(server ->
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                    .toList();
            Cluster cluster = new Cluster(true, EtcdOptions.of(urls), ClusterSettings.DEFAULT, null);
            CheckReport report = new CheckReport(new PrintWriter(out), new PrintWriter(err));

            // A busy machine may need more than the usual time to load the HTTP client.
            EtcdCheck.run(cluster, report, Duration.ofSeconds(60));

            assertThat(report.status()).isEqualTo(2);
            assertThat(out.toString().lines()).contains("ok: --etcd: " + urls.get(0) + " answers, at revision 42");
            assertThat(err.toString().lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("error: --etcd: what answers is not etcd: " + urls.get(1)),
                            line -> assertThat(line)
                                    .startsWith("error: --etcd-user: etcd refuses the user: " + urls.get(2)));
        } finally {
            etcd.stop(0);
            other.stop(0);
            locked.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEtcdThatNeverAnswersEndsTheCheckAfterAWhile(boolean gateway) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, LOOPBACK)) {
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            Cluster cluster = new Cluster(gateway, EtcdOptions.of(List.of(url)), ClusterSettings.DEFAULT, null);
            CheckReport report = new CheckReport(new PrintWriter(out), new PrintWriter(err));
            EtcdCheck.run(cluster, report, Duration.ofMillis(100));
            assertThat(err)
                    .hasToString("warning: --etcd: " + url
                            + ": no answer within 100ms; until it answers, a server serves from memory\n");
            assertThat(report.status()).isZero();
        }
    }
}
