package io.socketz.client.bench;

import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;

/** {@code socketz bench}. */
@Command(name = "bench", description = "Measures a server.", mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    /** The command, to be added to a command line. */
    public BenchCommand() {}

    @Override
    public Integer call() {
        return (int) new Histogram(3).getTotalCount();
    }
}
