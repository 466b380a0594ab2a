package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.client;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Client;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A server's {@link Publication} on a scripted etcd, driven by a test. */
final class PublishedServer implements PublicationListener {
    static final long SECOND = 1_000_000_000;

    final ScriptedEtcd etcd = new ScriptedEtcd();
    final List<String> told = new ArrayList<>();

    /** The numbers of the clients that nobody waits for any longer. */
    final List<Long> announced = new ArrayList<>();

    /** The names that nobody waits for any longer; null for none. */
    final List<@Nullable String> renamed = new ArrayList<>();

    final Publication publication = new Publication(
            Samples.member(SELF), KEYS, Duration.ofSeconds(6), etcd, new Random(1), this::knownRevision, this);
    long now = -3 * SECOND;

    /** A revision of etcd that is known elsewhere. */
    long knownRevision;

    PublishedServer() {
        etcd.onEventEnd = publication::onEventEnd;
    }

    /** A server that has a member key on lease 77, written at revision 10. */
    static PublishedServer member() {
        PublishedServer server = new PublishedServer();
        server.onTime();
        server.answer("grant 6", 77);
        server.answer("put members/self on 77", 10);
        assertThat(server.etcd.open()).isEmpty();
        server.told.clear();
        return server;
    }

    /** The same, and clients 1 to {@code clients}, at revision 11, on lease 88. */
    static PublishedServer memberWith(int clients) {
        PublishedServer server = member();
        server.join(LongStream.rangeClosed(1, clients).toArray());
        server.answer("grant 300", 88);
        server.answer(puts(88, LongStream.rangeClosed(1, clients).toArray()), 11);
        assertThat(server.etcd.open()).isEmpty();
        server.told.clear();
        return server;
    }

    /** The clients' keys are put together with the member key. */
    static String puts(long lease, long... numbers) {
        return LongStream.of(numbers)
                .mapToObj(number -> "put clients/self/" + number + " on " + lease)
                .collect(Collectors.joining(", ", "put members/self on 77, ", ""));
    }

    /** Clients' keys are deleted, and it is said why, together with the member key. */
    static String leaves(long... numbers) {
        return "put members/self on 77, put closed/self on 77, " + deletes(numbers);
    }

    static String deletes(long... numbers) {
        return LongStream.of(numbers)
                .mapToObj(number -> "delete clients/self/" + number)
                .collect(Collectors.joining(", "));
    }

    void onTime() {
        publication.onTime(now);
        publication.onEventEnd(now);
    }

    void beat() {
        publication.beat(now);
        publication.onEventEnd(now);
    }

    /** Moves time to the next deadline. */
    void onDeadline() {
        assertThat(publication.deadline()).isNotEqualTo(Long.MAX_VALUE);
        now = Math.max(now, publication.deadline());
        onTime();
    }

    void join(long... numbers) {
        for (long number : numbers) {
            publication.join(now, client(SELF, number), () -> announced.add(number));
            publication.onEventEnd(now);
        }
    }

    void rename(long number, @Nullable String name) {
        publication.rename(now, number, name, () -> renamed.add(name));
        publication.onEventEnd(now);
    }

    void leave(long... numbers) {
        for (long number : numbers) {
            assertThat(publication.leave(number, Samples.QUIT)).isNotNull();
            publication.onEventEnd(now);
        }
    }

    /** Answers the only open request, which must be this one. */
    void answer(String text, long value) {
        assertThat(etcd.open()).containsExactly(text);
        etcd.take(text).answer(now, value);
    }

    /** Fails the only open request, which must be this one. */
    void fail(String text, EtcdFailure.Kind kind) {
        assertThat(etcd.open()).containsExactly(text);
        etcd.take(text).fail(now, kind);
    }

    /** The watch has brought an event of one of its keys, and is at its revision. */
    void seen(WatchEvent event) {
        publication.onChange(Samples.parsed(event.key()), event.put(), event.revision());
        publication.onReplicaAt(event.revision());
        onTime();
    }

    /** Everything was read as it is at {@code revision}. */
    void read(long revision, KeyValue... entries) {
        publication.onReadStart();
        for (KeyValue entry : entries) {
            publication.onRead(Samples.parsed(entry.key()), entry);
        }
        publication.onReadEnd(revision);
        publication.onReplicaAt(revision);
        onTime();
    }

    /** Its member key, as it should be. */
    static KeyValue memberKey(long lease, long revision) {
        return new KeyValue(KEYS.member(SELF), EtcdValues.of(Samples.member(SELF)), lease, revision);
    }

    /** The key of a client with a name, as it should be. */
    static KeyValue clientKey(long number, String name, long lease, long revision) {
        byte[] value = EtcdValues.of(client(SELF, number).withName(name));
        return new KeyValue(KEYS.client(SELF, number), value, lease, revision);
    }

    /** A client key, as it should be. */
    static KeyValue clientKey(long number, long lease, long revision) {
        return new KeyValue(KEYS.client(SELF, number), EtcdValues.of(client(SELF, number)), lease, revision);
    }

    long knownRevision() {
        return Math.max(knownRevision, publication.lastCommitted());
    }

    @Override
    public void onCommitted(long now, long sentAt, long revision) {
        told.add("revision " + revision);
    }

    @Override
    public void onRevisionBack(long now, long revision) {
        told.add("back to " + revision);
    }

    @Override
    public void onKick(Client client, String reason) {
        told.add("kick " + client.number() + " " + reason);
    }

    @Override
    public void onMalformedKick(String key, String why) {
        told.add("malformed " + key.replace(SELF.toString(), "self") + " " + why);
    }

    @Override
    public void onLapsed(Duration sinceRenewed) {
        told.add("lapsed after " + sinceRenewed);
    }

    @Override
    public void onCommitFailed(long now, EtcdFailure failure) {
        told.add("failed: " + failure.kind());
    }

    @Override
    public void onLeaseFailed(long now, EtcdFailure failure) {
        told.add("lease failed: " + failure.kind());
    }
}
