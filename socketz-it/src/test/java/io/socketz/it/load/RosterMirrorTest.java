package io.socketz.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RosterMirrorTest {
    private static final String SERVER = "00000000-0000-4000-8000-000000000001";

    private final RosterMirror mirror = new RosterMirror();

    private static String client(int number) {
        return "id=" + SERVER + "/" + number + " addr=10.0.0.1:" + number + " server=a since=2026-01-31T12:00:00Z";
    }

    private void tell(String... lines) {
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII);
        new ReplyDecoder(1 << 16, this::onReply).decode(bytes, 0, bytes.length);
    }

    private void onReply(Reply reply) {
        if (reply instanceof Event event) {
            mirror.onEvent(event);
        } else {
            mirror.onState((Block.Clients) reply);
        }
    }

    @Test
    void aStreamThatFitsHasNoErrors() {
        tell("1 clients of 1 at revision 5", client(1));
        tell("event 6 join " + client(2), "event 6 join " + client(3), "event 7 rename " + client(2) + " name=x");
        tell("event 8 leave " + client(1) + " reason=CLIENT_QUIT", "event 8 now age=0.1");
        assertThat(mirror.errors()).isEmpty();
        assertThat(mirror.clients()).hasSize(2);
        assertThat(mirror.revision()).isEqualTo(8);
        tell("event 9 server-down id=" + SERVER
                + " name=a addr=a:1 clients=2 since=2026-01-31T12:00:00Z reason=SERVER_LOST");
        assertThat(mirror.errors()).isEmpty();
        assertThat(mirror.clients()).isEmpty();
    }

    @Test
    void aDoubleEventIsFound() {
        tell("0 clients of 0 at revision 5", "event 6 join " + client(2), "event 6 join " + client(2));
        assertThat(mirror.errors()).hasSize(1);
    }

    @Test
    void aDoubleOfAnEarlierRevisionIsFound() {
        tell("0 clients of 0 at revision 5", "event 6 join " + client(2), "event 7 join " + client(3));
        mirror.onResume();
        tell("event 6 join " + client(2));
        assertThat(mirror.errors()).isNotEmpty();
    }

    @Test
    void aLostEventIsFound() {
        tell("0 clients of 0 at revision 5", "event 7 leave " + client(2) + " reason=CLIENT_QUIT");
        assertThat(mirror.errors()).hasSize(1);
    }

    @Test
    void aLostServerThatTakesOthersAlongIsFound() {
        tell("1 clients of 1 at revision 5", client(1));
        tell("event 9 server-down id=" + SERVER
                + " name=a addr=a:1 clients=2 since=2026-01-31T12:00:00Z reason=SERVER_LOST");
        assertThat(mirror.errors()).hasSize(1);
    }

    @Test
    void afterAResumeTheLastRevisionMayComeAgain() {
        tell("0 clients of 0 at revision 5", "event 6 join " + client(2));
        assertThat(mirror.completeRevision()).isEqualTo(5);
        mirror.onResume();
        tell("event 6 join " + client(2), "event 6 join " + client(3), "event 7 now age=0.0");
        assertThat(mirror.errors()).isEmpty();
        assertThat(mirror.clients()).hasSize(2);
        assertThat(mirror.completeRevision()).isEqualTo(7);
    }
}
