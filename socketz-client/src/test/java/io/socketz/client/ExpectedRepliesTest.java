package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Command;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a command is answered with stands here and in {@link Command#replyLines}: both say the same. */
class ExpectedRepliesTest {
    private static final Map<Class<? extends Reply>, Reply> EXAMPLES = Map.of(
            Reply.Answer.class, new Reply.Answer(),
            Reply.ClientList.class, new Reply.ClientList(List.of("127.0.0.1:50814")),
            Reply.Freshness.class, new Reply.Fresh(7),
            Reply.ServerId.class, new Reply.ServerId(new UUID(0, 0)));

    static List<Class<?>> commands() {
        return List.of(Command.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void repliesToACommandHaveAsManyLinesAsTheCommandSays(Class<? extends Command> kind) throws Exception {
        Command command = kind.getDeclaredConstructor().newInstance();
        int lines = ExpectedReplies.to(command).stream()
                .map(EXAMPLES::get)
                .mapToInt(reply -> lines(reply.toBytes()))
                .sum();
        assertThat(lines).isEqualTo(command.replyLines());
    }

    private static int lines(byte[] bytes) {
        int lines = 0;
        for (byte b : bytes) {
            lines += b == '\n' ? 1 : 0;
        }
        return lines;
    }
}
