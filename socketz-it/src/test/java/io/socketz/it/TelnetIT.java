package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person at a real telnet. */
class TelnetIT {
    private static final String INVALID = "invalid command: " + PlainClient.GREETING;
    private static final String PROMPT = "telnet>";

    private static final String OPENED = "connection from: ";
    private static final String CLOSED = "connection closed: ";

    @TempDir
    Path directory;

    /** One for all tests: it tells who comes, and, because it is verbose, who goes. */
    private static ServerProcess server;

    private Tmux telnet;

    @BeforeAll
    static void startServer() throws Exception {
        server = ServerProcess.start("-v");
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    @BeforeEach
    void connect() throws Exception {
        String program = Checkout.tool("telnet");
        telnet = Tmux.start(directory, List.of(program, "127.0.0.1", Integer.toString(server.port())));
        telnet.awaitEnd(PlainClient.GREETING);
    }

    /** Waits until the telnet has left the roster, on which the next one must be alone. */
    @AfterEach
    void leave() throws Exception {
        telnet.close();
        Polling.until(
                () -> console(CLOSED).size(),
                closed -> closed == console(OPENED).size(),
                "the server does not notice that a telnet has gone");
    }

    /** What the lines of the server's console that begin so go on with. */
    private static List<String> console(String beginning) {
        return server.process().out().lines().stream()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()))
                .toList();
    }

    /** That of the only client, which was the last to come. */
    private static String address() throws Exception {
        List<String> opened = Polling.until(
                () -> console(OPENED), lines -> lines.size() == console(CLOSED).size() + 1, "not one client");
        return opened.get(opened.size() - 1);
    }

    @Test
    void aSessionLooksAsDocumented() throws Exception {
        String address = address();
        telnet.type("WHO");
        telnet.awaitEnd("connected clients: 1");
        telnet.type("WHERE");
        telnet.awaitEnd(server.id());
        telnet.type("WHY");
        telnet.awaitEnd("42");
        telnet.type("");
        telnet.type("HELLO");
        telnet.awaitEnd(INVALID);
        telnet.type("quit");
        String screen = telnet.await("Connection closed by foreign host.");
        assertThat(session(screen).lines().limit(13))
                .containsExactly(
                        PlainClient.GREETING,
                        "WHO",
                        "client list: {'" + address + "'}",
                        "connected clients: 1",
                        "WHERE",
                        server.id(),
                        "WHY",
                        "42",
                        "",
                        "HELLO",
                        INVALID,
                        "quit",
                        "Connection closed by foreign host.");
    }

    /** From the greeting on; the text above it differs from telnet to telnet. */
    private static String session(String screen) {
        return screen.substring(screen.indexOf(PlainClient.GREETING));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "send ayt",
                "send ip",
                "send ao",
                "send brk",
                "send synch",
                "send nop",
                "send ga",
                "send ec",
                "send el",
                "send abort",
                "send susp",
                "send eof",
                "send eor",
                "send do echo",
                "send dont echo",
                "send will naws",
                "send wont naws",
                "mode character",
                "mode line"
            })
    void survivesWhatTelnetsMenuSends(String command) throws Exception {
        chooseFromMenu(command);
        Polling.until(this::hasDoneWhatItWasTold, Boolean::booleanValue, "telnet neither obeys nor complains");
        assumeThat(telnet.screen()).doesNotEndWith(PROMPT).doesNotContain("?Invalid", "unknown argument");
        telnet.type("WHY");
        telnet.awaitEnd("WHY\n42");
        telnet.type("WHO");
        assertThat(telnet.awaitEnd("connected clients: 1")).doesNotContain("invalid");
    }

    @Test
    void switchesFromLineToCharacterModeAndBack() throws Exception {
        for (String mode : List.of("character", "line", "character", "line")) {
            chooseFromMenu("mode " + mode);
            awaitAgreement();
            telnet.type("WHY");
            telnet.awaitEnd("WHY\n42");
        }
        assertThat(telnet.screen()).doesNotContain("invalid");
    }

    /** A telnet that does not know the command shows its prompt again. */
    private boolean hasDoneWhatItWasTold() throws Exception {
        return worksLineByLine(telnet.terminalSettings()) || telnet.screen().endsWith(PROMPT);
    }

    /**
     * Waits until telnet has the server's refusals and works line by line again. Before that, it sends CR NUL for Enter,
     * which ends no line, and does not show what is typed.
     */
    private void awaitAgreement() throws Exception {
        Polling.until(telnet::terminalSettings, TelnetIT::worksLineByLine, "telnet does not work line by line");
    }

    /** Outside its menu, telnet has the terminal end lines at its escape character too. */
    private static boolean worksLineByLine(String settings) {
        return settings.contains("eol = ^]") && settings.contains(" icanon");
    }

    private void chooseFromMenu(String command) throws Exception {
        awaitAgreement();
        telnet.press("C-]");
        telnet.awaitEnd(PROMPT);
        telnet.type(command);
    }

    @Test
    void forgetsTheLineThatCtrlCInterrupts() throws Exception {
        telnet.type("WHY");
        telnet.awaitEnd("42");
        telnet.press("Q", "U", "C-c");
        telnet.type("");
        telnet.type("WHY");
        telnet.awaitEnd("WHY\n42");
        assertThat(telnet.screen()).doesNotContain("invalid");
    }
}
