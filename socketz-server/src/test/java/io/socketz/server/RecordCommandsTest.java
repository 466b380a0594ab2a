package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.address.CidrSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that answer with records, as docs/protocol.md specifies them, over real sockets. */
class RecordCommandsTest {
    private static final String TIME = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{3})?Z";

    private final Events events = new Events();
    private SocketzServer server;

    @BeforeEach
    void start() throws Exception {
        server = SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .name("server01")
                .proxies(CidrSet.parse("127.0.0.9"))
                .listener(events)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** From then on, the client is on no roster. */
    private void awaitEnd(LineClient client) throws InterruptedException {
        var unused = events.next("closed " + client.address() + " ");
    }

    private String id(int number) {
        return server.member().id() + "/" + number;
    }

    private static List<String> ids(List<String> block) {
        return block.stream()
                .skip(1)
                .map(line -> line.replaceFirst("^id=[^/]*/([0-9]+) .*", "$1"))
                .toList();
    }

    @Test
    void helpListsEveryCommandWithItsSyntax() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.askBlock("HELP"))
                    .hasSizeGreaterThan(10)
                    .contains("WHY - the answer to everything", "PING [text] - `PONG` and the text");
            assertThat(client.askBlock("help Who"))
                    .allMatch(line -> line.startsWith("WHO") || line.endsWith(" commands"))
                    .hasSize(6);
            assertThat(client.ask("HELP ME"))
                    .startsWith("error UNKNOWN_COMMAND expected one of WHY, WHO, WHERE, QUIT, PING, HELP");
        }
    }

    @Test
    void whoAmIShowsTheRecordOfTheClient() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("WHOAMI"))
                    .matches("id=" + id(1) + " addr=" + client.address() + " server=server01 since=" + TIME);
        }
    }

    @Test
    void whoAmIShowsTheProxyInBetween() throws Exception {
        try (LineClient client = LineClient.connect(server, "127.0.0.9")) {
            client.send("PROXY TCP4 203.0.113.7 10.0.0.1 50814 4141\r\n");
            client.expect(LineClient.GREETING);
            assertThat(client.ask("WHOAMI"))
                    .startsWith("id=" + id(1) + " addr=203.0.113.7:50814 via=127.0.0.9:")
                    .contains(" server=server01 since=");
        }
    }

    @Test
    void aHealthCheckHasNoRecordAndNoName() throws Exception {
        try (LineClient check = LineClient.connect(server, "127.0.0.9")) {
            check.send("PROXY UNKNOWN\r\n");
            check.expect(LineClient.GREETING);
            assertThat(check.ask("WHOAMI")).startsWith("error NOT_REGISTERED expected a client");
            assertThat(check.ask("NAME x")).startsWith("error NOT_REGISTERED expected a client");
            assertThat(check.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aNameIsShownToEveryoneUntilItIsRemoved() throws Exception {
        try (LineClient named = LineClient.greeted(server);
                LineClient other = LineClient.greeted(server)) {
            assertThat(named.ask("NAME web-7")).startsWith("id=" + id(1)).endsWith(" name=web-7");
            assertThat(named.ask("WHOAMI")).endsWith(" name=web-7");
            assertThat(other.askBlock("WHO LONG").get(1))
                    .startsWith("id=" + id(1))
                    .endsWith(" name=web-7");
            assertThat(named.ask("NAME")).doesNotContain("name=");
            assertThat(other.askBlock("WHO LONG").get(1))
                    .startsWith("id=" + id(1))
                    .doesNotContain("name=");
        }
    }

    @Test
    void aNameLeavesWhoAsItIs() throws Exception {
        try (LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.greeted(server)) {
            String list = "client list: {'" + first.address() + "', '" + second.address() + "'}";
            assertThat(first.ask("NAME zoe")).endsWith(" name=zoe");
            assertThat(second.ask("WHO")).isEqualTo(list);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"NAME a b", "NAME a=b", "NAME 'a'", "NAME \"a\"", "NAME \u00e9", "NAME a\tb", "NAME a\u0001"})
    void whatIsNoNameIsRefused(String line) throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask(line))
                    .isEqualTo(
                            "error BAD_NAME expected 1 to 64 printable characters of ASCII without blanks, quotes or =");
            assertThat(client.ask("NAME " + "x".repeat(65))).startsWith("error BAD_NAME expected");
            assertThat(client.ask("NAME " + "x".repeat(64))).endsWith(" name=" + "x".repeat(64));
        }
    }

    @Test
    void aClientThatRenamesItselfTooOftenIsToldSo() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            int refused = 0;
            client.send("NAME x\n".repeat(1000));
            for (int i = 0; i < 1000; i++) {
                String line = client.line();
                if (line.equals("error TOO_MANY_RENAMES expected at most 10 a second")) {
                    refused++;
                } else {
                    assertThat(line).endsWith(" name=x");
                }
            }
            assertThat(refused).isGreaterThan(0);
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void serversShowsThisServerAndHowManyClientsItHas() throws Exception {
        try (LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.greeted(server)) {
            List<String> servers = second.askBlock("SERVERS");
            assertThat(servers).hasSize(2);
            assertThat(servers.get(0)).matches("1 servers at revision [0-9]+");
            assertThat(servers.get(1))
                    .matches("id=" + server.member().id() + " name=server01 addr=127\\.0\\.0\\.1:"
                            + server.address().getPort() + " clients=2 since=" + TIME);
            assertThat(first.ask("WHO COUNT")).isEqualTo("connected clients: 2");
        }
    }

    @Test
    void whoLongListsClientsInTheOrderInWhichTheyJoined() throws Exception {
        try (LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.greeted(server)) {
            List<String> clients = first.askBlock("WHO LONG");
            assertThat(clients.get(0)).matches("2 clients of 2 at revision [0-9]+");
            assertThat(clients.get(1)).startsWith("id=" + id(1) + " addr=" + first.address());
            assertThat(clients.get(2)).startsWith("id=" + id(2) + " addr=" + second.address());
            assertThat(first.askBlock("WHO LONG FRESH").get(0)).matches("2 clients of 2 at revision [0-9]+ fresh");
        }
    }

    @Test
    void pagesEndWithTheirLimitAndBeginBehindTheClientThatIsNamed() throws Exception {
        List<LineClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(LineClient.greeted(server));
        }
        LineClient asker = clients.get(9);
        assertThat(ids(asker.askBlock("WHO LONG LIMIT 4"))).containsExactly("1", "2", "3", "4");
        assertThat(asker.askBlock("WHO LONG LIMIT 4").get(0)).startsWith("4 clients of 10 at revision ");
        assertThat(ids(asker.askBlock("WHO LONG AFTER " + id(4) + " LIMIT 4"))).containsExactly("5", "6", "7", "8");
        String brief = id(8).replaceFirst("-[^/]*", "");
        assertThat(ids(asker.askBlock("who long limit 4 after " + brief))).containsExactly("9", "10");
        assertThat(asker.askBlock("WHO LONG AFTER " + id(10)).get(0)).startsWith("0 clients of 10 at revision ");

        for (LineClient gone : clients.subList(3, 5)) {
            gone.close();
            awaitEnd(gone);
        }
        assertThat(ids(asker.askBlock("WHO LONG AFTER " + id(4) + " LIMIT 2"))).containsExactly("6", "7");
        assertThat(ids(asker.askBlock("WHO LONG SERVER server01 AFTER " + id(5) + " LIMIT 2")))
                .containsExactly("6", "7");
        for (LineClient client : clients) {
            client.close();
        }
    }

    @Test
    void filtersSelectClients() throws Exception {
        try (LineClient first = LineClient.connect(server, "127.0.0.2");
                LineClient second = LineClient.connect(server, "127.0.0.3");
                LineClient third = LineClient.connect(server, "127.0.0.3")) {
            for (LineClient client : List.of(first, second, third)) {
                client.expect(LineClient.GREETING);
            }
            assertThat(first.ask("NAME web-1")).contains("name=");
            assertThat(third.ask("NAME web-2")).contains("name=");
            assertThat(ids(first.askBlock("WHO LONG ADDR 127.0.0.3"))).hasSize(2);
            assertThat(ids(first.askBlock("WHO LONG ADDR 127.0.0.2/31 NAME web-*")))
                    .hasSize(2);
            assertThat(ids(first.askBlock("WHO LONG NAME web-? LIMIT 1"))).hasSize(1);
            assertThat(ids(first.askBlock("WHO LONG NAME *"))).hasSize(2);
            assertThat(ids(first.askBlock("WHO LONG ADDR ::/0"))).isEmpty();
            assertThat(ids(first.askBlock("WHO LONG SERVER server01"))).hasSize(3);
            assertThat(ids(first.askBlock(
                            "WHO LONG SERVER " + server.member().id().toString().substring(0, 8))))
                    .hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    WHO LONG LIMIT 0             | error BAD_ARGUMENT expected LIMIT and a number from 1 to 10000
                    WHO LONG LIMIT 1000000       | error BAD_ARGUMENT expected LIMIT and a number from 1 to 10000
                    WHO LONG LIMIT               | error BAD_ARGUMENT expected LIMIT and a number from 1 to 10000
                    WHO LONG LIMIT 1 LIMIT 2     | error BAD_ARGUMENT expected LIMIT once
                    WHO LONG ADDR 10.0.0.0/33    | error BAD_ARGUMENT expected ADDR and an address block such as 10.0.0.0/8
                    WHO LONG NAME a=b            | error BAD_ARGUMENT expected NAME and a pattern of names such as web-*
                    WHO LONG AFTER x             | error BAD_ARGUMENT expected AFTER and the id of a client such as 08483048/17
                    WHO LONG SERVER nobody       | error UNKNOWN_SERVER expected a server that SERVERS shows: server01
                    WHO CLOSED LAST year         | error BAD_ARGUMENT expected LAST and a time such as 30s, 10m or 2h
                    SERVERS x                    | error BAD_ARGUMENT expected nothing after SERVERS
                    WHO COUNT x                  | error BAD_ARGUMENT expected nothing after WHO COUNT
                    """)
    void aBadArgumentIsAnsweredWithWhatWasExpected(String line, String answer) throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask(line)).isEqualTo(answer);
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void anIdOfAnotherClusterOrOfTheFutureIsUnknown() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            String unknown =
                    "error UNKNOWN_ID expected the id of a client that is connected or left recently: begin again without AFTER";
            assertThat(client.ask("WHO LONG AFTER 00000000-0000-4000-8000-000000000000/1"))
                    .isEqualTo(unknown);
            assertThat(client.ask("WHO LONG AFTER 00000000/1")).isEqualTo(unknown);
            assertThat(client.ask("WHO LONG AFTER " + id(999_999))).isEqualTo(unknown);
            assertThat(client.ask("WHO LONG SERVER server01 AFTER " + id(999_999)))
                    .isEqualTo(unknown);
            assertThat(client.ask("WHO LONG SERVER server01 AFTER 00000000/1"))
                    .isEqualTo("error BAD_ARGUMENT expected AFTER and the id of a client of the same server");
        }
    }

    @Test
    void whoClosedShowsWhoLeftAndWhy() throws Exception {
        try (LineClient stays = LineClient.greeted(server)) {
            LineClient quits = LineClient.greeted(server);
            assertThat(quits.ask("NAME bob")).endsWith(" name=bob");
            quits.send("QUIT\n");
            assertThat(quits.rest()).isEmpty();
            LineClient closes = LineClient.greeted(server);
            closes.close();
            awaitEnd(closes);
            List<String> departures = stays.askBlock("WHO CLOSED");
            assertThat(departures.get(0)).matches("2 departures at revision [0-9]+");
            assertThat(departures.get(1))
                    .matches("id=" + id(2) + " addr=" + quits.address() + " server=server01 since=" + TIME + " left="
                            + TIME + " reason=CLIENT_QUIT name=bob");
            assertThat(departures.get(2))
                    .startsWith("id=" + id(3) + " addr=" + closes.address() + " server=server01 since=")
                    .endsWith(" reason=CLIENT_CLOSED");
            assertThat(stays.askBlock("WHO CLOSED LAST 10m")).hasSize(3);
            assertThat(stays.askBlock("WHO CLOSED LAST 0s")).hasSizeLessThanOrEqualTo(3);
        }
    }
}
