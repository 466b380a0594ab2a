package io.socketz.state.etcd;

import io.socketz.state.AuditResult;
import io.socketz.state.ChangeFeed;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.KickListener;
import io.socketz.state.KickResult;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.etcd.ClosedClients.Closed;
import io.socketz.state.etcd.Follower.ReplicaListener;
import io.socketz.state.etcd.Freshness.RevisionListener;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The algorithm that keeps the roster of all servers: events and the time go in; requests to etcd come out, and the time
 * at which it wants to be called again. It does no I/O and has neither a thread nor a clock.
 *
 * <pre>{@code
 *   own joins, leaves --> Publication --commit--> etcd --watch, or everything read again--> Follower
 *                           |    ^                                                             |
 *                           |    +----------- this server's keys ----------------------- KeyRouter
 *                           |                                                                  |
 *                           +--own clients--> Replica <--other servers' keys-------------------+
 *                                                |
 *                             roster  <----------+---- Freshness: up to when is it complete?
 * }</pre>
 *
 * Whoever drives it calls {@link #onEventEnd} after each event, that is after each of the methods {@code on...}, after
 * {@link #askFresh} and after each answer of the transport: what the event has left to write is committed then, once.
 *
 * <p>One thread owns all of it. Times are nanoseconds of one clock, as {@link System#nanoTime}.
 */
final class Replication {
    /** The watch is in doubt if nothing has confirmed the replica for this long. */
    private static final long SILENCE_NANOS = 3 * OwnMember.BEAT_INTERVAL_NANOS;

    private static final EtcdFailure SILENT = new EtcdFailure(Kind.TIMEOUT, "the watch is silent");

    private final EtcdRegistryListener listener;
    private final SkippedKeys skipped;
    private final Health health;
    private final Replica replica;
    private final Publication publication;
    private final Follower follower;
    private final Freshness freshness;
    private final HeldAnswers held = new HeldAnswers();

    private final AskedKicks kicks;
    private final Auditing auditing;
    private final KickListener kickListener;
    private final ReplicationMetrics metrics;

    private final CurrentRoster roster;

    /** Run when this server has left; null as long as it is to stay, and afterwards. */
    private @Nullable Runnable onLeft;

    private long leaveBy = Long.MAX_VALUE;

    /** Nothing is done any more. */
    private boolean ended;

    /** @param clock tells when clients have left of which it is not said */
    Replication(
            Member self,
            ClusterSettings settings,
            EtcdTransport transport,
            Random random,
            InstantSource clock,
            EtcdRegistryListener listener,
            KickListener kickListener) {
        this.listener = listener;
        this.kickListener = kickListener;
        this.health = new Health(listener);
        Keys keys = new Keys(settings.prefix());
        this.skipped = new SkippedKeys(listener);
        Events events = new Events();
        this.publication =
                new Publication(self, keys, settings.leaseTtl(), transport, random, this::knownRevision, events);
        this.replica = new Replica(self, skipped, clock);
        KeyRouter router = new KeyRouter(self.id(), keys, publication, replica, skipped);
        this.follower = new Follower(keys, router, transport, random, this::knownRevision, events);
        this.freshness = new Freshness(
                keys.member(self.id()), transport, random, this::isPublished, this::knownRevision, events);
        this.roster = new CurrentRoster(replica, freshness);
        this.kicks = new AskedKicks(self.id(), publication, replica, kickListener);
        this.auditing =
                new Auditing(self.id(), keys, transport, publication, follower, replica::revision, this::knownRevision);
        this.metrics = new ReplicationMetrics(replica, publication, follower, freshness, health, this::isPublished);
    }

    void onStart(long now) {
        freshness.onStart(now);
        health.onStart(now);
        onTime(now);
    }

    /** Ends each event. */
    void onEventEnd(long now) {
        if (!ended) {
            kicks.check(now, knownRevision());
            auditing.onEventEnd(now);
            publication.onEventEnd(now);
        }
        metrics.publish();
    }

    // ---------------------------------------------------------------- this server's clients

    /** @param onAnnounced run once, as {@link Announcements} says */
    void onJoin(long now, Client client, Runnable onAnnounced) {
        replica.addOwn(client);
        publication.join(now, client, onAnnounced);
    }

    /** @param onAnnounced run once, as {@link Announcements} says */
    void onRename(long now, long number, @Nullable String name, Runnable onAnnounced) {
        Client renamed = publication.rename(now, number, name, onAnnounced);
        if (renamed != null) {
            replica.renameOwn(renamed);
        }
    }

    /** @param at when, in milliseconds since 1970-01-01T00:00:00Z */
    void onLeave(long number, String reason, long at) {
        Closed why = new Closed(reason, at);
        Client gone = publication.leave(number, why);
        if (gone != null) {
            replica.removeOwn(gone, why);
        }
    }

    // ---------------------------------------------------------------- what administrators ask

    /** Has the clients disconnected, wherever they are; answers when they are gone, or after 5 s. */
    void askKick(long now, Collection<Client> clients, String reason, Consumer<KickResult> answer) {
        kicks.ask(now, clients, reason, answer);
    }

    /** Compares this server's client keys with its clients; answers with nothing if etcd does not answer. */
    void askAudit(long now, Consumer<Optional<AuditResult>> answer) {
        auditing.ask(now, answer);
    }

    // ---------------------------------------------------------------- rosters

    /** The roster as it is now; the same object while nothing changes. Its age is counted by the owner's clock. */
    Roster roster() {
        return roster.get();
    }

    /** What changes in the whole cluster. */
    ChangeFeed changes() {
        return replica.changes();
    }

    /** What is counted and measured; any thread may read it. */
    ReplicationMetrics metrics() {
        return metrics;
    }

    /** Whether other servers' clients have ever been known. */
    boolean isKnown() {
        return replica.revision() > 0;
    }

    /** Whether {@link #roster} would hold the same lists as the last time. */
    boolean isListCurrent() {
        return roster.isListCurrent();
    }

    /** @param askedAt not later than now */
    void askFresh(long now, long askedAt, Consumer<FreshRoster> answer) {
        freshness.ask(now, askedAt, new Freshness.Asker() {
            @Override
            public void onFresh() {
                FreshRoster fresh = new FreshRoster(roster(), true, Duration.ZERO);
                long change = publication.changes();
                if (publication.isPending(change)) {
                    long until = askedAt + Freshness.PATIENCE_NANOS;
                    held.hold(until, change, () -> answer.accept(fresh), this::onStale);
                } else {
                    answer.accept(fresh);
                }
            }

            @Override
            public void onStale(long now) {
                Roster stale = roster();
                Duration age = Duration.ofNanos(stale.age(now));
                Duration unwritten = unwrittenFor(now);
                answer.accept(new FreshRoster(stale, false, age.compareTo(unwritten) > 0 ? age : unwritten));
            }
        });
    }

    /** How long ago other servers could last see this server's part as it was then. */
    private Duration unwrittenFor(long now) {
        Duration unwritten = publication.unwrittenFor(now);
        Duration uncommitted = isPublished() ? Duration.ZERO : health.sinceCommitted(now);
        return unwritten.compareTo(uncommitted) > 0 ? unwritten : uncommitted;
    }

    /** Whether etcd has this server's member key, accepts what it writes, and has a client before the client is greeted. */
    private boolean isPublished() {
        return publication.isMember() && !health.commitsFail() && !publication.announcesAtOnce();
    }

    /** A revision that etcd has reached, as far as is known. */
    private long knownRevision() {
        return Math.max(replica.revision(), publication.lastCommitted());
    }

    // ---------------------------------------------------------------- time

    /** When {@link #onTime} is to be called next, at the latest. */
    long deadline() {
        if (ended) {
            return Long.MAX_VALUE;
        }
        long silence = follower.isWatching()
                ? Math.min(silentFrom(), freshness.probeAt(follower.phaseSince()))
                : Long.MAX_VALUE;
        return Math.min(
                Math.min(publication.deadline(), follower.deadline()),
                Math.min(
                        Math.min(
                                Math.min(freshness.deadline(), held.deadline()),
                                Math.min(Math.min(leaveBy, auditing.deadline()), kicks.deadline())),
                        silence));
    }

    private long silentFrom() {
        return Math.max(freshness.confirmedAt(), follower.phaseSince()) + SILENCE_NANOS;
    }

    /** Does what is due. */
    void onTime(long now) {
        if (ended) {
            return;
        }
        publication.onTime(now);
        follower.onTime(now);
        if (follower.isWatching() && now >= silentFrom()) {
            follower.doubt(now, SILENT);
        } else if (follower.isWatching() && now >= freshness.probeAt(follower.phaseSince())) {
            freshness.probe(now);
        }
        freshness.onTime(now);
        held.onTime(now);
        auditing.onTime(now);
        if (now >= leaveBy) {
            onLeft();
        }
    }

    // ---------------------------------------------------------------- leaving

    /** Takes this server and its clients out of etcd, as far as {@code leaveBy} allows; then runs {@code onLeft}. */
    void onClosing(long now, long leaveBy, Runnable onLeft) {
        this.onLeft = onLeft;
        this.leaveBy = leaveBy;
        kicks.end(knownRevision());
        auditing.end();
        follower.end();
        freshness.end(now);
        held.end(now);
        publication.leaveAll(this::onLeft);
    }

    private void onLeft() {
        Runnable left = onLeft;
        onLeft = null;
        ended = true;
        if (left != null) {
            left.run();
        }
    }

    // ---------------------------------------------------------------- what the parts report

    private final class Events implements PublicationListener, ReplicaListener, RevisionListener {
        @Override
        public void onRevision(long now, long sentAt, long revision) {
            // Without a watch the replica may be of data that is lost: then equal revisions prove nothing.
            freshness.onProof(sentAt, revision, follower.isWatching() ? replica.revision() : 0);
            onProgress();
        }

        @Override
        public void onCommitted(long now, long sentAt, long revision) {
            health.onCommitted(now, sentAt);
            onRevision(now, sentAt, revision);
            freshness.answerFresh();
            held.onCommitted(publication::isPending);
        }

        @Override
        public void onStuck(long now) {
            publication.beat(now);
        }

        @Override
        public void onRevisionBack(long now, long revision) {
            follower.onRevisionBack(now, revision);
        }

        @Override
        public void onRead(long now, long sentAt) {
            health.onRead();
            onWatched(now);
            freshness.onProof(sentAt, replica.revision(), replica.revision());
        }

        @Override
        public void onWatched(long now) {
            publication.onReplicaAt(Math.min(replica.revision(), auditing.rememberFrom()));
            freshness.onReplicaAt(now, replica.revision());
            onProgress();
        }

        @Override
        public void onDataLost(long revision, long before) {
            freshness.onDataLost();
            publication.onDataLost(revision);
            listener.onDataLost(revision, before);
        }

        @Override
        public void onKick(Client client, String reason) {
            kickListener.onKick(client, reason);
        }

        @Override
        public void onMalformedKick(String key, String why) {
            skipped.add(key, why);
        }

        @Override
        public void onLapsed(Duration sinceRenewed) {
            listener.onLapsed(sinceRenewed);
        }

        private void onProgress() {
            if (follower.isWatching() && publication.isMember()) {
                health.onProgress(replica.others() + 1, replica.size(), replica.revision());
            }
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            // While commits fail, which is reported already, etcd's revision may for long be that of a foreign key.
            boolean expected = failure.equals(SILENT) && health.commitsFail();
            if (!isLeaving() && !expected) {
                health.onReadFailed(now, freshness.confirmedAt(), failure);
            }
        }

        @Override
        public void onCommitFailed(long now, EtcdFailure failure) {
            if (!isLeaving()) {
                health.onCommitFailed(now, failure);
            }
        }

        @Override
        public void onLeaseFailed(long now, EtcdFailure failure) {
            if (!isLeaving()) {
                health.onLeaseFailed(now, follower.isWatching(), failure);
            }
        }

        private boolean isLeaving() {
            return leaveBy != Long.MAX_VALUE;
        }
    }
}
