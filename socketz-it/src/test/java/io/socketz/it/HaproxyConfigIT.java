package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code infra/haproxy/haproxy.cfg} as HAProxy reads it, for each use of it. */
class HaproxyConfigIT {
    @Test
    void isValidWithoutAnyVariable() throws Exception {
        assertValid(Map.of());
    }

    @Test
    void isValidForLocalServers() throws Exception {
        assertValid(Map.of(
                "SOCKETZ_BIND", "127.0.0.1:4141",
                "SOCKETZ_STATS_BIND", "127.0.0.1:9000",
                "SOCKETZ_STATS_AUTH", "someone:else",
                "SOCKETZ_HAPROXY_SOCKET", "/tmp/socketz-haproxy01.sock",
                "SOCKETZ_SERVER01", "127.0.0.1:5151",
                "SOCKETZ_AGENT01", "5251",
                "SOCKETZ_SERVER02", "127.0.0.1:5152",
                "SOCKETZ_AGENT02", "5252"));
    }

    @Test
    void isValidForContainersWhoseNamesAreUnknownYet() throws Exception {
        assertValid(Map.of(
                "SOCKETZ_STATS_BIND", "*:9000",
                "SOCKETZ_HAPROXY_SOCKET", "/tmp/haproxy.sock",
                "SOCKETZ_DNS", "127.0.0.11:53",
                "SOCKETZ_SERVER01", "server01.invalid:5151",
                "SOCKETZ_SERVER02", "server02.invalid:5151",
                "SOCKETZ_SERVER03", "server03.invalid:5151"));
    }

    @Test
    void isValidForNineServers() throws Exception {
        Map<String, String> nine = new TreeMap<>();
        IntStream.rangeClosed(1, 9).forEach(i -> nine.put("SOCKETZ_SERVER0" + i, "10.0.0." + i + ":5151"));
        assertValid(nine);
    }

    @Test
    void readsEachOfTheNineServers() throws Exception {
        for (int i = 1; i <= 9; i++) {
            Child.Result result = check(Map.of("SOCKETZ_SERVER0" + i, "127.0.0.1:no-port"));
            assertThat(result.status()).as(result.toString()).isNotZero();
            assertThat(result.err()).contains("server0" + i);
        }
    }

    /**
     * On systems without TCP_USER_TIMEOUT or TCP_KEEPIDLE, such as macOS, HAProxy does not know the keywords for them.
     */
    @Test
    void needsNoKeywordOfLinuxAlone(@TempDir Path folder) throws Exception {
        String text = Files.readString(Checkout.home().resolve("infra/haproxy/haproxy.cfg"));
        assertThat(text.replaceAll("(?ms)^\\.if feature\\(EPOLL\\)$.*?^\\.(else|endif)$", ""))
                .contains("\n    bind ")
                .doesNotContain("tcp-ut", "tcpka-");
        Path elsewhere = Files.writeString(
                folder.resolve("haproxy.cfg"), text.replace("feature(EPOLL)", "feature(NONE_AT_ALL)"));
        assertValid(Child.of(List.of(Checkout.tool("haproxy"), "-dW", "-c", "-f", elsewhere.toString()))
                .run());
    }

    private static void assertValid(Map<String, String> variables) throws Exception {
        assertValid(check(variables));
    }

    private static void assertValid(Child.Result result) {
        // HAProxy 3.0 prints nothing about a valid file.
        assertThat(result.out() + result.err()).isIn("Configuration file is valid\n", "");
        assertThat(result.status()).isZero();
    }

    /** Checks the file; a warning is an error. */
    private static Child.Result check(Map<String, String> variables) throws Exception {
        return HaproxyProcess.command(variables, "-dW", "-c").run();
    }
}
