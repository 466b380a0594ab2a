package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NextPageTest {
    private static final UUID SERVER = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");

    private static Optional<String> next(String line, Reply... replies) {
        return NextPage.of(BuiltInCommands.TABLE.parse(line), List.of(replies));
    }

    private static Reply page(int... numbers) {
        List<ClientRecord> records = Arrays.stream(numbers)
                .mapToObj(number -> new ClientRecord(
                        new ClientId(SERVER, number), "a:1", Optional.empty(), "s", Instant.EPOCH, Optional.empty()))
                .toList();
        return new Block.Clients(records, 9, 1, Optional.empty());
    }

    @Test
    void afterAFullPageItIsTheSameLineAfterTheLastClient() {
        assertThat(next("who long limit 2", page(3, 4))).contains("WHO LONG LIMIT 2 AFTER 08483048/4");
        assertThat(next("WHO LONG AFTER 08483048/4 NAME web-* fresh LIMIT 2", page(5, 7)))
                .contains("WHO LONG FRESH NAME web-* LIMIT 2 AFTER 08483048/7");
    }

    @Test
    void afterAnyOtherReplyThereIsNone() {
        assertThat(next("WHO LONG LIMIT 3", page(3, 4))).isEmpty();
        assertThat(next("WHO LONG LIMIT 9", page(1, 2, 3, 4, 5, 6, 7, 8, 9)))
                .as("that was everyone")
                .isEmpty();
        assertThat(next("WHO LONG", page(3, 4))).isEmpty();
        assertThat(next("WHO LONG LIMIT 1", page())).isEmpty();
        assertThat(next("WHO LONG LIMIT 1", new Reply.Failure("X", ""))).isEmpty();
        assertThat(next("WHO", new Reply.ClientList(List.of()))).isEmpty();
        assertThat(next("QUIT")).isEmpty();
    }
}
