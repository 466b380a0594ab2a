package io.socketz.protocol.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.reply.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestTest {
    private static final Reply ANSWER = new Reply.Answer();
    private static final Reply ID = new Reply.ServerId(new UUID(1, 2));

    static List<CommandRow> rows() {
        return BuiltInCommands.TABLE.rows();
    }

    @Test
    void everyKindOfRequestCallsItsMethodWithTheClient() {
        assertThat(handled(BuiltInCommands.WHO_FRESH.command())).containsExactly("WHO FRESH");
        assertThat(handled(new Request.Empty())).containsExactly("empty");
        assertThat(handled(new Request.Invalid())).containsExactly("invalid");
        assertThat(handled(new Request.TooLong())).containsExactly("too long");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aCommandThatIsWrittenIsReadBack(CommandRow row) {
        byte[] bytes = row.command().toBytes();
        assertThat(bytes).isEqualTo((row.words() + "\n").getBytes(UTF_8));
        assertThat(BuiltInCommands.TABLE.parse(bytes, 0, bytes.length - 1)).isSameAs(row.command());
        assertThat(row.command().asksFor(row)).isTrue();
    }

    @Test
    void aRequestAcceptsTheRepliesThatItsRowLists() {
        assertThat(BuiltInCommands.WHY.command().admits(ANSWER, 0)).isTrue();
        assertThat(BuiltInCommands.WHY.command().admits(ID, 0)).isFalse();
        assertThat(BuiltInCommands.WHO_FRESH.command().replyCount()).isEqualTo(2);
        assertThat(BuiltInCommands.WHO_FRESH.command().admits(new Reply.Fresh(1), 0))
                .isFalse();
        assertThat(BuiltInCommands.WHO_FRESH.command().admits(new Reply.Fresh(1), 1))
                .isTrue();
    }

    @Test
    void aCommandOfAnotherServerAcceptsAnyReply() {
        assertThat(new Request.Invalid().replyCount()).isOne();
        assertThat(new Request.Invalid().admits(ID, 0)).isTrue();
    }

    @Test
    void onlyACommandWithoutAReplyEndsTheConnection() {
        assertThat(rows()).filteredOn(row -> row.command().endsConnection()).containsExactly(BuiltInCommands.QUIT);
        assertThat(new Request.Empty().endsConnection()).isFalse();
        assertThat(new Request.Invalid().endsConnection()).isFalse();
    }

    private static List<String> handled(Request request) {
        List<String> handled = new ArrayList<>();
        request.dispatch(new Noting(), handled);
        return handled;
    }

    /** Adds the name of each call to the client, which is a list. */
    private static final class Noting implements Request.Handler<List<String>> {
        @Override
        public void onCommand(Command command, List<String> client) {
            client.add(command.line());
        }

        @Override
        public void onEmpty(List<String> client) {
            client.add("empty");
        }

        @Override
        public void onInvalid(List<String> client) {
            client.add("invalid");
        }

        @Override
        public void onTooLong(List<String> client) {
            client.add("too long");
        }
    }
}
