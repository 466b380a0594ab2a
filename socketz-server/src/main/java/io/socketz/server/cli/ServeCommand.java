package io.socketz.server.cli;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.line.LineFramer;
import io.socketz.server.AdminTokensException;
import io.socketz.server.ListenException;
import io.socketz.server.SocketzServer;
import io.socketz.server.TlsException;
import io.socketz.server.TlsOptions;
import io.socketz.server.command.AdminTokens;
import io.socketz.server.log.Console;
import io.socketz.server.log.LibraryLog;
import io.socketz.server.log.LogEvent;
import io.socketz.server.log.LogOutput;
import io.socketz.server.log.LogSettings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code socketz serve}: a server until a signal ends it. */
@Command(
        name = "serve",
        description = "Runs a server until SIGTERM or Ctrl-C.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Times are written 500ms, 1.5s, 1m30s or 2h; a plain number is seconds.",
            "0 means no limit, except for --drain-timeout, --drain-notice and",
            "--rebalance-after.",
            "Every option can also be set as an environment variable: SOCKETZ_PORT for --port."
        })
final class ServeCommand implements Callable<Integer> {
    private static final String ADMIN_TOKENS = "--admin-tokens";
    private static final String ADMIN_HOST = "--admin-host";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-H", "--host"},
            paramLabel = "HOST",
            defaultValue = "0.0.0.0",
            description = "Address to listen on (default: ${DEFAULT-VALUE}, all addresses).")
    private String host = "";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            converter = OptionValues.Port.class,
            defaultValue = "" + SocketzServer.DEFAULT_PORT,
            description = "Port to listen on; 0: any free port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "",
            description = "What people call this server (default: the first 8 characters of its id).")
    private String name = "";

    @Option(
            names = "--proxy-from",
            paramLabel = "CIDR,...",
            defaultValue = "",
            converter = OptionValues.Blocks.class,
            description = "Address blocks whose connections must begin with a PROXY header, v1 or v2 (default: none).")
    private CidrSet proxies = CidrSet.NONE;

    @Option(
            names = "--loops",
            paramLabel = "N",
            converter = OptionValues.Count.class,
            defaultValue = "0",
            description = "Number of event loops (default: one for each processor).")
    private int loops;

    @Option(
            names = "--max-line",
            paramLabel = "BYTES",
            converter = OptionValues.Size.class,
            defaultValue = "" + LineFramer.DEFAULT_MAX_LENGTH,
            description = "Longest request, in bytes (default: ${DEFAULT-VALUE}).")
    private int maxLine;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            converter = OptionValues.Count.class,
            defaultValue = "0",
            description = "Most clients at the same time (default: what the limit on open files allows).")
    private int maxConnections;

    @Option(
            names = "--max-per-address",
            paramLabel = "N",
            converter = OptionValues.Count.class,
            defaultValue = "0",
            description = "Most connections at the same time from one client address (default: no limit).")
    private int maxPerAddress;

    @Option(
            names = "--max-outbound",
            paramLabel = "BYTES",
            converter = OptionValues.Bytes.class,
            description =
                    "Most bytes of requests and replies held for slow clients, over all connections: 64k, 256m, 2g"
                            + " (default: a quarter of the maximum heap).")
    private @Nullable Long maxOutbound;

    @Option(
            names = "--first-byte-timeout",
            paramLabel = "TIME",
            defaultValue = "0",
            description = "How long a client may send nothing at all after its greeting (default: no limit).")
    private Duration firstByteTimeout = Duration.ZERO;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "0",
            description = "How long a client may stay silent after its last request (default: no limit).")
    private Duration idleTimeout = Duration.ZERO;

    @Option(
            names = "--outbound-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description =
                    "How long a client may take for 64 KiB of the replies that wait for it (default: ${DEFAULT-VALUE}).")
    private Duration outboundTimeout = Duration.ZERO;

    @Option(
            names = "--proxy-timeout",
            paramLabel = "TIME",
            defaultValue = "3s",
            description = "How long a proxy may take to send its header (default: ${DEFAULT-VALUE}).")
    private Duration proxyTimeout = Duration.ZERO;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            defaultValue = "20s",
            description = "How long a stop may take; 0: stop at once (default: ${DEFAULT-VALUE}).")
    private Duration drainTimeout = Duration.ZERO;

    @Option(
            names = "--agent-port",
            paramLabel = "PORT",
            converter = OptionValues.Port.class,
            description =
                    "Port for HAProxy's agent checks; with it, a stop is a drain; 0: any free port (default: none).")
    private @Nullable Integer agentPort;

    @Option(
            names = "--drain-notice",
            paramLabel = "TIME",
            defaultValue = "2s",
            description =
                    "How long a stopping server keeps serving while its agent port says that it drains (default: ${DEFAULT-VALUE}).")
    private Duration drainNotice = Duration.ZERO;

    @Mixin
    private RebalanceOptions rebalance = new RebalanceOptions();

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            converter = OptionValues.Port.class,
            description =
                    "Port that shows the server's state over HTTP: a page at /, /metrics, /livez, /readyz, /api/servers; 0: any"
                            + " free port (default: none).")
    private @Nullable Integer adminPort;

    @Option(
            names = ADMIN_HOST,
            paramLabel = "HOST",
            description = "Address for the admin port to listen on (default: localhost).")
    private @Nullable String adminHost;

    @Option(
            names = ADMIN_TOKENS,
            paramLabel = "FILE",
            description = "File with the SHA-256 of each token that AUTH takes; without it, commands of administrators"
                    + " are off (default: none).")
    private @Nullable Path adminTokens;

    @ArgGroup(validate = false, heading = "%nTLS:%n")
    private TlsFlags tlsFlags = new TlsFlags();

    @Mixin
    private SettingsOptions settingsOptions = new SettingsOptions();

    @Mixin
    private LogOptions logOptions = new LogOptions();

    @ArgGroup(validate = false, heading = "%nThe cluster:%n")
    private ClusterOptions clusterOptions = new ClusterOptions();

    private final Map<String, String> environment;

    /** @param environment where the password for etcd comes from */
    ServeCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        settingsOptions.load(spec, environment);
        Optional<Cluster> cluster = clusterOptions.check(spec.commandLine(), environment);
        Optional<TlsOptions> tls = tlsFlags.check(spec.commandLine());
        if (adminHost != null && adminPort == null) {
            throw SettingsDefaults.error(spec.commandLine(), ADMIN_HOST, " needs --admin-port");
        }
        rebalance.check(spec.commandLine(), agentPort != null, cluster.isPresent());
        if (settingsOptions.isCheck()) {
            return check(cluster, tls);
        }
        StopSignals signals = new StopSignals();
        AtomicBoolean failed = new AtomicBoolean();
        Runnable onFailure = () -> {
            failed.set(true);
            signals.stop();
        };
        LogSettings settings = logOptions.settings(name);
        try (Console console = new Console(
                stream(FileDescriptor.out), stream(FileDescriptor.err), settings, Clock.systemUTC(), onFailure)) {
            signals.listen(console::onWarning);
            console.print(LogEvent.STARTING, "Starting server...");
            warnings().forEach(console::onWarning);
            try (SocketzServer server = start(cluster, tls, console)) {
                console.print(
                        LogEvent.LISTENING,
                        "listening on " + HostPort.format(server.address()) + " as "
                                + server.member().name() + ", id "
                                + server.member().id());
                // Only now, since it takes time; etcd's libraries, which take longer to load, have logged nothing yet.
                if (cluster.isPresent() || adminPort != null) {
                    LibraryLog.attach(console, settings);
                }
                server.agentAddress()
                        .ifPresent(agent -> console.print(
                                LogEvent.LISTENING, "answering agent checks on " + HostPort.format(agent)));
                server.adminAddress()
                        .ifPresent(admin ->
                                console.print(LogEvent.LISTENING, "admin page at http://" + HostPort.format(admin)));
                signals.await();
                console.print(LogEvent.STOPPING, "Stopping server... (a second signal ends it at once)");
            }
        }
        // A supervisor restarts a process that ends with a status other than 0.
        return failed.get() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    /** What does not keep a server from starting. */
    private List<String> warnings() {
        List<String> warnings = new ArrayList<>(UnknownVariables.warnings(spec, environment));
        warnings.addAll(clusterOptions.exposedSecrets());
        if (adminTokens != null) {
            SecretFile.warning(ADMIN_TOKENS, adminTokens).ifPresent(warnings::add);
        }
        tlsFlags.key().flatMap(key -> SecretFile.warning(TlsFlags.KEY, key)).ifPresent(warnings::add);
        return warnings;
    }

    /** What can be known without serving. An option that names a file or a port has a line here. */
    private int check(Optional<Cluster> cluster, Optional<TlsOptions> tls) throws InterruptedException {
        validBuilder();
        CheckReport report =
                new CheckReport(spec.commandLine().getOut(), spec.commandLine().getErr());
        report.ok(settingsOptions.summary());
        warnings().forEach(report::warning);
        report.file(ADMIN_TOKENS, adminTokens, file -> AdminTokens.open(file, 0, report::warning));
        tls.ifPresent(files -> tlsFlags.check(files, report));
        PortCheck ports = new PortCheck(report);
        ports.check(ListenException.Port.CLIENTS, host, port);
        ports.check(ListenException.Port.AGENT, host, agentPort);
        ports.check(ListenException.Port.ADMIN, adminHost == null ? "localhost" : adminHost, adminPort);
        clusterOptions.files().forEach((option, file) -> report.ok(option + ": " + file));
        if (cluster.isPresent()) {
            LibraryLog.silenceEtcd();
            EtcdCheck.run(cluster.get(), report, EtcdCheck.PATIENCE);
        }
        return report.status();
    }

    private SocketzServer start(Optional<Cluster> cluster, Optional<TlsOptions> tls, Console console) {
        try {
            SocketzServer.Builder builder = validBuilder().listener(console);
            tls.ifPresent(files -> tlsFlags.secure(builder, files));
            cluster.ifPresent(joined -> joined.join(builder, new EtcdConsole(console)));
            return builder.start();
        } catch (UnknownHostException e) {
            throw usageError("no address is known for '" + host + "': name another with --host");
        } catch (AdminTokensException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    ADMIN_TOKENS + ": " + e.getMessage(),
                    e,
                    spec.findOption(ADMIN_TOKENS),
                    String.valueOf(adminTokens));
        } catch (TlsException e) {
            throw usageError("TLS: " + e.getMessage());
        } catch (ListenException e) {
            throw usageError(ListenAdvice.of(e, host));
        } catch (IOException e) {
            throw usageError("cannot serve on " + host + ", port " + port + ": " + e.getMessage());
        }
    }

    private SocketzServer.Builder validBuilder() {
        try {
            return builder();
        } catch (IllegalArgumentException e) {
            throw usageError(String.valueOf(e.getMessage()));
        }
    }

    private SocketzServer.Builder builder() {
        SocketzServer.Builder builder = SocketzServer.builder()
                .host(host)
                .port(port)
                .name(name)
                .proxies(proxies)
                .maxLineLength(maxLine)
                .maxConnections(maxConnections)
                .maxPerAddress(maxPerAddress)
                .firstByteTimeout(firstByteTimeout)
                .idleTimeout(idleTimeout)
                .outboundTimeout(outboundTimeout)
                .proxyTimeout(proxyTimeout)
                .drainTimeout(drainTimeout)
                .drainNotice(drainNotice);
        if (agentPort != null) {
            builder.agentPort(agentPort);
        }
        rebalance.after().ifPresent(builder::rebalanceAfter);
        if (adminPort != null) {
            AdminLimits.apply();
            builder.adminPort(adminPort);
        }
        if (adminHost != null) {
            builder.adminHost(adminHost);
        }
        if (adminTokens != null) {
            builder.adminTokens(adminTokens);
        }
        if (maxOutbound != null) {
            builder.maxOutbound(maxOutbound);
        }
        if (loops > 0) {
            builder.loops(loops);
        }
        return builder;
    }

    private ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new LogOutput(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
    }
}
