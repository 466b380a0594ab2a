package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.Server;
import io.socketz.protocol.address.HostPort;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LinkTest {
    private static final Server SERVER = new Server(
            HostPort.parse("localhost:1"), new InetSocketAddress(1), new InetSocketAddress(2), UUID.randomUUID());

    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-31T12:00:00Z");
    private final Link link = new Link(true, () -> now);

    private final Link.Listener listener = new Link.Listener() {
        @Override
        public void onEvent(String text) {
            told.add("event " + text);
        }

        @Override
        public void onMessage(String text) {
            told.add(text);
        }

        @Override
        public void onChange() {}
    };

    @Test
    void keepsTheLastMessagesUntilSomebodyShowsThem() {
        for (int i = 1; i <= 25; i++) {
            link.onMessage(SERVER, "number " + i);
        }
        link.tell(listener);
        assertThat(told).hasSize(20).startsWith("message: number 6").endsWith("message: number 25");
        link.onMessage(SERVER, "number 26");
        assertThat(told).hasSize(21).endsWith("message: number 26");
        link.retire();
        link.onMessage(SERVER, "number 27");
        assertThat(told).hasSize(21);
    }

    @Test
    void aMessageCannotControlTheTerminal() {
        link.tell(listener);
        link.onMessage(SERVER, "\u202eolleh");
        assertThat(told).containsExactly("message: ?olleh");
    }

    @Test
    void infoShowsTheTimeOfTheConnectionThatThereIs() {
        assertThat(info()).isEqualTo("not connected\nlost        0 connections");
        now = Instant.parse("2026-01-31T12:00:05Z");
        link.onConnected(SERVER, Optional.empty());
        now = Instant.parse("2026-01-31T12:30:00Z");
        assertThat(info())
                .isEqualTo("server      " + SERVER.id() + "\naddress     0.0.0.0:1\nasked for   localhost:1\n"
                        + "since       12:00:05\nlost        0 connections");
        now = Instant.parse("2026-01-31T12:30:01Z");
        link.onConnected(SERVER, Optional.of(SERVER));
        assertThat(info()).contains("\nsince       12:30:01\n");
        now = Instant.parse("2026-02-01T00:00:00Z");
        assertThat(info()).as("not today").contains("\nsince       2026-01-31 12:30\n");
    }

    private String info() {
        return link.info(new Inks(false), now.atZone(ZoneOffset.UTC));
    }
}
