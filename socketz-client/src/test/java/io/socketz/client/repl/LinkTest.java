package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.Server;
import io.socketz.protocol.address.HostPort;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LinkTest {
    private static final Server SERVER = new Server(
            HostPort.parse("localhost:1"), new InetSocketAddress(1), new InetSocketAddress(2), UUID.randomUUID());

    private final List<String> told = new ArrayList<>();
    private final Link link = new Link(true);

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
}
