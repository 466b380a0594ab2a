package io.socketz.server;

import static io.socketz.server.LineClient.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that misbehave: the server survives, and another client notices nothing. */
class BadInputTest {
    private final Events events = new Events();
    private SocketzServer server;
    private LineClient bystander;

    @BeforeEach
    void start() throws Exception {
        server = SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .loops(1)
                .listener(events)
                .start();
        bystander = LineClient.greeted(server);
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(bystander.ask("WHY")).isEqualTo("42");
        bystander.close();
        server.close();
        assertThat(server.closed(CloseReason.INTERNAL_ERROR)).isZero();
    }

    @Test
    void anEndlessLineOf100MegabytesGetsOneError() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < 100; i++) {
                client.send(megabyte);
            }
            client.send("\nWHY\n");
            client.expect("error LINE_TOO_LONG max 1024 bytes", "42");
        }
    }

    @Test
    void everyByteValueIsAnsweredWithoutAnEcho() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            for (int b = 0; b < 255; b++) {
                if (b != '\n' && b != ' ' && b != '\t' && b != '\r') {
                    client.send(new byte[] {(byte) b, '\n'});
                    client.expect("invalid command: " + GREETING);
                }
            }
        }
    }

    @Test
    void clientsThatResetDuringTheirRepliesLeaveNothingBehind() throws Exception {
        for (int i = 0; i < 50; i++) {
            LineClient client = LineClient.greeted(server);
            client.send("WHO\n".repeat(1000));
            client.line();
            client.reset();
        }
        for (int i = 0; i < 50; i++) {
            events.next("closed");
        }
        assertThat(bystander.ask("WHO")).isEqualTo("client list: {'" + bystander.address() + "'}");
        bystander.expect("connected clients: 1");
    }

    @Test
    void aClientThatSendsByteByByteIsServed() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            for (byte b : "WHY\r\nWHERE\r\n".getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {b});
            }
            client.expect("42", server.member().id().toString());
        }
    }

    @Test
    void aStormOfShortConnectionsLeavesNothingBehind() throws Exception {
        for (int i = 0; i < 20; i++) {
            List<LineClient> storm = new ArrayList<>();
            for (int j = 0; j < 50; j++) {
                storm.add(LineClient.connect(server));
            }
            for (int j = 0; j < storm.size(); j++) {
                if (j % 2 == 0) {
                    storm.get(j).reset();
                } else {
                    storm.get(j).close();
                }
            }
        }
        for (int i = 0; i < 1000; i++) {
            events.next("closed");
        }
        assertThat(server.connections()).isEqualTo(1);
        assertThat(bystander.ask("WHO")).isEqualTo("client list: {'" + bystander.address() + "'}");
        bystander.expect("connected clients: 1");
    }
}
