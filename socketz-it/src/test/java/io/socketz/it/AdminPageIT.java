package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** An operator looks at the admin page of a server, in a real browser. */
@TestInstance(Lifecycle.PER_CLASS)
class AdminPageIT {
    private static final List<String> NOT_READY = List.of("unknown", "no etcd", "lost");

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String WELL = "All is well: 3 servers";
    private static final String SENTENCE = "#sentence";

    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<PlainClient> clients = new ArrayList<>();
    private EtcdCluster etcd;
    private Browser browser;

    @BeforeAll
    void start() throws Exception {
        assumeThat(Browser.isInstalled())
                .as("this machine has chromium and chromedriver (Debian: chromium, chromium-driver)")
                .isTrue();
        etcd = EtcdCluster.start(1);
        for (int i = 1; i <= 3; i++) {
            servers.add(server("server0" + i));
        }
        browser = Browser.start();
    }

    private ServerProcess server(String name) throws Exception {
        return ServerProcess.start(
                "--host=127.0.0.1", "--name=" + name, "--state=etcd", "--etcd=" + etcd.endpoint(0), "--admin-port=0");
    }

    @BeforeEach
    void open() throws Exception {
        browser.resize(1200, 900);
        browser.prefer("light");
        browser.open("about:blank");
        browser.console(); // of the last test
        browser.open(page(servers.get(0)));
        awaitText(SENTENCE, WELL);
    }

    private static String page(ServerProcess server) throws Exception {
        String line = server.awaitLine("admin page at ");
        return line.substring(line.indexOf("http://")) + "/";
    }

