package io.socketz.it.load;

import io.socketz.it.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A fault of one member of a topology, which is mended again.
 *
 * @param from when it begins, from the start of the soak
 * @param to when it is mended
 */
record Fault(Duration from, Duration to, Harm harm, String member) {
    private static final int SHORTEST_MILLIS = 500;
    private static final int LONGEST_MILLIS = 12_000;
    private static final int GAP_MILLIS = 4_000;

    /** The kinds. */
    enum Harm {
        /** SIGKILL, then a new start. */
        KILL("kill -9"),
        /** SIGSTOP, then SIGCONT. */
        PAUSE("kill -STOP"),
        /** SIGTERM, then a new start. */
        STOP("kill -TERM");

        private static final List<Harm> ALL = List.of(values());

        private final String text;

        Harm(String text) {
            this.text = text;
        }
    }

    /**
     * Plans faults one after the other, at most two at a time, all of them mended by the end.
     *
     * @param total how long all of them take
     */
    static List<Fault> plan(Random random, Duration total, List<String> members) {
        List<Fault> plan = new ArrayList<>();
        Duration from = Duration.ofMillis(random.nextInt(GAP_MILLIS));
        while (true) {
            Duration to = from.plusMillis(SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS));
            if (to.compareTo(total) > 0) {
                return plan;
            }
            Duration begin = from;
            List<Fault> active =
                    plan.stream().filter(fault -> fault.to.compareTo(begin) > 0).toList();
            Harm harm = Harm.ALL.get(random.nextInt(Harm.ALL.size()));
            String member = members.get(random.nextInt(members.size()));
            if (active.size() < 2 && active.stream().noneMatch(fault -> fault.member.equals(member))) {
                plan.add(new Fault(from, to, harm, member));
            }
            from = from.plusMillis(SHORTEST_MILLIS + random.nextInt(GAP_MILLIS));
        }
    }

    void begin(Topology topology) {
        switch (harm) {
            case KILL -> topology.kill(member);
            case PAUSE -> topology.pause(member);
            case STOP -> topology.stop(member, line -> {});
        }
    }

    void mend(Topology topology) {
        switch (harm) {
            case PAUSE -> topology.resume(member);
            case KILL, STOP -> topology.start(member, line -> {});
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s %s, for %.1f s",
                harm.text,
                member,
                to.minus(from).toMillis() / 1e3);
    }
}
