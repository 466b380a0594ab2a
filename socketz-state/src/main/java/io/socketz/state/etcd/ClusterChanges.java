package io.socketz.state.etcd;

import io.socketz.state.Change;
import io.socketz.state.ChangeFeed;
import io.socketz.state.ChangeListener;
import io.socketz.state.ChangeLog;
import io.socketz.state.Changes;
import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.Member;
import io.socketz.state.OrderedClients;
import io.socketz.state.PresenceCounter;
import io.socketz.state.Roster;
import io.socketz.state.Roster.ServerPart;
import io.socketz.state.etcd.ClosedClients.Closed;
import io.socketz.state.etcd.EtcdContent.ContentListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What changes in etcd, of all servers, this one included: the same on all servers, since all of it comes from etcd.
 *
 * <pre>{@code
 *   the changes of a revision --gathered--> onRevision --> ChangeLog --> listeners
 *   everything was read       ------------> onRead ------> what happened in between is not known: the log begins anew
 * }</pre>
 */
final class ClusterChanges implements ChangeFeed, ContentListener {
    private final ChangeLog log = new ChangeLog(ChangeLog.DEFAULT_MAX_BYTES);

    /** The visible clients, as etcd has them. */
    private final OrderedClients clients = new OrderedClients(Client.JOIN_ORDER);

    private final Supplier<List<ServerPart>> servers;

    /** Those of the next revision. */
    private final List<Change> gathered = new ArrayList<>();

    private long revision;

    private final PresenceCounter counter = new PresenceCounter();

    /** @param servers the visible servers and their clients, as etcd has them */
    ClusterChanges(Supplier<List<ServerPart>> servers) {
        this.servers = servers;
    }

    /** All changes of that revision were told; perhaps there were none. */
    void onRevision(long revision) {
        this.revision = revision;
        if (!gathered.isEmpty()) {
            Changes changes = new Changes(revision, List.copyOf(gathered));
            gathered.clear();
            counter.onChanges(changes.changes());
            log.add(changes);
        }
    }

    /** The difference to what was read at that revision was told; what lies in between is not known. */
    void onRead(long revision) {
        if (revision != this.revision || !gathered.isEmpty()) {
            if (this.revision > 0) { // those of the first read were there before
                counter.onChanges(gathered);
            }
            gathered.clear();
            this.revision = revision;
            log.reset(revision);
        }
    }

    /** Who has joined and left, of all servers. */
    PresenceCounter counter() {
        return counter;
    }

    @Override
    public Roster state() {
        return Roster.of(revision, clients.copy(), servers.get());
    }

    @Override
    public Optional<List<Changes>> since(long revision) {
        return revision > this.revision ? Optional.empty() : log.since(revision);
    }

    @Override
    public void listen(ChangeListener listener) {
        log.listen(listener);
    }

    // ---------------------------------------------------------------- what changes

    @Override
    public void onServerUp(Member member, OrderedClients added) {
        gathered.add(new Change.ServerUp(member));
        clients.addAll(added.copy());
        added.forEach(client -> gathered.add(new Change.Joined(client)));
    }

    @Override
    public void onServerAltered(Member member) {
        gathered.add(new Change.ServerUp(member));
    }

    @Override
    public void onServerDown(Member member, OrderedClients gone, @Nullable ClosedClients said, long revision) {
        int count = gone.size();
        if (said == null) { // after a read: then changes are only counted, by reason
            gone.forEach(client -> gathered.add(new Change.Left(client, Departure.UNKNOWN)));
            count = 0;
        }
        gathered.add(new Change.ServerDown(member, said == null || !said.isStopping(), count));
        clients.removeIf(client -> client.server().equals(member.id()));
    }

    @Override
    public void onJoined(Client client) {
        gathered.add(new Change.Joined(client));
        clients.add(client);
    }

    @Override
    public void onLeft(Client client, @Nullable Closed why, long revision) {
        gathered.add(new Change.Left(client, why == null ? Departure.UNKNOWN : why.reason()));
        clients.remove(client);
    }

    @Override
    public void onAltered(Client before, Client client) {
        gathered.add(new Change.Renamed(before, client));
        clients.remove(before);
        clients.add(client);
    }
}
