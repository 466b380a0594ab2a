package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that is a module runs a server and asks it by the client library; {@link ExamplesIT} does so on the class path.
 * Its cluster is as docs/embedding.md says: over etcd's gateway with modules alone, over gRPC with libraries on the class
 * path.
 */
class ModulePathIT {
    private static final List<String> SOCKETZ =
            List.of("socketz-server", "socketz-client", "socketz-state", "socketz-protocol");

    private static final String IN_MEMORY = """
            module embedding {
                requires io.socketz.client;
                requires io.socketz.server;
            }
            """;

    private static final String OVER_THE_GATEWAY = """
            module embedding {
                requires com.fasterxml.jackson.core;
                requires io.socketz.client;
                requires io.socketz.server;
                requires org.apache.httpcomponents.core5.httpcore5;
            }
            """;

    /** Prints what a client is told, and then, in a cluster, runs until it is killed. */
    private static final String PROGRAM = """
            package embedding;

            import io.socketz.client.SocketzClient;
            import io.socketz.server.SocketzServer;
            import io.socketz.state.etcd.ClusterSettings;
            import io.socketz.state.etcd.EtcdRegistry;
            import io.socketz.state.etcd.EtcdRegistryListener;
            import io.socketz.state.etcd.transport.EtcdOptions;
            import io.socketz.state.gateway.GatewayTransport;
            import java.net.URI;
            import java.util.List;
            import java.util.concurrent.CountDownLatch;

            public class Embedding {
                public static void main(String[] args) throws Exception {
                    SocketzServer.Builder builder = SocketzServer.builder().host("127.0.0.1").port(0);
                    if (args.length > 0) {
                        EtcdOptions etcd = EtcdOptions.of(List.of(URI.create(args[1])));
                        if (args[0].equals("gRPC")) builder.cluster(etcd);
                        else builder.registry(EtcdRegistry.factory(ClusterSettings.DEFAULT,
                                owner -> new GatewayTransport(etcd, owner), new EtcdRegistryListener() {}));
                    }
                    try (SocketzServer server = builder.start();
                            SocketzClient client = SocketzClient.builder()
                                    .addresses("127.0.0.1:" + server.address().getPort()).connect()) {
                        System.out.println("WHY: " + client.why().get());
                        System.out.println("WHO: " + client.who().get().addresses());
                        if (args.length > 0) new CountDownLatch(1).await();
                    }
                }
            }
            """;

    /** Its arguments: a file with a certificate, one with its key, one with the authority; or none, for an admin port. */
    private static final String OPTIONAL = """
            package embedding;

            import io.socketz.client.SocketzClient;
            import io.socketz.server.SocketzServer;
            import io.socketz.server.TlsOptions;
            import java.io.InputStream;
            import java.net.HttpURLConnection;
            import java.net.URI;
            import java.net.URL;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import java.security.KeyStore;
            import java.security.cert.CertificateFactory;
            import javax.net.ssl.SSLContext;
            import javax.net.ssl.TrustManagerFactory;

            public class Optional {
                public static void main(String[] args) throws Exception {
                    SocketzServer.Builder builder = SocketzServer.builder().host("127.0.0.1").port(0);
                    if (args.length == 0) {
                        try (SocketzServer server = builder.adminPort(0).start()) {
                            System.out.println(answer(server.adminAddress().get().getPort()));
                        }
                        return;
                    }
                    try (SocketzServer server = builder.tls(TlsOptions.of(Path.of(args[0]), Path.of(args[1]))).start();
                            SocketzClient client = SocketzClient.builder().tls(trusting(Path.of(args[2])))
                                    .addresses("127.0.0.1:" + server.address().getPort()).connect()) {
                        System.out.println("WHY: " + client.why().get());
                    }
                }

                private static String answer(int port) throws Exception {
                    URL url = URI.create("http://127.0.0.1:" + port + "/metrics").toURL();
                    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
                    try (InputStream body = connection.getInputStream()) {
                        String text = new String(body.readAllBytes(), "UTF-8");
                        return connection.getResponseCode() + " " + text.contains("socketz_connections ");
                    }
                }

                private static SSLContext trusting(Path authority) throws Exception {
                    KeyStore store = KeyStore.getInstance("PKCS12");
                    store.load(null, null);
                    try (InputStream file = Files.newInputStream(authority)) {
                        store.setCertificateEntry("a", CertificateFactory.getInstance("X.509").generateCertificate(file));
                    }
                    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
                    trust.init(store);
                    SSLContext context = SSLContext.getInstance("TLS");
                    context.init(null, trust.getTrustManagers(), null);
                    return context;
                }
            }
            """;

    @TempDir
    static Path folder;

    @BeforeAll
    static void compile() throws Exception {
        compile("memory", IN_MEMORY);
        compile("gateway", OVER_THE_GATEWAY);
    }

