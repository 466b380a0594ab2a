package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.THIRD;
import static io.socketz.state.etcd.Samples.client;
import static io.socketz.state.etcd.Samples.clientEntry;
import static io.socketz.state.etcd.Samples.deleteClient;
import static io.socketz.state.etcd.Samples.deleteMember;
import static io.socketz.state.etcd.Samples.putClient;
import static io.socketz.state.etcd.Samples.putMember;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Client;
import io.socketz.state.KickResult;
import io.socketz.state.etcd.transport.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that are to be disconnected whose server vanishes meanwhile: its keys stay in etcd for some minutes. */
class AskedKicksTest {
    private final SkippedKeys skipped = SkippedKeysRecorder.into(new ArrayList<>());
    private final Replica replica = new Replica(Samples.member(SELF), skipped, Samples.CLOCK);
    private final PublishedServer server = PublishedServer.member();
    private final KeyRouter router = new KeyRouter(SELF, KEYS, server.publication, replica, skipped);
    private final AskedKicks kicks = new AskedKicks(SELF, server.publication, replica, (client, reason) -> {});
    private final List<KickResult> answers = new ArrayList<>();

    @Test
    void aClientOfAServerThatHasVanishedIsAskedForUntilItsKeyIsGone() {
        kickedWhileTheServerVanishes(1, 2);
        apply(deleteClient(client(OTHER, 2), 40));
        assertThat(written()).containsExactly("delete " + key(2));
        apply(putClient(client(THIRD, 1), 50), putMember(THIRD, 50), deleteMember(THIRD, 60));
        assertThat(written()).isEmpty();
        apply(putMember(OTHER, 70));
        assertThat(written()).as("the server is back, and so is the client").isEmpty();
        apply(deleteClient(client(OTHER, 1), 80));
        assertThat(written()).containsExactly("delete " + key(1));
    }

    @Test
    void aClientWhoseKeyIsNotReadAgainIsAskedForNoMore() {
        kickedWhileTheServerVanishes(1, 2);
        router.startReading();
        router.read(clientEntry(client(OTHER, 1), 2));
        router.endReading(90);
        assertThat(written()).containsExactly("delete " + key(2));
        router.startReading();
        router.endReading(100);
        assertThat(written()).containsExactly("delete " + key(1));
    }

    @Test
    void aClientThatIsAskedForLaterEndsWithItsKeyToo() {
        kickedWhileTheServerVanishes(1);
        apply(putMember(OTHER, 40), putClient(client(OTHER, 2), 40));
        ask(2);
        assertThat(written()).hasSize(1);
        apply(deleteMember(OTHER, 50));
        check();
        apply(deleteClient(client(OTHER, 1), 60), deleteClient(client(OTHER, 2), 60));
        assertThat(written()).containsExactly("delete " + key(1), "delete " + key(2));
    }

    /** Their keys stay in etcd for up to 300 s, and a busy server has hundreds of events a second. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aVanishedServersClientsAreNotAllLookedAtInEveryEvent() {
        apply(putMember(OTHER, 1), putMember(THIRD, 1));
        LongStream.rangeClosed(1, 20_000).forEach(number -> apply(putClient(client(OTHER, number), 2 + number)));
        ask(LongStream.rangeClosed(1, 20_000).toArray());
        apply(deleteMember(OTHER, 30_000));
        for (int revision = 30_001; revision <= 80_000; revision++) {
            check();
            apply(putMember(THIRD, revision));
        }
        assertThat(answers).containsExactly(new KickResult(20_000, List.of(), 7));
    }

    private void kickedWhileTheServerVanishes(long... numbers) {
        apply(putMember(OTHER, 1));
        LongStream.of(numbers).forEach(number -> apply(putClient(client(OTHER, number), 1 + number)));
        ask(numbers);
        apply(deleteMember(OTHER, 30));
        assertThat(written()).hasSize(numbers.length);
        assertThat(answers).hasSize(1);
        assertThat(written()).isEmpty();
    }

    private void apply(WatchEvent... events) {
        router.apply(List.of(events));
    }

    private void ask(long... numbers) {
        List<Client> clients =
                LongStream.of(numbers).mapToObj(number -> client(OTHER, number)).toList();
        kicks.ask(server.now, clients, "", answers::add);
    }

    private void check() {
        kicks.check(server.now, 7);
    }

    /** What the end of the event has written of the keys that ask. */
    private List<String> written() {
        check();
        server.publication.onEventEnd(server.now);
        List<String> all = new ArrayList<>();
        server.etcd.open().forEach(text -> {
            all.addAll(Stream.of(text.split(", "))
                    .filter(write -> write.contains("kicks/"))
                    .toList());
            server.etcd.take(text).answer(server.now, 11L);
        });
        return all;
    }

    private static String key(long number) {
        return "kicks/" + OTHER + "/" + number;
    }
}
