package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.Member;
import io.socketz.state.OrderedClients;
import io.socketz.state.PresenceCounter;
import io.socketz.state.Roster.ServerPart;
import io.socketz.state.etcd.ClosedClients.Closed;
import io.socketz.state.etcd.EtcdContent.ContentListener;
import io.socketz.state.etcd.transport.KeyValue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the other servers' keys in etcd, at one revision, and the visible clients: those of servers with a member key,
 * and this server's own, from its own table.
 *
 * <pre>{@code
 *   KeyRouter --other servers' keys--> Replica --> EtcdContent --what changes--> Replica: what is visible
 *        \                                                \
 *         \--this server's keys------> EtcdContent --------+--what changes--> ClusterChanges
 * }</pre>
 *
 * <p>What it shows of this server never comes from etcd: {@link KeyRouter} tells {@link Publication} of these keys, and, for
 * the changes of the whole cluster, {@link #ownKeys}.
 */
final class Replica implements KeyListener {
    private final Member self;
    private final SeenDepartures departures;
    private final EtcdContent others;
    private final EtcdContent ownKeys;
    private final ClusterChanges changes;

    private final OrderedClients visible = new OrderedClients(Client.JOIN_ORDER);

    /** This server's clients. */
    private final OrderedClients own = new OrderedClients(Client.NUMBER_ORDER);

    private final PresenceCounter ownCounter = new PresenceCounter();

    private long revision;

    /** Counts what changed in {@link #visible}, and visible members. */
    private long version;

    /** Everything was read, and its difference, whatever it is, is one change. */
    private boolean reading;

    private boolean readDiffers;

    /** What {@link #servers} returned at {@link #partsVersion}. */
    private List<ServerPart> parts = List.of();

    private long partsVersion = -1;

    /** @param clock tells when clients have left of which it is not said */
    Replica(Member self, SkippedKeys skipped, InstantSource clock) {
        this.self = self;
        this.departures = new SeenDepartures(clock);
        this.changes = new ClusterChanges(this::recordedServers);
        this.others = new EtcdContent(skipped, new Shown());
        this.ownKeys = new EtcdContent(skipped, changes);
    }

    /** The revision of etcd that the other servers' part is a copy of; 0 before there is one. */
    long revision() {
        return revision;
    }

    long version() {
        return version;
    }

    int size() {
        return visible.size();
    }

    /** How many other servers have a member key. */
    int others() {
        return others.visible();
    }

    /** Whether a client of another server is on the roster. */
    boolean isVisible(UUID server, long number) {
        return others.isVisible(server) && others.hasKey(server, number);
    }

    /** Whether etcd has the key of a client of another server, which need not be on the roster. */
    boolean hasKey(UUID server, long number) {
        return others.hasKey(server, number);
    }

    /** A revision that changes whenever keys of another server's clients are deleted; -1 if it has no keys. */
    long deletedAt(UUID server) {
        return others.deletedAt(server);
    }

    List<Client> copy() {
        return visible.copy();
    }

    /** Who has left recently, of all servers. */
    List<List<Departure>> departures() {
        return departures.copy();
    }

    /** What changes in etcd, of all servers. */
    ClusterChanges changes() {
        return changes;
    }

    /** Hears what etcd has at this server's own keys, for {@link #changes}. */
    KeyListener ownKeys() {
        return ownKeys;
    }

    /** The visible servers, this one included, and their clients; the same list while the version is the same. */
    List<ServerPart> servers() {
        if (partsVersion != version) {
            partsVersion = version;
            List<ServerPart> all = new ArrayList<>();
            all.add(new ServerPart(self, own.copy()));
            others.addParts(all);
            parts = inOrder(all);
        }
        return parts;
    }

    /** The servers and clients that etcd has, this one included only if etcd has its member key. */
    private List<ServerPart> recordedServers() {
        List<ServerPart> all = new ArrayList<>();
        ownKeys.addParts(all);
        others.addParts(all);
        return inOrder(all);
    }

    private static List<ServerPart> inOrder(List<ServerPart> parts) {
        parts.sort(Comparator.comparing(ServerPart::member, Member.START_ORDER));
        return List.copyOf(parts);
    }

    // ---------------------------------------------------------------- this server's own clients

    void addOwn(Client client) {
        own.add(client);
        visible.add(client);
        version++;
        ownCounter.onJoined();
    }

    /** It is there, and has another name now. */
    void renameOwn(Client client) {
        own.put(client);
        visible.put(client);
        version++;
    }

    void removeOwn(Client client, Closed why) {
        own.remove(client);
        visible.remove(client);
        departures.addOwn(client, why);
        version++;
        ownCounter.onLeft(why.reason());
    }

    /** Who has joined and left, of this server's clients. */
    PresenceCounter ownCounter() {
        return ownCounter;
    }

    // ---------------------------------------------------------------- what etcd has

    @Override
    public void onChange(Keys.Parsed key, @Nullable KeyValue put, long revision) {
        others.onChange(key, put, revision);
    }

    /** All changes of that revision have been made; they may all be of other keys. */
    void advanceTo(long revision) {
        this.revision = Math.max(this.revision, revision);
        changes.onRevision(this.revision);
    }

    @Override
    public void onReadStart() {
        others.onReadStart();
    }

    @Override
    public void onRead(Keys.Parsed key, KeyValue entry) {
        others.onRead(key, entry);
    }

    /** Shows what was read, in one step. */
    @Override
    public void onReadEnd(long revision) {
        reading = true;
        readDiffers = false;
        others.onReadEnd(revision);
        reading = false;
        if (readDiffers) {
            version++;
        }
        this.revision = revision;
        changes.onRead(revision);
    }

    /** Shows the other servers, and notes their changes. */
    private final class Shown implements ContentListener {
        private void changed() {
            if (reading) {
                readDiffers = true;
            } else {
                version++;
            }
        }

        @Override
        public void onServerUp(Member member, OrderedClients clients) {
            visible.addAll(clients.copy());
            changed();
            changes.onServerUp(member, clients);
        }

        @Override
        public void onServerAltered(Member member) {
            changed();
            changes.onServerAltered(member);
        }

        @Override
        public void onServerDown(Member member, OrderedClients clients, @Nullable ClosedClients said, long revision) {
            visible.removeIf(client -> client.server().equals(member.id()));
            departures.addAll(clients, said, revision);
            changed();
            changes.onServerDown(member, clients, said, revision);
        }

        @Override
        public void onJoined(Client client) {
            visible.add(client);
            changed();
            changes.onJoined(client);
        }

        @Override
        public void onLeft(Client client, @Nullable Closed why, long revision) {
            visible.remove(client);
            departures.add(client, why, revision);
            changed();
            changes.onLeft(client, why, revision);
        }

        @Override
        public void onAltered(Client before, Client client) {
            visible.remove(before);
            visible.add(client);
            changed();
            changes.onAltered(before, client);
        }
    }
}
