package io.socketz.it.cli;

import io.socketz.it.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is done to members by their names: each for which the order makes no sense is reported, and it is done to the others.
 */
final class MemberOrders {
    /** What people type. */
    private enum Verb {
        KILL,
        STOP,
        START,
        RESTART
    }

    private final Topology topology;

    MemberOrders(Topology topology) {
        this.topology = topology;
    }

    static boolean isOrder(String verb) {
        return named(verb).isPresent();
    }

    private static Optional<Verb> named(String verb) {
        return List.of(Verb.values()).stream()
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(verb))
                .findFirst();
    }

    /**
     * Does it, and says what was done. Returns the exit status.
     *
     * @param names of members that there are
     * @throws io.socketz.it.TopologyException if a member does not start
     */
    int obey(String verb, List<String> names, Answer answer) {
        List<String> distinct = names.stream().distinct().toList();
        return switch (named(verb).orElseThrow()) {
            case KILL -> kill(verb, distinct, answer);
            case STOP -> stop(verb, distinct, answer);
            case START -> start(verb, distinct, answer);
            case RESTART -> restart(distinct, answer);
        };
    }

    private int kill(String verb, List<String> names, Answer answer) {
        List<String> running = select(verb, names, topology::isRunning, " does not run", answer);
        for (String name : running) {
            topology.kill(name);
            answer.out(name + " is killed");
        }
        return status(running, names);
    }

    private int stop(String verb, List<String> names, Answer answer) {
        List<String> running = select(verb, names, topology::isRunning, " does not run", answer);
        topology.stop(running, answer::out);
        running.forEach(name -> answer.out(name + " is stopped"));
        return status(running, names);
    }

    /** Together, since a member of etcd is healthy only with others. */
    private int start(String verb, List<String> names, Answer answer) {
        List<String> down = select(verb, names, name -> !topology.isRunning(name), " runs already", answer);
        topology.start(down, answer::out);
        down.forEach(name -> answer.out(name + " is " + topology.health(name)));
        return status(down, names);
    }

    /** One after the other, so that the rest serves meanwhile. */
    private int restart(List<String> names, Answer answer) {
        for (String name : names) {
            long begin = System.nanoTime();
            topology.stop(name, answer::out);
            topology.start(name, answer::out);
            long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
            answer.out(name + " is " + topology.health(name)
                    + String.format(Locale.ROOT, ", restarted in %.1f s", millis / 1e3));
        }
        return 0;
    }

    /** Those that pass; the others are reported. */
    private static List<String> select(
            String verb, List<String> names, Predicate<String> filter, String otherwise, Answer answer) {
        List<String> selected = new ArrayList<>();
        for (String name : names) {
            if (filter.test(name)) {
                selected.add(name);
            } else {
                var unused = answer.fail(verb, name + otherwise);
            }
        }
        return selected;
    }

    private static int status(List<String> done, List<String> wanted) {
        return done.size() == wanted.size() ? 0 : 1;
    }
}
