package io.socketz.protocol.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.Reference;
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

    private static final Request BAD =
            new Request.BadArgument(BuiltInCommands.WHO_LONG, new Reply.Failure("BAD_ARGUMENT", "expected ..."));

    static List<CommandRow> rows() {
        return BuiltInCommands.TABLE.rows();
    }

    @Test
    void everyKindOfRequestCallsItsMethodWithTheClient() {
        assertThat(handled(BuiltInCommands.WHO_FRESH.command())).containsExactly("WHO FRESH");
        assertThat(handled(new Request.Empty())).containsExactly("empty");
        assertThat(handled(new Request.Invalid())).containsExactly("invalid");
        assertThat(handled(new Request.TooLong())).containsExactly("too long");
        assertThat(handled(BAD)).containsExactly("bad argument");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aCommandThatIsWrittenIsReadBack(CommandRow row) {
        Command command = Reference.command(row);
        byte[] bytes = command.toBytes();
        assertThat(new String(bytes, UTF_8)).startsWith(row.words()).endsWith("\n");
        assertThat(BuiltInCommands.TABLE.parse(bytes, 0, bytes.length - 1)).isEqualTo(command);
        assertThat(command.asksFor(row)).isTrue();
        assertThat(row.standsAlone()).isEqualTo(command.line().equals(row.words()));
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
        assertThat(BAD.replyCount()).isOne();
        assertThat(BAD.admits(ID, 0)).isTrue();
    }

    @Test
    void onlyACommandWithoutAReplyEndsTheConnection() {
        assertThat(rows()).filteredOn(CommandRow::endsConnection).containsExactly(BuiltInCommands.QUIT);
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
        public void onBadArgument(Request.BadArgument request, List<String> client) {
            client.add("bad argument");
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
