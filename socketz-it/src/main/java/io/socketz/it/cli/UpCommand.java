package io.socketz.it.cli;

import io.socketz.it.Topology;
import io.socketz.it.TopologyBuilder;
import io.socketz.it.TopologyException;
import io.socketz.server.cli.OptionValues;
import io.socketz.server.cli.StopSignals;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code socketz up}: the whole topology until a signal or {@code socketz down} ends it. */
@Command(
        name = "up",
        description = "Runs etcd, servers and HAProxy on this machine until Ctrl-C or down.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Every option can also be set as an environment variable: SOCKETZ_SERVERS for --servers."})
final class UpCommand implements Callable<Integer> {
    private static final String FREE = "; 0: any free ports (default: ${DEFAULT-VALUE}).";

    /** Shorter than in production: a developer waits for it. Longer than a restart takes here until clients move. */
    private static final Duration REBALANCE_AFTER = Duration.ofSeconds(8);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-d", "--detach"},
            fallbackValue = "true", // or else picocli takes it for "the opposite" of SOCKETZ_DETACH
            description = "Return when all are healthy, and leave them running.")
    private boolean detach;

    @Option(
            names = "--servers",
            paramLabel = "N",
            converter = OptionValues.Count.class,
            defaultValue = "3",
            description = "Number of servers, 1 to " + Topology.MOST_SERVERS + " (default: ${DEFAULT-VALUE}).")
    private int servers;

    @Option(
            names = "--etcd",
            paramLabel = "N",
            converter = OptionValues.Count.class,
            defaultValue = "3",
            description =
                    "Number of etcd members, odd, at most " + Topology.MOST_ETCD + " (default: ${DEFAULT-VALUE}).")
    private int etcd;

    @Option(
            names = "--haproxy",
            paramLabel = "N",
            converter = OptionValues.Count.class,
            defaultValue = "1",
            description =
                    "Number of HAProxy instances, 1 to " + Topology.MOST_PROXIES + " (default: ${DEFAULT-VALUE}).")
    private int proxies;

    @Option(
            names = "--client-port",
            paramLabel = "PORT",
            converter = OptionValues.Port.class,
            defaultValue = "4141",
            description = "Port of the first HAProxy for clients; the others use the next ports" + FREE)
    private int clientPort;

    @Option(
            names = "--stats-port",
            paramLabel = "PORT",
            converter = OptionValues.Port.class,
            defaultValue = "9000",
            description = "Port of the first HAProxy's statistics page; the others use the next ports" + FREE)
    private int statisticsPort;

    @Option(
            names = "--server-port",
            paramLabel = "PORT",
            converter = OptionValues.Port.class,
            defaultValue = "5151",
            description =
                    "Port of the first server; the others use the next ports, their agents ports 100 above, their pages 200"
                            + FREE)
    private int serverPort;

    @Option(
            names = "--etcd-port",
            paramLabel = "PORT",
            converter = OptionValues.Port.class,
            defaultValue = "2379",
            description = "First of three ports of the first etcd member; the others' are 10, 20, ... above" + FREE)
    private int etcdPort;

    @Option(
            names = "--rebalance",
            fallbackValue = "true", // or else picocli takes it for "the opposite" of SOCKETZ_REBALANCE
            description = "Let clients go to other servers while one has more than its share.")
    private boolean rebalance;

    @Mixin
    private ProjectOptions options = new ProjectOptions();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Topology topology = build(); // reports wrong numbers and ports used twice before it creates anything
        Project project = claim(topology);
        if (detach) {
            return new Detached(Checkouts.home("up"), options, arguments()).start(project, out, err);
        }
        StopSignals signals = new StopSignals();
        signals.listen(err::println);
        return new Supervisor(topology, project, options, signals, out, err).run();
    }

    /** Claims the folder; deletes it if the topology cannot start. */
    private Project claim(Topology topology) {
        Project project = Project.claim(options);
        try {
            topology.check();
        } catch (TopologyException e) {
            project.delete();
            throw e;
        }
        return project;
    }

    private Topology build() {
        TopologyBuilder builder = Topology.in(Checkouts.home("up"), options.folder());
        check("--etcd", etcd, builder::etcd);
        check("--servers", servers, builder::servers);
        check("--haproxy", proxies, builder::proxies);
        if (rebalance) {
            builder.rebalance(REBALANCE_AFTER);
        }
        return builder.clientPort(clientPort)
                .statisticsPort(statisticsPort)
                .serverPort(serverPort)
                .etcdPort(etcdPort)
                .build();
    }

    private void check(String option, int count, IntFunction<TopologyBuilder> setter) {
        try {
            var unused = setter.apply(count);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '" + option + "': " + e.getMessage());
        }
    }

    /** The same, in the foreground. */
    private List<String> arguments() {
        return List.of(
                "up",
                "--detach=false", // overrides the environment
                "--servers=" + servers,
                "--etcd=" + etcd,
                "--haproxy=" + proxies,
                "--client-port=" + clientPort,
                "--stats-port=" + statisticsPort,
                "--server-port=" + serverPort,
                "--etcd-port=" + etcdPort,
                "--rebalance=" + rebalance,
                "--project=" + options.project(),
                "--data=" + options.data());
    }
}
