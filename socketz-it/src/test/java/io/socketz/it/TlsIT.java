package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS as people use it: the commands, openssl, and a real HAProxy in front, which passes TLS on or ends it. */
class TlsIT {
    private static final Path FILES = Checkout.home().resolve("socketz-server/src/test/resources/tls");

    @TempDir
    private static Path folder;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(
                "--host",
                "127.0.0.1",
                "--tls-cert",
                file("server.pem"),
                "--tls-key",
                file("server.key"),
                "--proxy-from",
                "127.0.0.3",
                "-v");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String file(String name) {
        return FILES.resolve(name).toString();
    }

    private static Child.Result socketz(String... arguments) throws Exception {
        return Child.of(Checkout.socketz(arguments)).run();
    }

    private static Child.Result connect(int port, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("connect", "--timeout", "60s", "-e", "WHY", "-e", "WHERE"));
        arguments.addAll(List.of(options));
        arguments.add("127.0.0.1:" + port);
        return socketz(arguments.toArray(String[]::new));
    }

    @Test
    void theCommandsSpeakTls() throws Exception {
        String address = "localhost:" + server.port();
        assertThat(connect(server.port(), "--tls-ca", file("authority.pem")).out())
                .isEqualTo("42\n" + server.id() + "\n");
        assertThat(socketz("servers", "--timeout", "60s", "--tls", "--tls-ca", file("authority.pem"), address)
                        .out())
                .contains("answered by");
        Child.Result bench =
                socketz("bench", "-c", "10", "-n", "20000", "--no-ceiling", "--tls-ca", file("authority.pem"), address);
        assertThat(bench.status()).as(bench.toString()).isZero();
        assertThat(bench.out()).contains("20,000");
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws Exception {
        assertThat(connect(server.port(), "--tls"))
                .satisfies(result -> assertThat(result.status()).isEqualTo(3))
                .satisfies(result -> assertThat(result.err())
                        .contains("certificate not trusted: ")
                        .hasLineCount(1));
        try (ServerProcess plain = ServerProcess.start("--host", "127.0.0.1")) {
            assertThat(connect(plain.port(), "--tls").err())
                    .contains("the server does not speak TLS")
                    .hasLineCount(1);
        }
        assertThat(connect(server.port(), "--tls-ca", "none.pem").err())
                .startsWith("socketz connect: none.pem: no such file");
        assertThat(socketz("serve", "--tls-cert", file("server.pem")).err())
                .startsWith("socketz serve: --tls-cert needs --tls-key");
        assertThat(socketz("serve", "-p", "0", "--tls-cert", file("server.pem"), "--tls-key", file("client.key"))
                        .err())
                .contains("client.key: the key is not that of the certificate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-tls1_3 | TLSv1.3",
                "-tls1_2 | TLSv1.2",
                "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305 | TLSv1.2",
            })
    void opensslIsServed(String options, String protocol) throws Exception {
        Child.Result result = openssl(options);
        assertThat(result.out()).contains(protocol).contains("Verify return code: 0 (ok)");
    }

    /** Old protocols, and ciphers without forward secrecy or authentication. */
    @ParameterizedTest
    @CsvSource({
        "-tls1_1 -cipher ALL",
        "-tls1 -cipher ALL",
        "-tls1_2 -cipher AES128-SHA",
        "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA",
        "-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA384"
    })
    void whatIsOldIsRefused(String options) throws Exception {
        Child.Result result = openssl(options + ":@SECLEVEL=0");
        assertThat(result.out()).contains("Cipher is (NONE)");
        server.awaitLine("TLS_HANDSHAKE_FAILED");
    }

    /** The handshake alone: standard input is at its end. */
    private static Child.Result openssl(String options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Checkout.tool("openssl"),
                "s_client",
                "-connect",
                "127.0.0.1:" + server.port(),
                "-CAfile",
                file("authority.pem")));
        command.addAll(List.of(options.split(" ")));
        return Child.of(command).run();
    }

    @Test
    void haproxyPassesTlsOn() throws Exception {
        try (ServerProcess first = behindHaproxy("--tls-cert", file("server.pem"), "--tls-key", file("server.key"));
                HaproxyProcess haproxy = HaproxyProcess.start(HaproxyProcess.variables(first))) {
            haproxy.await("server01", "check_status", "L7OK");
            assertThat(connect(haproxy.port(), "--tls-ca", file("authority.pem"))
                            .out())
                    .isEqualTo("42\n" + first.id() + "\n");
            first.awaitLine("connection from: 127.0.0.1:");
        }
    }

    @Test
    void haproxyEndsTls() throws Exception {
        Path both = folder.resolve("haproxy.pem");
        Files.writeString(
                both, Files.readString(FILES.resolve("server.pem")) + Files.readString(FILES.resolve("server.key")));
        try (ServerProcess first = behindHaproxy()) {
            Map<String, String> variables = new HashMap<>(HaproxyProcess.variables(first));
            variables.put("SOCKETZ_TLS", both.toString());
            try (HaproxyProcess haproxy = HaproxyProcess.start(variables)) {
                haproxy.await("server01", "check_status", "L7OK");
                assertThat(connect(haproxy.port(), "--tls-ca", file("authority.pem"))
                                .out())
                        .isEqualTo("42\n" + first.id() + "\n");
            }
        }
    }

    private static ServerProcess behindHaproxy(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--proxy-from", "127.0.0.1", "--agent-port", "0"));
        all.addAll(List.of(options));
        return ServerProcess.start(all.toArray(String[]::new));
    }
}
