package io.socketz.client.bench;

import io.socketz.client.SocketzClient;
import io.socketz.client.cli.SecureOptions;
import io.socketz.client.console.Connector;
import io.socketz.client.console.NoConnectionException;
import io.socketz.protocol.address.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code socketz bench}: puts load on any server that answers lines with lines, and reports how many requests a second
 * it answered and how long replies took. The command line that adds it needs a converter for {@link
 * java.time.Duration}. Exit status: 0; 1 if a request got an error or no reply; 2 for wrong use; 3 if there was no
 * connection.
 */
@Command(
        name = "bench",
        description = "Measures a server: requests per second, and how long replies take.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Times are written 500ms, 1.5s, 1m30s or 2h; a plain number is seconds.",
            "Every option can also be set as an environment variable: SOCKETZ_PIPELINE for --pipeline."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int NOT_CLEAN = 1;
    private static final int NO_CONNECTION = 3;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "HOST[:PORT]",
            description = "The server (default: localhost). Without a port: 4141, or 5151 if nothing listens there.")
    private @Nullable String server;

    @Mixin
    private LoadOptions options = new LoadOptions();

    @Mixin
    private SecureOptions secure = new SecureOptions();

    @Option(
            names = "--histogram",
            fallbackValue = "true", // or else picocli takes it for "the opposite" of SOCKETZ_HISTOGRAM
            description = "Also show the distribution of latencies.")
    private boolean histogram;

    @Option(names = "--json", fallbackValue = "true", description = "Print one JSON object instead of text.")
    private boolean json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write CSV to a file; -: print it instead of text.")
    private @Nullable String csv;

    @Option(
            names = "--no-ceiling",
            fallbackValue = "true",
            description = "Do not measure this tool's own limit afterwards.")
    private boolean withoutCeiling;

    /** The command, for a command line to add. */
    public BenchCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Load load = options.load();
        List<HostPort> names = names();
        if ((json || "-".equals(csv)) && (histogram || (json && "-".equals(csv)))) {
            throw new ParameterException(spec.commandLine(), "use only one of --histogram, --json and --csv -");
        }
        PrintWriter err = spec.commandLine().getErr();
        try (Interrupt interrupt = new Interrupt()) {
            Report report = measure(load, names, interrupt.flag());
            print(report);
            return report.result().isClean() ? 0 : NOT_CLEAN;
        } catch (NoConnectionException e) {
            err.println(spec.qualifiedName() + ": " + e.getMessage());
            return NO_CONNECTION;
        } catch (IOException e) {
            err.println(spec.qualifiedName() + ": " + e.getMessage());
            return NOT_CLEAN;
        }
    }

    private List<HostPort> names() {
        try {
            return HostPort.parse(server == null ? Connector.DEFAULT : server, SocketzClient.DEFAULT_PORTS);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private Report measure(Load load, List<HostPort> names, AtomicBoolean stop)
            throws IOException, InterruptedException {
        @Nullable SSLContext tls = secure.context().orElse(null);
        Bench bench = new Bench(stop);
        Progress progress = Progress.on(spec.commandLine().getOut());
        List<Target> targets = new ArrayList<>();
        for (HostPort name : names) {
            targets.addAll(Target.resolve(name));
        }
        for (Target target : targets) {
            Dialer dialer =
                    new Dialer(List.of(target.address()), stop, target.name().host(), tls);
            try {
                Result result = bench.measure(load, dialer, progress);
                return new Report(load, target.name().toString(), result, ceiling(bench, load, result, stop));
            } catch (NoConnectionException e) {
                if (dialer.hasMadeSome() || (names.size() == 1 && target.equals(targets.get(targets.size() - 1)))) {
                    throw new NoConnectionException(target.name() + ": " + e.getMessage());
                }
            }
        }
        throw new NoConnectionException("nothing listens on "
                + names.stream().map(HostPort::toString).collect(Collectors.joining(" or "))
                + ": name another HOST:PORT");
    }

    private OptionalDouble ceiling(Bench bench, Load load, Result result, AtomicBoolean stop)
            throws InterruptedException {
        if (withoutCeiling || stop.get() || result.requests() == 0) {
            return OptionalDouble.empty();
        }
        try {
            double ceiling = bench.ceiling(load, result);
            return stop.get() ? OptionalDouble.empty() : OptionalDouble.of(ceiling);
        } catch (IOException e) {
            spec.commandLine().getErr().println(spec.qualifiedName() + ": no ceiling: " + e.getMessage());
            return OptionalDouble.empty();
        }
    }

    private void print(Report report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? report.json() : "-".equals(csv) ? report.csv() : report.text(histogram));
        out.flush();
        for (String warning : report.warnings()) {
            spec.commandLine().getErr().println(spec.qualifiedName() + ": " + warning);
        }
        // Last: a file that cannot be written must not lose the result.
        if (csv != null && !csv.equals("-")) {
            write(Path.of(csv), report.csv());
        }
    }

    private static void write(Path file, String text) throws IOException {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IOException("--csv: cannot write " + file, e);
        }
    }
}
