package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that runs out of file descriptors, or is told in time not to. */
class DescriptorsIT {
    private static final String EXHAUSTED = "cannot accept connections: ";
    private static final String RECOVERED = "accepting connections again";

    /** Some ten attempts to accept. */
    private static final Duration WHILE = Duration.ofSeconds(1);

    private final List<Client> clients = new ArrayList<>();

    @AfterEach
    void leave() throws Exception {
        for (Client client : clients) {
            client.close();
        }
    }

    private Client connect(ServerProcess server) throws Exception {
        Client client = Client.connect(server.port());
        clients.add(client);
        return client;
    }

    private void connect(ServerProcess server, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            connect(server);
        }
    }

    private static Child.Builder withDescriptors(int limit, String... options) throws Exception {
        return ServerProcess.command(options).shell("ulimit -n " + limit + "; exec \"$@\"");
    }

    @Test
    void saysSoOnceServesThoseItHasAndRecoversAsTheyLeave() throws Exception {
        try (ServerProcess server = ServerProcess.start(withDescriptors(130, "--max-connections", "10000"))) {
            Client first = connect(server);
            assertThat(first.line()).isEqualTo(Client.GREETING);
            connect(server, 99);
            server.awaitWarning(EXHAUSTED);

            assertThat(server.cpuTimeDuring(WHILE)).isLessThan(WHILE.dividedBy(2));
            assertThat(first.ask("WHY")).isEqualTo("42");
            assertThat(warnings(server)).singleElement().asString().startsWith(EXHAUSTED);

            Client last = clients.get(clients.size() - 1);
            for (Client client : clients.subList(0, 60)) {
                client.close();
            }
            server.awaitWarning(RECOVERED);
            assertThat(last.line()).isEqualTo(Client.GREETING);
            assertThat(last.ask("WHY")).isEqualTo("42");
            assertThat(warnings(server)).last().isEqualTo(RECOVERED);
        }
    }

    private static List<String> warnings(ServerProcess server) {
        return server.process().err().lines();
    }

    @Test
    void admitsByDefaultWhatTheDescriptorsSufficeFor() throws Exception {
        try (ServerProcess server = ServerProcess.start(withDescriptors(260))) {
            int served = 0;
            String line = connect(server).line();
            while (line.equals(Client.GREETING)) {
                served++;
                line = connect(server).line();
            }
            assertThat(line).isEqualTo("error TOO_MANY_CONNECTIONS max " + served);
            assertThat(served).isBetween(100, 199);
            assertThat(clients.get(served).rest()).isEmpty();
            assertThat(server.awaitLine("TOO_MANY"))
                    .isEqualTo("connection closed: " + clients.get(served).address() + " TOO_MANY_CONNECTIONS (max "
                            + served + ")");
            for (Client client : clients.subList(0, served)) {
                assertThat(client.ask("WHY")).isEqualTo("42");
            }
            clients.get(0).close();
            awaitRoom(server);
            assertThat(warnings(server)).isEmpty();
        }
    }

    private void awaitRoom(ServerProcess server) throws Exception {
        Await.until(() -> connect(server).line(), Client.GREETING::equals, "no room though one has left");
    }

    @Test
    void saysInOneLineThatTheDescriptorsDoNotSufficeForTheLoops() throws Exception {
        Child.Result result = ServerProcess.command("--loops", "100")
                .shell("ulimit -n 64; exec \"$@\"")
                .run();
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err().lines()).singleElement().asString().startsWith("socketz serve: cannot ");
    }

    /** Seen: both warnings again with each client that leaves, up to ten times a second. */
    @Test
    void saysSoOnceWhileEachThatLeavesMakesRoomForOneThatWaits() throws Exception {
        try (ServerProcess server = ServerProcess.start(withDescriptors(130, "--max-connections", "10000"))) {
            connect(server, 100);
            server.awaitWarning(EXHAUSTED);
            for (Client client : clients.subList(0, 5)) {
                long served = served(server);
                client.close();
                Await.until(() -> served(server), now -> now > served, "none that waits is accepted");
            }
            assertThat(warnings(server)).singleElement().asString().startsWith(EXHAUSTED);
        }
    }

    private static long served(ServerProcess server) {
        return server.process().out().lines().stream()
                .filter(line -> line.startsWith("connection from: "))
                .count();
    }

    /** Seen: it waits, unanswered, as loops take more descriptors than are set aside: so with 64 loops and 1,024. */
    @Test
    void tellsTheOneTooManyHoweverManyLoopsThereAre() throws Exception {
        try (ServerProcess server = ServerProcess.start(withDescriptors(300, "--loops", "40"))) {
            connect(server, 300);
            Await.until(
                    server.process()::printed,
                    printed -> printed.contains("TOO_MANY_CONNECTIONS") || printed.contains(EXHAUSTED),
                    "it takes them all");
            assertThat(warnings(server)).isEmpty();
        }
    }
}