    @AfterEach
    void leave() throws Exception {
        for (PlainClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        servers.forEach(ServerProcess::close);
        if (etcd != null) {
            etcd.close();
        }
    }

    private PlainClient join(ServerProcess server, String name) throws Exception {
        PlainClient client = PlainClient.greeted(server.port());
        clients.add(client);
        assertThat(client.ask("NAME " + name)).contains("name=" + name);
        return client;
    }

    private String awaitText(String selector, String... parts) throws Exception {
        return Polling.until(
                () -> browser.text(selector),
                text -> List.of(parts).stream().allMatch(text::contains),
                "no " + String.join(", ", parts) + " in " + selector);
    }

    private void awaitRows(String table, int count) throws Exception {
        String script = "return document.querySelectorAll('" + table + " tbody tr').length";
        Polling.until(() -> browser.run(script), rows -> rows.equals("" + count), "not " + count + " rows in " + table);
    }

    private void assertQuietConsole() throws Exception {
        assertThat(browser.console()).doesNotContain("\"level\":\"SEVERE\"", "\"level\":\"WARNING\"");
    }

    @Test
    void showsEachServerAndThatTheyAgree() throws Exception {
        awaitRows("#servers", 3);
        for (ServerProcess server : servers) {
            awaitText("#servers", server.name(), server.id().substring(0, 8), "127.0.0.1:" + server.port());
        }
        Polling.until(
                () -> browser.text("#servers"),
                text -> text.contains("ready") && NOT_READY.stream().noneMatch(text::contains),
                "not all servers are ready");
        awaitText("#agreement", "All servers agree: revision ");
        assertThat(browser.text("#asked")).contains(servers.get(0).name());
        assertQuietConsole();
        String home = page(servers.get(0));
        assertThat(requests()).isNotEmpty().allMatch(url -> url.startsWith(home));
    }

    /** The addresses of all that the page has loaded. */
    private List<String> requests() throws Exception {
        String script = "return performance.getEntriesByType('resource').map(each => each.name).join('\\n')";
        return browser.run(script).lines().toList();
    }

    @Test
    void aClientThatJoinsAnotherServerAppearsAndLeavesWithItsReason() throws Exception {
        PlainClient client = join(servers.get(1), "<b>web&amp;</b>");
        awaitText("#clients", client.address(), servers.get(1).name(), "<b>web&amp;</b>");
        awaitText("#events", "join", "rename", client.address(), "<b>web&amp;</b>");
        assertThat(browser.run("return document.querySelectorAll('b').length"))
                .as("elements that a client has made")
                .isEqualTo("0");
        awaitText(SENTENCE, "3 servers with 1 client");
        client.send("QUIT\n");
        awaitText("#reasons", "CLIENT_QUIT");
        awaitText("#events", "CLIENT_QUIT");
        awaitText("#rates-text", "Joins: ", "Leaves: ");
        awaitRows("#clients", 0);
        assertQuietConsole();
    }

    @Test
    void filtersClientsPagesThroughThemAndSaysBesideTheFieldWhatIsWrong() throws Exception {
        for (int i = 0; i < 25; i++) {
            join(servers.get(i % 2), (i % 5 == 0 ? "db-" : "web-") + i);
        }
        awaitText("#clients-note", "Page 1: 20 shown, 25 connected in all");
        awaitRows("#clients", 20);
        browser.click("#clients-next");
        awaitText("#clients-note", "Page 2: 5 shown");
        awaitRows("#clients", 5);
        awaitText("#clients", "web-24");
        assertThat(browser.run("return document.getElementById('clients-next').disabled"))
                .isEqualTo("true");
        browser.click("#clients-previous");
        awaitRows("#clients", 20);

        browser.type("#filter-name", "db-*");
        awaitRows("#clients", 5);
        browser.type("#filter-server", servers.get(0).name());
        awaitRows("#clients", 3);
        browser.photograph(1000, 980, PICTURES.resolve("admin-well.png"));
        browser.type("#filter-addr", "127.0.0.1/8x");
        awaitText("#filter-addr-error", "expected ADDR and an address block");
        assertThat(browser.run("return document.getElementById('filter-addr').getAttribute('aria-invalid')"))
                .isEqualTo("true");
        browser.clear("#filter-addr");
        browser.type("#filter-addr", "10.0.0.0/8" + Browser.ENTER);
        awaitRows("#clients", 0);
        assertThat(browser.text("#filter-addr-error")).isEmpty();
        browser.clear("#filter-server");
        browser.type("#filter-server", "nobody");
        awaitText("#filter-server-error", "expected a server");
        browser.click("#filter button[type=reset]");
        awaitRows("#clients", 20);
    }

    @Test
    void pausesTheEventsByKeyboardAndShowsWhereTheFocusIs() throws Exception {
        List<String> reached = new ArrayList<>();
        while (!reached.contains("events-pause")) {
            assertThat(reached).as("reached by Tab").hasSizeLessThan(20);
            browser.press(Browser.TAB);
            reached.add(browser.run("return document.activeElement.id || document.activeElement.type || ''"));
            assertThat(browser.run("return getComputedStyle(document.activeElement).outlineStyle"))
                    .as("outline of " + reached)
                    .isEqualTo("solid");
        }
        assertThat(reached).contains("filter-server", "filter-addr", "filter-name", "filter-limit", "reset");
        browser.press(Browser.ENTER);
        awaitText("#events-pause", "Resume");
        String before = browser.text("#events");
        PlainClient client = join(servers.get(0), "paused");
        awaitText("#events-note", "Paused: 2 events since");
        assertThat(browser.text("#events")).isEqualTo(before);
        browser.press(Browser.ENTER);
        awaitText("#events", client.address());
    }

    @Test
    void saysHowLongEtcdHasBeenAway() throws Exception {
        etcd.stopAll();
        awaitText(SENTENCE, "had no etcd for ", " s");
        awaitText("#servers", "no etcd for ");
        etcd.startAll();
        awaitText(SENTENCE, WELL);
    }

    @Test
    void saysWhichServerWasKilledAndWhenThePageLosesItsOwn() throws Exception {
        try (ServerProcess killed = server("server04")) {
            awaitText(SENTENCE, "All is well: 4 servers");
            join(killed, "first");
            join(killed, "second");
            awaitText("#servers", "2 / ");
            killed.process().signal("KILL");
            awaitText(SENTENCE, "server04 was lost ", " s ago with 2 clients");
            awaitText("#servers tr[data-kind=lost]", "server04", killed.id().substring(0, 8), "lost ", "2 were lost");
            awaitText("#announcement", "server04 was lost with 2 clients");
            awaitText("#events", "server-down", "SERVER_LOST");
            awaitText("#reasons", "SERVER_LOST");

            browser.open(page(servers.get(1)));
            awaitText(SENTENCE, "server04 was lost ", " s ago with 2 clients");
            browser.prefer("dark");
            browser.photograph(400, 980, PICTURES.resolve("admin-lost.png"));
        }
        try (ServerProcess again = server("server04")) {
            awaitText(SENTENCE, "All is well: 4 servers");
            browser.open(page(again));
            awaitText(SENTENCE, "All is well: 4 servers");
            again.stop();
            awaitText(SENTENCE, "this page has lost its server; trying again");
        }
    }

    /** With a clock of the test's own. */
    @Test
    void countsADifferenceOfRevisionsOnlyIfItLastsForTwoSeconds() throws Exception {
        String script = """
                return import('/servers.js').then(({Servers}) => {
                  const servers = new Servers();
                  const server = (name, revision, etcd = 'up') => ({
                    id: name, name, revision, etcd, etcd_down: 17, admin: 'x', state: 'ready', age: 0, clients: 1, places: 9,
                  });
                  const said = [];
                  const answer = (second, ...answered) => {
                    servers.onAnswer({servers: answered, lost: []}, 1000 * second);
                    said.push(servers.problems(1000 * second).map(problem => problem.text).join('; '));
                  };
                  answer(0, server('a', 100), server('b', 98));
                  answer(1, server('a', 120), server('b', 100));
                  answer(3, server('a', 140), server('b', 110));
                  answer(4, server('a', 140), server('b', 140));
                  answer(6, server('a', 140), server('b', 110, 'down'));
                  answer(9, server('a', 5), server('b', 5));
                  return said.join('|');
                });
                """;
        assertThat(browser.run(script))
                .isEqualTo("||servers do not agree: revisions 140 and 110||b has had no etcd for 17 s|");
    }

    @Test
    void fitsIntoFourHundredPixelsLightAndDark() throws Exception {
        join(servers.get(2), "a-name-of-sixty-four-letters-is-the-longest-that-a-client-can-us");
        awaitRows("#clients", 1);
        String light = browser.run("return getComputedStyle(document.body).backgroundColor");
        for (String scheme : List.of("light", "dark")) {
            browser.prefer(scheme);
            browser.resize(400, 800);
            assertThat(Integer.parseInt(browser.run("return document.documentElement.scrollWidth")))
                    .isLessThanOrEqualTo(400);
            awaitText("#servers", "ready");
        }
        assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
                .as("the ground of the dark page")
                .isNotEqualTo(light);
    }
}
