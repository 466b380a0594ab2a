package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.CommandRow;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Steady traffic allocates nothing on the event loop. The test counts bytes, so that it does not depend on timing. */
class SteadyStateTest {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void answeringWhyDoesNotAllocate() throws Exception {
        allocatesNothing("WHY\r\n", client -> "42\n");
    }

    @Test
    void answeringWhoDoesNotAllocateWhileTheRosterIsUnchanged() throws Exception {
        allocatesNothing("WHO\n", client -> "client list: {'" + client.address() + "'}\nconnected clients: 1\n");
    }

    @Test
    void answeringACommandOfTheProgramWithAConstantDoesNotAllocate() throws Exception {
        CommandReply constant = CommandReply.line("hello");
        allocatesNothing(
                SocketzServer.builder()
                        .command(CommandRow.of("HELLO", "greets", ReplyType.LINE), (command, connection) -> constant),
                "HELLO\n",
                client -> "hello\n");
    }

    private void allocatesNothing(String request, Function<LineClient, String> reply) throws Exception {
        allocatesNothing(SocketzServer.builder(), request, reply);
    }

    private void allocatesNothing(SocketzServer.Builder builder, String request, Function<LineClient, String> reply)
            throws Exception {
        try (SocketzServer server = builder.host("127.0.0.1").port(0).loops(1).start();
                LineClient client = LineClient.greeted(server)) {
            byte[] requests = request.repeat(100).getBytes(StandardCharsets.US_ASCII);
            byte[] replies = reply.apply(client).repeat(100).getBytes(StandardCharsets.US_ASCII);
            ask(client, requests, replies, 2_000);
            long loop = loopThread();
            long before = threads.getThreadAllocatedBytes(loop);
            ask(client, requests, replies, 2_000);
            long bytes = threads.getThreadAllocatedBytes(loop) - before;
            // 200,000 requests in 2,000 reads: a single object per read would take at least 32,000 bytes.
            assertThat(bytes).isLessThan(16_000);
        }
    }

    private static void ask(LineClient client, byte[] requests, byte[] replies, int rounds) throws Exception {
        byte[] received = new byte[replies.length];
        for (int i = 0; i < rounds; i++) {
            client.send(requests);
            assertThat(client.socket.getInputStream().readNBytes(received, 0, received.length))
                    .isEqualTo(replies.length);
        }
        assertThat(received).isEqualTo(replies);
    }

    private static long loopThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("socketz-loop-0"))
                .findFirst()
                .orElseThrow()
                .getId();
    }
}
