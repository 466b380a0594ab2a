package io.socketz.it.load;

import io.socketz.it.Topology;
import io.socketz.it.Wait;
import io.socketz.it.load.Incident.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Clients come and go while members of a topology are harmed and mended at random, all from a seed; afterwards
 * everything must be as if nothing had happened. For one thread, which an interrupt ends.
 */
public final class Soak {
    private static final Duration PROGRESS = Duration.ofSeconds(10);

    /**
     * Time to recover after the last fault: a lease may have to expire, a client to reach its time limit, on a busy
     * machine.
     */
    private static final Duration HEALED = Duration.ofSeconds(30);

    private static final int EXAMPLES = 5;

    /**
     * A condition that must hold.
     *
     * @param detail what was seen
     */
    public record Check(String what, boolean passed, String detail) {
        /** For people. */
        @Override
        public String toString() {
            return (passed ? "ok    " : "FAIL  ") + what + ": " + detail;
        }
    }

    /** The begin or the end of a fault, at its time. */
    private record Step(Duration at, Fault fault, boolean mends) {}

    private final Topology topology;
    private final long seed;
    private final int clients;
    private final Duration total;
    private final Consumer<String> out;
    private final Audit audit;
    private final Blame blame;

    private Soak(Topology topology, long seed, int clients, Duration total, Consumer<String> out) {
        this.topology = topology;
        this.seed = seed;
        this.clients = clients;
        this.total = total;
        this.out = out;
        this.audit = new Audit(topology);
        this.blame = new Blame(topology.proxyNames());
    }

    /**
     * Runs a soak.
     *
     * @param topology healthy, before and afterwards
     * @param seed of what happens, to which member and when
     * @param clients how many
     * @param total how long faults are injected
     * @param out gets a line for each fault, and a line of progress every 10 s
     * @return what was checked at the end
     */
    public static List<Check> run(Topology topology, long seed, int clients, Duration total, Consumer<String> out)
            throws IOException, InterruptedException {
        return new Soak(topology, seed, clients, total, out).run();
    }

    private List<Check> run() throws IOException, InterruptedException {
        for (String server : topology.serverNames()) {
            blame.onStart(server, audit.where(server));
        }
        Random random = new Random(seed);
        List<Fault> faults = Fault.plan(random, total, topology.names());
        try (Swarm swarm = Swarm.start(topology, clients, random.nextLong());
                FreshObserver observer = FreshObserver.start(topology, swarm.history())) {
            long begin = System.nanoTime();
            Thread progress = new Thread(() -> tellProgress(swarm, begin), "progress of the soak");
            progress.setDaemon(true);
            progress.start();
            try {
                harm(faults, begin);
                sleepUntil(begin + total.toNanos());
            } finally {
                progress.interrupt();
                progress.join();
            }
            return check(swarm, observer, faults.size());
        }
    }

    // ---- Harm ---------------------------------------------------------------------------------------------------

    private void harm(List<Fault> faults, long begin) throws IOException, InterruptedException {
        List<Step> steps = faults.stream()
                .flatMap(fault -> Stream.of(new Step(fault.from(), fault, false), new Step(fault.to(), fault, true)))
                .sorted(Comparator.comparing(Step::at))
                .toList();
        for (Step step : steps) {
            sleepUntil(begin + step.at().toNanos());
            Fault fault = step.fault();
            if (step.mends()) {
                fault.mend(topology);
                blame.onMended(fault.member(), System.nanoTime());
                if (topology.serverNames().contains(fault.member())) {
                    blame.onStart(fault.member(), audit.where(fault.member()));
                }
                out.accept(clock(begin) + " " + fault.member() + " is back");
            } else {
                out.accept(clock(begin) + " " + fault);
                blame.onHarm(fault.member(), System.nanoTime());
                fault.begin(topology);
            }
        }
    }

