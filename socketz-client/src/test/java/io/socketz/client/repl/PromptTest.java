package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.Server;
import io.socketz.protocol.address.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PromptTest {
    private static final Optional<Server> SERVER = Optional.of(new Server(
            HostPort.parse("localhost:4141"),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 4141),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_812),
            UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a")));

    @Test
    void namesTheServerAndItsAddress() {
        assertThat(Prompt.of(SERVER, SERVER, false, 80)).isEqualTo("socketz 127.0.0.1:4141 (08483048)> ");
    }

    @Test
    void tellsConnectingFromNotConnected() {
        assertThat(Prompt.of(Optional.empty(), SERVER, false, 80)).isEqualTo("socketz 127.0.0.1:4141 (connecting)> ");
        assertThat(Prompt.of(Optional.empty(), SERVER, true, 80)).isEqualTo("socketz (not connected)> ");
    }

    @Test
    void isShorterInANarrowWindow() {
        assertThat(Prompt.of(SERVER, SERVER, false, 40)).isEqualTo("socketz (08483048)> ");
        assertThat(Prompt.of(SERVER, SERVER, false, 30)).isEqualTo("08483048> ");
        assertThat(Prompt.of(SERVER, SERVER, false, 20)).isEqualTo("> ");
        for (int columns = 30; columns < 200; columns++) {
            assertThat(Prompt.of(SERVER, SERVER, false, columns)).hasSizeLessThanOrEqualTo(columns - 20);
        }
    }
}
