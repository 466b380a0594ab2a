package io.socketz.it.cli;

import io.socketz.it.Folders;
import io.socketz.it.Topology;
import io.socketz.it.TopologyException;
import io.socketz.it.load.Soak;
import io.socketz.protocol.time.TimeText;
import io.socketz.server.cli.Main;
import io.socketz.server.cli.OptionValues;
import io.socketz.server.cli.StopSignals;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code socketz soak}: a topology of its own, harmed at random under load. The main thread waits for a signal or the
 * end, and cleans up; another does the rest.
 */
@Command(
        name = "soak",
        description = "Starts a topology, harms it at random under load, and checks that it recovers.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Times are written 500ms, 1.5s, 1m30s or 2h; a plain number is seconds.",
            "Exit status: 0 all checks passed; 1 a check failed, or it did not run to its end; 2 wrong use.",
            "Every option can also be set as an environment variable: SOCKETZ_SEED for --seed."
        })
final class SoakCommand implements Callable<Integer> {
    private static final Duration LEAST_DURATION = Duration.ofSeconds(1);
    private static final Duration MOST_DURATION = Duration.ofDays(7);
    private static final int MOST_CLIENTS = 2_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "How long to inject faults, 1s to 168h (default: ${DEFAULT-VALUE}).")
    private Duration duration = LEAST_DURATION;

    /** What {@code --duration} was called before. */
    @Option(names = "--minutes", hidden = true, converter = Minutes.class)
    private @Nullable Integer minutes;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "Seed of the faults; an earlier run's seed replays them (default: a new one, which it prints).")
    private @Nullable Long seed;

    @Option(
            names = "--clients",
            paramLabel = "N",
            converter = Clients.class,
            defaultValue = "200",
            description = "Number of clients, 1 to " + MOST_CLIENTS + " (default: ${DEFAULT-VALUE}).")
    private int clients;

    /** The results; null until it has ended by itself. Written by the thread that runs it. */
    private volatile @Nullable List<Soak.Check> checks;

    private volatile @Nullable String failure;

    @Override
    public Integer call() throws Exception {
        if (minutes != null) {
            duration = Duration.ofMinutes(minutes);
        }
        if (duration.compareTo(LEAST_DURATION) < 0 || duration.compareTo(MOST_DURATION) > 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--duration': '" + TimeText.format(duration)
                            + "' is not a time from 1s to 168h");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Path home = Checkouts.home("soak");
        long chosen = seed != null ? seed : new Random().nextInt(Integer.MAX_VALUE);
        out.println("seed " + chosen + ": " + Main.launcher() + " soak --duration " + TimeText.format(duration)
                + " --seed " + chosen + " --clients " + clients);
        return run(home, chosen, out, err);
    }

    private int run(Path home, long chosen, PrintWriter out, PrintWriter err) throws IOException, InterruptedException {
        StopSignals signals = new StopSignals();
        signals.listen(err::println);
        Path folder = Files.createTempDirectory("socketz-soak");
        boolean passed = false;
        try (Topology topology = Topology.in(home, folder).build()) {
            Thread worker = new Thread(() -> soak(topology, chosen, out, signals), "socketz-soak");
            worker.setDaemon(true);
            worker.start();
            signals.await();
            worker.interrupt();
            worker.join();
            passed = isPassed(out, err);
        } finally {
            if (passed || (checks == null && failure == null)) {
                Folders.delete(folder);
            } else {
                err.println("socketz soak: logs are in " + folder);
            }
        }
        return passed ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void soak(Topology topology, long chosen, PrintWriter out, StopSignals signals) {
        try {
            topology.start(out::println);
            checks = Soak.run(topology, chosen, clients, duration, out::println);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        } catch (TopologyException | IOException e) {
            failure = e.getMessage();
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                failure = e.toString();
            }
        } catch (Error e) {
            failure = e.toString(); // out of memory or threads: the logs stay
        } finally {
            signals.stop();
        }
    }

    private boolean isPassed(PrintWriter out, PrintWriter err) {
        List<Soak.Check> found = checks;
        if (found == null) {
            err.println("socketz soak: " + (failure == null ? "ended early" : failure));
            return false;
        }
        found.forEach(out::println);
        return found.stream().allMatch(Soak.Check::passed);
    }

    private static final class Minutes implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return OptionValues.number(value, 1, (int) MOST_DURATION.toMinutes());
        }
    }

    private static final class Clients implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return OptionValues.number(value, 1, MOST_CLIENTS);
        }
    }
}