    private static void compile(String name, String module) throws Exception {
        Path sources = Files.createDirectories(folder.resolve(name + "-src/embedding"));
        Path moduleInfo = Files.writeString(sources.resolveSibling("module-info.java"), module);
        Path program = Files.writeString(sources.resolve("Embedding.java"), PROGRAM);
        Path optional = Files.writeString(sources.resolve("Optional.java"), OPTIONAL);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-Xlint:all,-path,-requires-automatic",
                        "-Werror",
                        "--module-path",
                        modulePath(libraries("httpcore5", "jackson-core")),
                        "-d",
                        folder.resolve(name).toString(),
                        moduleInfo.toString(),
                        program.toString(),
                        optional.toString());
        assertThat(status).as("the compiler's status").isZero();
    }

    private static String modulePath(Stream<Path> others) {
        return join(Stream.concat(
                SOCKETZ.stream().map(module -> Checkout.home().resolve(module + "/target/classes")), others));
    }

    private static String join(Stream<Path> paths) {
        return paths.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** The jars whose names begin with one of {@code names}. */
    private static Stream<Path> libraries(String... names) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"))
                .filter(jar -> Stream.of(names)
                        .anyMatch(name -> jar.getFileName().toString().startsWith(name)));
    }

    private static Child.Builder java(String name, Stream<Path> modules, String... options) {
        return java("Embedding", name, modules, options);
    }

    private static Child.Builder java(String program, String name, Stream<Path> modules, String... options) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "--module-path",
                modulePath(Stream.concat(Stream.of(folder.resolve(name)), modules)),
                "-m",
                "embedding/embedding." + program));
        return Child.of(command);
    }

    @Test
    void aServerInMemoryAndAClientNeedNoOtherModule() throws Exception {
        Child.Result result = java("memory", Stream.of()).run();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).matches("WHY: 42\nWHO: \\[127\\.0\\.0\\.1:\\d+]\n");
        assertThat(result.status()).isZero();
    }

    @Test
    void aClusterOverTheGatewayNeedsTwoModules() throws Exception {
        try (EtcdCluster etcd = EtcdCluster.start(1);
                Child program = java("gateway", libraries("httpcore5", "jackson-core"))
                        .append("gateway", etcd.endpoints().get(0).toString())
                        .start()) {
            assertIsInTheCluster(program, etcd);
        }
    }

    @Test
    void aClusterOverGrpcReadsItsLibrariesFromTheClassPath() throws Exception {
        String libraries = join(libraries(""));
        try (EtcdCluster etcd = EtcdCluster.start(1);
                Child program = java(
                                "memory", Stream.of(), "--add-reads", "io.socketz.state=ALL-UNNAMED", "-cp", libraries)
                        .append("gRPC", etcd.endpoints().get(0).toString())
                        .start()) {
            assertIsInTheCluster(program, etcd);
        }
    }

    @Test
    void tlsReadsItsLibraryFromTheClassPath() throws Exception {
        Path files = Checkout.home().resolve("socketz-server/src/test/resources/tls");
        Child.Result result = java(
                        "Optional",
                        "memory",
                        Stream.of(),
                        "--add-reads",
                        "io.socketz.server=ALL-UNNAMED",
                        "--add-reads",
                        "io.socketz.client=ALL-UNNAMED",
                        "-cp",
                        join(libraries("tls-channel", "slf4j-api")))
                .append(
                        files.resolve("server.pem").toString(),
                        files.resolve("server.key").toString(),
                        files.resolve("authority.pem").toString())
                .run();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("WHY: 42\n");
    }

    @Test
    void anAdminPortNeedsTheModulesOfItsLibraries() throws Exception {
        Child.Result result = java(
                        "Optional",
                        "memory",
                        libraries("jackson-core", "prometheus-metrics"),
                        "--add-modules",
                        "ALL-MODULE-PATH,jdk.httpserver")
                .run();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("200 true\n");
    }

    @Test
    void whatIsMissingEndsTheStartWithOneException() throws Exception {
        Child.Result result = java("Optional", "memory", Stream.of(), "--add-modules", "jdk.httpserver")
                .run();
        assertThat(result.err())
                .startsWith(
                        "Exception in thread \"main\" java.lang.IllegalStateException: an admin port needs jackson-core")
                .containsOnlyOnce("Exception in thread");
        assertThat(result.status()).isEqualTo(1);
    }

    private static void assertIsInTheCluster(Child program, EtcdCluster etcd) throws Exception {
        program.out().await("WHY: 42");
        String who = program.out().await("WHO: [127.0.0.1:");
        String address = who.substring(who.indexOf('[') + 1, who.indexOf(']'));
        Polling.until(
                () -> etcd.etcdctl("get", "--prefix", "/socketz/v1/clients/"),
                clients -> clients.contains(address),
                "etcd does not know " + address);
    }
}