    private static void sleepUntil(long time) throws InterruptedException {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            Thread.sleep(left / 1_000_000 + 1);
        }
    }

    private void tellProgress(Swarm swarm, long begin) {
        long answers = 0;
        try {
            for (long i = 1; ; i++) {
                sleepUntil(begin + i * PROGRESS.toNanos());
                long now = swarm.answers();
                out.accept("%s %d of %d connected, %d answers/s, %d connects, %d lost"
                        .formatted(
                                clock(begin),
                                swarm.open().size(),
                                swarm.size(),
                                (now - answers) / PROGRESS.toSeconds(),
                                swarm.connects(),
                                swarm.incidents().size()));
                answers = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private static String clock(long begin) {
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        return "%02d:%02d".formatted(seconds / 60, seconds % 60);
    }

    // ---- Checks -------------------------------------------------------------------------------------------------

    private List<Check> check(Swarm swarm, FreshObserver observer, int faults)
            throws IOException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        swarm.settle();
        var unused = Wait.until(() -> swarm.open().size() == swarm.size(), HEALED); // a check below reports whether
        Audit.Finding finding = audit.await(swarm::open, HEALED);
        int open = swarm.open().size();
        List<Incident> incidents = swarm.incidents();
        checks.add(new Check("answers", swarm.answers() > 0, swarm.answers() + " during " + faults + " faults"));
        checks.add(none("wrong answers", of(incidents, Kind.WRONG)));
        checks.add(none("connections ended without a cause", blame.unexplained(incidents)));
        checks.add(new Check("all come back", open == swarm.size(), open + " of " + swarm.size()));
        checks.add(equal("all servers know all clients", finding));
        observer.close();
        swarm.close();
        checks.add(presence(swarm.history().judge()));
        checks.add(equal("and forget all when they leave", audit.await(Set::of, HEALED)));
        checks.add(health());
        checks.add(defects());
        return checks;
    }

    private static List<Incident> of(List<Incident> incidents, Kind kind) {
        return incidents.stream().filter(incident -> incident.kind() == kind).toList();
    }

    private static Check none(String what, List<?> found) {
        List<String> examples =
                found.stream().limit(EXAMPLES).map(Object::toString).toList();
        return new Check(
                what,
                found.isEmpty(),
                found.size() + (found.isEmpty() ? "" : ", such as " + String.join("; ", examples)));
    }

    private static Check equal(String what, Audit.Finding finding) {
        String seen = finding.isEqual() ? finding.clients() + " clients" : finding.differences();
        double seconds = finding.after().toMillis() / 1e3;
        return new Check(what, finding.isEqual(), String.format(Locale.ROOT, "%s, after %.1f s", seen, seconds));
    }

    /** Whoever is greeted is known: see {@link PresenceHistory}. */
    private static Check presence(PresenceHistory.Verdict verdict) {
        List<String> violations = verdict.violations();
        String seen = verdict.judged() + " presences in " + verdict.fresh() + " fresh answers"
                + (verdict.dropped() == 0 ? "" : "; " + verdict.dropped() + " records too many");
        String examples = violations.isEmpty()
                ? ""
                : "; " + violations.size() + " unexplained, such as "
                        + String.join("; ", violations.stream().limit(EXAMPLES).toList());
        return new Check("greeted means known", violations.isEmpty() && verdict.judged() > 0, seen + examples);
    }

    private Check health() {
        List<String> ill = topology.status().stream()
                .filter(status -> !status.health().equals("healthy"))
                .map(status -> status.name() + " is " + status.healthText())
                .toList();
        return none("members that are not healthy", ill);
    }

    private Check defects() throws IOException {
        List<String> defects = new ArrayList<>();
        for (String server : topology.serverNames()) {
            try (Stream<String> lines = Files.lines(topology.log(server), StandardCharsets.UTF_8)) {
                lines.filter(line -> line.contains(" internal error:") || line.contains(" socketz-"))
                        .forEach(line -> defects.add(server + ": " + line));
            }
        }
        return none("defects in the logs of servers", defects);
    }
}
