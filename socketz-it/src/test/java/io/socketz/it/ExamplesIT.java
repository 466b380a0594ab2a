package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.SocketzServer;
import java.io.File;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs in examples/ compile without a warning, need no jars but those that they name, and do what they say. */
class ExamplesIT {
    private static final String[] SERVER = {"socketz-server", "socketz-state", "socketz-protocol"};
    private static final String[] CLIENT = {"socketz-client", "socketz-protocol"};
    private static final int MAX_LINES = 80;
    private static final Pattern LISTENING = Pattern.compile("listening on (\\d+)");

    @TempDir
    static Path classes;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "-Xlint:all,-path",
                "-proc:none",
                "-Werror",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString()));
        try (Stream<Path> files = Files.list(Checkout.home().resolve("examples"))) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            assertThat(sources)
                    .isNotEmpty()
                    .allSatisfy(source -> assertThat(Files.readAllLines(source)).hasSizeLessThan(MAX_LINES));
            sources.forEach(source -> command.add(source.toString()));
        }
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new));
        assertThat(status).as("the compiler's status").isZero();
    }

    private static Child start(String program, String[] modules, String... arguments) throws Exception {
        return child(program, modules, arguments).start();
    }

    private static Child.Builder child(String program, String[] modules, String... arguments) {
        String classPath = Stream.concat(
                        Stream.of(modules).map(module -> Checkout.home().resolve(module + "/target/classes")),
                        Stream.of(classes))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Child.of(List.of(java, "-cp", classPath, program)).append(arguments);
    }

    private static int portOf(Child server) throws Exception {
        Matcher listening = LISTENING.matcher(server.out().await("listening on "));
        assertThat(listening.matches()).as(server.printed()).isTrue();
        return Integer.parseInt(listening.group(1));
    }

    private static void awaitLine(PlainClient client, String expected) throws Exception {
        for (String line = client.line(); !line.equals(expected); line = client.line()) {
            assertThat(line).startsWith("event 0 message ");
        }
    }

    @Test
    void theChatRoomTellsEverybodyElseWhatIsSaidAndWhoComesAndGoes() throws Exception {
        try (Child room = start("ChatRoom", SERVER, "0")) {
            int port = portOf(room);
            try (PlainClient ann = PlainClient.connect(port);
                    PlainClient bob = PlainClient.connect(port)) {
                assertThat(ann.line()).startsWith("use 'SAY text'");
                assertThat(bob.line()).startsWith("use 'SAY text'");
                awaitLine(ann, "event 0 message " + bob.address() + " is here");
                bob.send("SAY hello everybody\n");
                awaitLine(bob, "heard by 1");
                awaitLine(ann, "event 0 message from=" + bob.address() + " hello everybody");
                ann.send("SAY\nNAME ann\n");
                awaitLine(ann, "error NOTHING_SAID expected what to say");
                awaitLine(bob, "event 0 message " + ann.address() + " is ann");
                ann.send("QUIT\n");
                awaitLine(bob, "event 0 message " + ann.address() + " has left");
            }
            assertEndsInOrder(room);
        }
    }

    @Test
    void theChatClientShowsWhatIsSaidAndSaysWhatIsTyped() throws Exception {
        Path typed = directory.resolve("typed");
        assertThat(Child.of(List.of("mkfifo", typed.toString())).run().status()).isZero();
        try (Child room = start("ChatRoom", SERVER, "0")) {
            int port = portOf(room);
            try (PlainClient ann = PlainClient.connect(port);
                    Child bob = child("ChatClient", CLIENT, "127.0.0.1:" + port)
                            .shell("exec \"$@\" < " + typed)
                            .start()) {
                assertThat(ann.line()).startsWith("use 'SAY text'");
                try (OutputStream keys = Files.newOutputStream(typed)) {
                    keys.write("hello everybody\n".getBytes(StandardCharsets.UTF_8));
                    bob.out().await("heard by 1");
                    String heard = ann.line();
                    while (!heard.endsWith(" hello everybody")) {
                        heard = ann.line();
                    }
                    assertThat(heard).startsWith("event 0 message from=127.0.0.1:");
                    ann.send("NAME ann\nSAY hello  bob\n");
                    bob.out().await("> from=ann hello  bob");
                    bob.out().await("> " + ann.address() + " is ann");
                }
                Child.Result result = bob.await();
                assertThat(result.err()).isEmpty();
                assertThat(result.status()).isZero();
            }
        }
    }

    @Test
    void theDeviceGatewayKeepsOneConnectionForEachNameAndEndsIdleOnes() throws Exception {
        try (Child gateway = start("DeviceGateway", SERVER, "0", "60000")) {
            int port = portOf(gateway);
            try (PlainClient old = PlainClient.greeted(port);
                    PlainClient young = PlainClient.greeted(port)) {
                old.ask("NAME sn-17");
                young.ask("NAME sn-17");
                assertThat(old.rest()).isEqualTo("error CLOSED_BY_SERVER sn-17 has connected again\n");
                assertThat(young.ask("WHY")).isEqualTo("42");
            }
            gateway.out().await("CLOSED_BY_SERVER");
            assertEndsInOrder(gateway);
        }
        try (Child gateway = start("DeviceGateway", SERVER, "0", "300");
                PlainClient device = PlainClient.greeted(portOf(gateway))) {
            assertThat(device.ask("WHY")).isEqualTo("42");
            assertThat(device.rest()).startsWith("error IDLE_TIMEOUT ");
            gateway.out().await("IDLE_TIMEOUT");
        }
    }

    @Test
    void theLineServiceDividesAndStopsInOrder() throws Exception {
        try (Child service = start("LineService", SERVER, "0");
                PlainClient client = PlainClient.greeted(portOf(service))) {
            assertThat(client.ask("DIVIDE 84 2")).isEqualTo("42");
            assertThat(client.ask("DIVIDE 84 0")).startsWith("error BAD_NUMBER ");
            client.send("DIVIDE 10 5\n");
            assertThat(client.line()).isEqualTo("2");
            assertEndsInOrder(service);
            assertThat(client.rest()).as("before an orderly end").isEmpty();
        }
    }

    private static void assertEndsInOrder(Child server) throws Exception {
        server.signal("TERM");
        Child.Result result = server.await();
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).as("that of SIGTERM").isEqualTo(143);
    }

    /** Runs each test as JUnit does: on an object of its own, between what is annotated for that. */
    @Test
    void theTestOfTheLineServicePasses() throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, ExamplesIT.class.getClassLoader())) {
            Class<?> type = loader.loadClass("LineServiceTest");
            List<Method> tests = annotated(type, Test.class);
            assertThat(tests).hasSizeGreaterThan(1);
            for (Method test : tests) {
                var constructor = type.getDeclaredConstructor();
                constructor.setAccessible(true);
                Object object = constructor.newInstance();
                invoke(annotated(type, BeforeEach.class), object);
                try {
                    invoke(List.of(test), object);
                } finally {
                    invoke(annotated(type, AfterEach.class), object);
                }
            }
        }
    }

    private static List<Method> annotated(Class<?> type, Class<? extends Annotation> annotation) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(annotation))
                .toList();
    }

    private static void invoke(List<Method> methods, Object object) throws Exception {
        for (Method method : methods) {
            method.setAccessible(true);
            method.invoke(object);
        }
    }

    @Test
    void theFailoverClientGoesOnAtTheOtherServer() throws Exception {
        try (SocketzServer one = server();
                SocketzServer two = server()) {
            String first = "127.0.0.1:" + one.address().getPort();
            String second = "127.0.0.1:" + two.address().getPort();
            try (Child client = start("FailoverClient", CLIENT, first + "," + second)) {
                client.out().await("connected clients: 1");
                boolean isOnFirst = client.out().text().startsWith("connected to " + first);
                (isOnFirst ? one : two).close();
                client.out().await("moved to " + (isOnFirst ? second : first));
                assertThat(client.out().text()).contains("lost " + (isOnFirst ? first : second));
                assertThat(client.isAlive()).isTrue();
            }
        }
    }

    private static SocketzServer server() throws Exception {
        return SocketzServer.builder().host("127.0.0.1").port(0).loops(1).start();
    }
}
