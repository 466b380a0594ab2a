package io.socketz.it;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All of Socketz as processes of this machine, on loopback: members of etcd, servers, HAProxy. Each has a name, {@code
 * etcd01}, {@code server01}, {@code haproxy01}, by which it can be ended and started. All end with this JVM, however
 * that ends.
 *
 * <p>For any thread, once {@link #start} has returned. Failures are a {@link TopologyException} with a line for people.
 */
public final class Topology implements AutoCloseable {
    /** The most servers that infra/haproxy/haproxy.cfg has places for. */
    public static final int MOST_SERVERS = 9;

    /** Plenty: every write needs a majority, so etcd recommends seven at most. */
    public static final int MOST_ETCD = 9;

    /** The most HAProxy instances: as many as servers, since each of them checks every server. */
    public static final int MOST_PROXIES = 9;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration PROGRESS = Duration.ofSeconds(3);

    /** Longer than servers take to drain. A member that takes longer is killed. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

    private final Path folder;
    private final List<EtcdMember> etcd;
    private final List<ServerMember> servers;
    private final List<HaproxyMember> proxies;
    private final StatusSurvey survey;

    /** Since everything was told to stop; from then on, nothing is started. Guarded by this. */
    private boolean stopping;

    /** By port that the user chose: the message if it is taken, with the option that changes it. */
    private final Map<Integer, String> chosen;

    private Topology(
            Path folder,
            List<EtcdMember> etcd,
            List<ServerMember> servers,
            List<HaproxyMember> proxies,
            Map<Integer, String> chosen) {
        this.folder = folder;
        this.etcd = List.copyOf(etcd);
        this.servers = List.copyOf(servers);
        this.proxies = List.copyOf(proxies);
        this.survey = new StatusSurvey(this.etcd, this.servers, this.proxies);
        this.chosen = Map.copyOf(chosen);
    }

    /**
     * Begins to describe a topology.
     *
     * @param home the checkout, built, or an installation
     * @param folder for data and logs; must exist
     */
    public static TopologyBuilder in(Path home, Path folder) {
        return new TopologyBuilder(home, folder);
    }

    static Topology of(
            Path folder,
            List<EtcdMember> etcd,
            List<ServerMember> servers,
            List<HaproxyMember> proxies,
            Map<Integer, String> chosen) {
        return new Topology(folder, etcd, servers, proxies, chosen);
    }

    // ---- Start and end of all -----------------------------------------------------------------------------------

    /**
     * Checks what a start needs, before anything runs.
     *
     * @throws TopologyException if a port is in use or a program is missing
     */
    public void check() {
        chosen.forEach((port, taken) -> {
            if (!FreePorts.isFree(port)) {
                throw new TopologyException(taken);
            }
        });
        members().forEach(Daemon::command);
    }

    /**
     * Starts all members that do not run, each kind after the one that it needs is healthy.
     *
     * @param progress gets a line now and then about what it waits for
     * @throws TopologyException if {@link #check} fails, or a member does not become healthy; started members keep
     *     running until {@link #close}
     */
    public void start(Consumer<String> progress) {
        check();
        setStopping(false);
        String all = etcd.stream().map(EtcdMember::peer).collect(Collectors.joining(","));
        etcd.forEach(member -> member.join(all, "socketz"));
        start(etcd, Daemon::isHealthy, progress);
        start(servers, server -> server.isReady() && server.hasJoined(), progress);
        start(proxies, Daemon::isHealthy, progress);
    }

    private static <D extends Daemon> void start(List<D> group, Predicate<D> ready, Consumer<String> progress) {
        progress.accept("starting " + names(group.stream()) + " ...");
        group.forEach(Daemon::start);
        await(group, ready, progress);
    }

    /**
     * Stops all. First servers, which answer pending requests and close their clients; then HAProxy, which would have
     * cut off those answers; then etcd, killed, since handing over its leadership takes seconds and helps nobody.
     */
    public void stop(Consumer<String> progress) {
        setStopping(true);
        for (List<? extends Daemon> group : List.of(servers, proxies)) {
            List<? extends Daemon> running =
                    group.stream().filter(Daemon::isRunning).toList();
            if (!running.isEmpty()) {
                progress.accept("stopping " + names(running.stream()) + " ...");
                end(running, progress);
            }
        }
        killAll(etcd.stream());
    }

    private static void end(List<? extends Daemon> running, Consumer<String> progress) {
        running.forEach(Daemon::resume); // a stopped process does not react to SIGTERM
        running.forEach(Daemon::terminate);
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        for (Daemon member : running) {
            while (!member.awaitEnd(PROGRESS)) {
                if (System.nanoTime() - deadline > 0) {
                    progress.accept(
                            member.name() + " did not stop within " + STOP_LIMIT.toSeconds() + " s and is killed");
                    member.kill();
                } else {
                    progress.accept(
                            "waiting for " + names(running.stream().filter(Daemon::isRunning)) + " to stop ...");
                }
            }
        }
    }

    /** Kills all members. */
    @Override
    public void close() {
        killAll(members());
    }

    /** Kills all, even if one does not end; then throws the first failure. */
    private static void killAll(Stream<? extends Daemon> members) {
        List<TopologyException> failures = new ArrayList<>();
        members.forEach(member -> {
            try {
                member.kill();
            } catch (TopologyException e) {
                failures.add(e);
            }
        });
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private static <D extends Daemon> void await(List<D> group, Predicate<D> ready, Consumer<String> progress) {
        long begin = System.nanoTime();
        List<D> missing = new ArrayList<>(group);
        BooleanSupplier allReady = () -> {
            missing.forEach(Topology::checkRuns);
            missing.removeIf(ready);
            return missing.isEmpty();
        };
        while (!Wait.until(allReady, PROGRESS)) {
            if (System.nanoTime() - begin > START_LIMIT.toNanos()) {
                Daemon first = missing.get(0);
                throw new TopologyException(first.name() + " is "
                        + first.condition().text() + " after " + START_LIMIT.toSeconds() + " s" + lastWords(first));
            }
            progress.accept("waiting for " + names(missing.stream()) + " ...");
        }
    }

    private static void checkRuns(Daemon member) {
        if (!member.isRunning()) {
            throw new TopologyException(member.name() + " ended as it started" + lastWords(member));
        }
    }

    private static String lastWords(Daemon member) {
        String lines = member.lastLines();
        return lines.isEmpty() ? ", and its log is empty" : "; the end of its log:\n" + lines;
    }

    // ---- One by its name ----------------------------------------------------------------------------------------

    /** As {@link #start(List, Consumer)}, one member. */
    public void start(String name, Consumer<String> progress) {
        start(List.of(name), progress);
    }

    /**
     * Starts members that do not run, with the data they had, and waits until they are healthy; a server that has no etcd is
     * degraded.
     *
     * @throws TopologyException if the whole topology is being stopped
     */
    public void start(List<String> names, Consumer<String> progress) {
        List<Daemon> wanted = names.stream().map(this::member).toList();
        begin(wanted);
        await(wanted, Daemon::isReady, progress);
    }

    private synchronized void begin(List<Daemon> wanted) {
        if (stopping) {
            throw new TopologyException("everything is being stopped");
        }
        wanted.forEach(Daemon::start);
    }

    private synchronized void setStopping(boolean value) {
        stopping = value;
    }

    /** As {@link #stop(List, Consumer)}, one member. */
    public void stop(String name, Consumer<String> progress) {
        stop(List.of(name), progress);
    }

    /** Stops members (SIGTERM): servers drain. Kills those that take too long. */
    public void stop(List<String> names, Consumer<String> progress) {
        end(names.stream().map(this::member).filter(Daemon::isRunning).toList(), progress);
    }

    /** Kills a member (SIGKILL). */
    public void kill(String name) {
        member(name).kill();
    }

    /** Stops a member without closing its connections (SIGSTOP). */
    public void pause(String name) {
        member(name).pause();
    }

    /** Lets a paused member continue (SIGCONT). */
    public void resume(String name) {
        member(name).resume();
    }

    /** Whether a member runs, healthy or not. */
    public boolean isRunning(String name) {
        return member(name).isRunning();
    }

    /** Fails with the list of all names unless one of them is {@code name}. */
    public void check(String name) {
        var unused = member(name);
    }

    /** The file with everything that a member has printed since it was first started. */
    public Path log(String name) {
        return member(name).log();
    }

    private Daemon member(String name) {
        return members()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new TopologyException("there is no member '" + name + "'; there are " + names(members())));
    }

    // ---- Facts --------------------------------------------------------------------------------------------------

    /**
     * Asks all members how they are; etcd's come first. Members that do not answer take 2 s together, proxies and servers
     * twice that.
     */
    public List<MemberStatus> status() {
        return survey.all();
    }

    /** How a member is, as {@link MemberStatus#healthText} says it; asks it. */
    public String health(String name) {
        return member(name).condition().text();
    }

    /** The ports for clients, one for each HAProxy. */
    public List<Integer> clientPorts() {
        return proxies.stream().map(Daemon::port).toList();
    }

    /** The statistics pages, one for each HAProxy. */
    public List<URI> statistics() {
        return proxies.stream()
                .map(proxy -> URI.create("http://127.0.0.1:" + proxy.statistics() + "/stats"))
                .toList();
    }

    /** Where the servers show their pages. */
    public List<URI> adminPages() {
        return servers.stream()
                .map(server -> URI.create("http://127.0.0.1:" + server.adminPort() + "/"))
                .toList();
    }

    /** The ports of servers, which are for HAProxy: connections from this machine must begin with a PROXY header. */
    public List<Integer> serverPorts() {
        return servers.stream().map(Daemon::port).toList();
    }

    /** The addresses of etcd's members, running or not. */
    public List<URI> etcdEndpoints() {
        return etcd.stream().map(EtcdMember::endpoint).toList();
    }

    /**
     * The name of the member that leads etcd; waits until one does.
     *
     * @throws TopologyException if none does in time
     */
    public String etcdLeader() {
        List<String> leaders = new ArrayList<>();
        BooleanSupplier oneLeads = () -> {
            leaders.clear();
            etcd.stream()
                    .filter(member -> member.isAwake() && member.isLeader())
                    .forEach(member -> leaders.add(member.name()));
            return leaders.size() == 1; // with two, the old one does not know yet
        };
        if (!Wait.until(oneLeads, START_LIMIT)) {
            throw new TopologyException("etcd has no leader");
        }
        return leaders.get(0);
    }

    /** Runs etcdctl against the healthy members of etcd; see {@link EtcdCluster#etcdctl}. */
    public String etcdctl(String... arguments) {
        List<URI> endpoints = etcd.stream()
                .filter(Daemon::isAwake)
                .filter(Daemon::isHealthy)
                .map(EtcdMember::endpoint)
                .toList();
        if (endpoints.isEmpty()) {
            throw new TopologyException("no member of etcd is healthy");
        }
        return Etcdctl.run(folder, endpoints, List.of(), arguments);
    }

    /** The port for clients of a member: {@link MemberStatus#port}. */
    public int port(String name) {
        return member(name).port();
    }

    /** The names of the servers, running or not. */
    public List<String> serverNames() {
        return servers.stream().map(Daemon::name).toList();
    }

    /** The names of etcd's members, running or not. */
    public List<String> etcdNames() {
        return etcd.stream().map(Daemon::name).toList();
    }

    /** The names of the HAProxy instances, running or not. */
    public List<String> proxyNames() {
        return proxies.stream().map(Daemon::name).toList();
    }

    /** The names of all members, etcd's first. */
    public List<String> names() {
        return members().map(Daemon::name).toList();
    }

    private Stream<Daemon> members() {
        return Stream.of(etcd, servers, proxies).flatMap(List::stream);
    }

    private static String names(Stream<? extends Daemon> members) {
        return members.map(Daemon::name).collect(Collectors.joining(", "));
    }
}
