package io.socketz.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.Roster.ServerPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RosterQueryTest {
    private static final UUID FIRST = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID SECOND = UUID.fromString("00000000-0000-4000-8000-000000000002");
    private static final Member ONE = new Member(FIRST, "one", "10.0.0.1:5151", Instant.EPOCH);
    private static final Member TWO = new Member(SECOND, "two", "10.0.0.2:5151", Instant.EPOCH);

    private final List<Client> clients = new ArrayList<>();
    private final List<Departure> departed = new ArrayList<>();
    private long clock;
    private long lastNumber;

    private Client join(UUID server) {
        Client client = new Client(server, ++lastNumber, "10.1.0.1:" + lastNumber, null, clock);
        clients.add(client);
        return client;
    }

    private void leave(Client client) {
        clients.remove(client);
        departed.add(new Departure(client, "CLIENT_QUIT", clock, 1));
    }

    private Roster roster() {
        clients.sort(Client.JOIN_ORDER);
        return Roster.of(
                1,
                List.copyOf(clients),
                List.of(new ServerPart(ONE, of(FIRST)), new ServerPart(TWO, of(SECOND))),
                List.of(List.copyOf(departed)));
    }

    private List<Client> of(UUID server) {
        return clients.stream()
                .filter(client -> client.server().equals(server))
                .sorted(Client.NUMBER_ORDER)
                .toList();
    }

    private List<Client> ask(String arguments) throws RequestRefusedException {
        return new RosterQuery(BuiltInCommands.WHO_LONG.command(arguments).arguments()).answer(roster());
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIMIT 7", "LIMIT 7 ADDR 10.0.0.0/8", "LIMIT 7 SERVER one"})
    void pagesNeitherSkipNorRepeatThoseWhoStayWhileOthersComeAndGo(String arguments) throws Exception {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            clients.clear();
            departed.clear();
            for (int i = 0; i < 100; i++) {
                clock += random.nextInt(3);
                join(random.nextBoolean() ? FIRST : SECOND);
            }
            Set<Client> stay = new HashSet<>(arguments.endsWith("one") ? of(FIRST) : clients);
            Set<Client> seen = new HashSet<>();
            List<Client> inOrder = new ArrayList<>();
            for (List<Client> page = ask(arguments); !page.isEmpty(); ) {
                for (Client client : page) {
                    assertThat(seen.add(client))
                            .as("seed %d: %s is new", seed, client)
                            .isTrue();
                }
                inOrder.addAll(page);
                String last = page.get(page.size() - 1).id();
                for (int i = 0; i < 5; i++) {
                    clock += random.nextInt(2);
                    if (random.nextInt(4) == 0) {
                        join(random.nextBoolean() ? FIRST : SECOND);
                    }
                    Client gone = random.nextInt(5) == 0
                            ? page.get(page.size() - 1)
                            : clients.get(random.nextInt(clients.size()));
                    if (clients.contains(gone)) {
                        leave(gone);
                        stay.remove(gone);
                    }
                }
                page = ask(arguments + " AFTER " + last);
            }
            assertThat(seen).as("seed %d", seed).containsAll(stay);
            assertThat(inOrder).as("seed %d", seed).isSortedAccordingTo(Client.JOIN_ORDER);
        }
    }

    @Test
    void twoClientsWhoseIdsBeginAlikeAreNotMistakenForEachOther() {
        clients.add(new Client(FIRST, 1, "10.1.0.1:1", null, 0));
        clients.add(new Client(SECOND, 1, "10.1.0.1:2", null, 0));
        assertThatThrownBy(() -> ask("AFTER 00000000/1"))
                .isInstanceOf(RequestRefusedException.class)
                .hasMessageContaining("AMBIGUOUS_ID expected the whole id of one client: 2 ");
        assertThatThrownBy(() -> ask("SERVER 00000000"))
                .isInstanceOf(RequestRefusedException.class)
                .hasMessageContaining("AMBIGUOUS_SERVER expected the whole id of one server: 2 ");
    }

    @Test
    void aPageOfOneServerIsFoundThoughTheClientInFrontOfItLeftLongAgo() throws Exception {
        Client gone = join(FIRST);
        clients.remove(gone);
        Client next = join(FIRST);
        assertThat(ask("SERVER one AFTER " + gone.id())).containsExactly(next);
        assertThatThrownBy(() -> ask("AFTER " + gone.id()))
                .isInstanceOf(RequestRefusedException.class)
                .hasMessageContaining("UNKNOWN_ID");
    }
}
