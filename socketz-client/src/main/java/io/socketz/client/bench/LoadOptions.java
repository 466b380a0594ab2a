package io.socketz.client.bench;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that make a {@link Load}. */
final class LoadOptions {
    private static final long MOST = 1_000_000_000_000L;
    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(5);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "N",
            description = "Connections (default: 50).")
    private int connections = 50;

    @Option(
            names = {"-P", "--pipeline"},
            paramLabel = "N",
            description = "Most requests in flight on each connection (default: 16).")
    private int depth = 16;

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "TIME",
            description = "How long to measure (default: 5s; with -n: no limit).")
    private @Nullable Duration duration;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "How many requests to measure (default: no limit).")
    private @Nullable Long count;

    @Option(
            names = {"-q", "--request"},
            paramLabel = "LINE",
            description = "What to send; \\r\\n between lines, if several (default: WHY).")
    private String request = "WHY";

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Requests per second over all connections, on a schedule; latency counts from the scheduled"
                    + " time (default: as fast as replies come).")
    private @Nullable Long rate;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of this tool (default: 1).")
    private int threads = 1;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            description = "Load before the measurement (default: 1s; 0: none).")
    private Duration warmup = Duration.ofSeconds(1);

    @Option(
            names = "--lines",
            paramLabel = "N",
            description = "Lines in a reply (default: WHO 2, WHO FRESH 3, others 1).")
    private @Nullable Integer lines;

    @Option(
            names = "--greeting",
            paramLabel = "N",
            description = "Lines that the server sends first on each connection (default: one, if it is that of"
                    + " Socketz or NATS).")
    private @Nullable Integer greeting;

    /** @throws ParameterException if a value is out of range, or two contradict each other */
    Load load() {
        check("--connections", connections, 1, 1_000_000);
        check("--pipeline", depth, 1, 1_000_000);
        check("--threads", threads, 1, connections);
        check("--count", count == null ? 1 : count, 1, MOST);
        check("--rate", rate == null ? 1 : rate, 1, 10_000_000);
        check("--lines", lines == null ? 1 : lines, 1, 1_000_000);
        check("--greeting", greeting == null ? 0 : greeting, 0, 1_000_000);
        if (duration != null && duration.isZero()) {
            throw wrong("--duration", "must be more than 0");
        }
        RequestText text = text();
        if (lines == null && text.replyLines() == 0) {
            throw wrong("--request", "its replies have different numbers of lines: set --lines");
        }
        return new Load(
                text,
                lines == null ? text.replyLines() : lines,
                greeting == null ? ReplyCounter.AUTO : greeting,
                connections,
                depth,
                threads,
                rate == null ? 0 : rate,
                warmup.toNanos(),
                nanoseconds(),
                count == null ? Load.NO_LIMIT : count);
    }

    private long nanoseconds() {
        if (duration != null) {
            return duration.toNanos();
        }
        return count == null ? DEFAULT_DURATION.toNanos() : Load.NO_LIMIT;
    }

    private RequestText text() {
        try {
            return new RequestText(request);
        } catch (IllegalArgumentException e) {
            throw wrong("--request", String.valueOf(e.getMessage()));
        }
    }

    private void check(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw wrong(option, "'" + value + "' is not a number from " + least + " to " + most);
        }
    }

    private ParameterException wrong(String option, String why) {
        return new ParameterException(spec.commandLine(), "Invalid value for option '" + option + "': " + why);
    }
}
