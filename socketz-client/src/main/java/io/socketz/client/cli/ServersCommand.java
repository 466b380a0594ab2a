package io.socketz.client.cli;

import io.socketz.client.ClientListener;
import io.socketz.client.ClientQuery;
import io.socketz.client.Server;
import io.socketz.client.SocketzClient;
import io.socketz.client.SocketzException;
import io.socketz.client.SocketzException.Reason;
import io.socketz.client.console.Connector;
import io.socketz.client.console.NoConnectionException;
import io.socketz.client.console.Printable;
import io.socketz.client.console.ServersReport;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code socketz servers}: asks any server for all of them. The command line that adds it needs a converter for {@link
 * Duration}.
 */
@Command(
        name = "servers",
        description = "Shows the servers of a cluster, as any of them knows them.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Times are written 500ms, 1.5s, 1m30s or 2h; a plain number is seconds.",
            "Exit status: 0; 1 the server answered an error; 2 wrong use; 3 no server answered.",
            "Every option can also be set as an environment variable: SOCKETZ_TIMEOUT for --timeout."
        })
public final class ServersCommand implements Callable<Integer> {
    private static final int WIDTH = 80;
    private static final Duration SHORTEST = Duration.ofMillis(1);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "HOST[:PORT],...",
            arity = "0..1",
            description =
                    "Servers, tried in this order (default: localhost). Without a port: 4141, or 5151 if nothing listens there.")
    private @Nullable String addresses;

    @Option(names = "--json", description = "Print one line of JSON instead of a table.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "Time limit for a connection, and for each reply (default: ${DEFAULT-VALUE}).")
    private Duration timeout = SHORTEST;

    @Mixin
    private SecureOptions secure = new SecureOptions();

    /** The command, for a command line to add. */
    public ServersCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (timeout.compareTo(SHORTEST) < 0) {
            throw wrong("Invalid value for option '--timeout': it has to be 1ms or more");
        }
        try (SocketzClient client = await(connect())) {
            print(report(client));
            return ExitStatus.OK;
        } catch (IOException e) {
            spec.commandLine().getErr().println(spec.qualifiedName() + ": " + explain(e));
            return isRefusal(e) ? ExitStatus.SERVER_ERROR : ExitStatus.NO_CONNECTION;
        }
    }

    private CompletableFuture<SocketzClient> connect() {
        try {
            return new Connector(timeout, false, secure.context().orElse(null))
                    .connect(addresses == null ? Connector.DEFAULT : addresses, ClientListener.NONE);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static ServersReport report(SocketzClient client) throws IOException, InterruptedException {
        Optional<Server> answered = client.server();
        // First, so that the servers are no older than that.
        Block.Clients fresh = await(client.list(ClientQuery.all().fresh().limit(1)));
        Block.Servers servers = await(client.servers());
        return new ServersReport(
                answered.orElseThrow(() -> new NoConnectionException("the connection was lost")),
                servers,
                fresh.freshness().orElse(new Reply.Fresh(servers.revision())));
    }

    private void print(ServersReport report) {
        if (json) {
            spec.commandLine().getOut().println(report.json(Instant.now()));
        } else {
            report.lines(WIDTH, ZonedDateTime.now(ZoneId.systemDefault()))
                    .forEach(spec.commandLine().getOut()::println);
        }
    }

    private static <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException named ? named : new IOException(e.getCause());
        }
    }

    private String explain(IOException e) {
        String none = e instanceof NoConnectionException && addresses == null
                ? "; " + ConnectCommand.LAUNCHER + " serve starts a server"
                : "";
        return Printable.of(String.valueOf(e.getMessage())) + none;
    }

    private static boolean isRefusal(IOException e) {
        return e instanceof SocketzException named
                && (named.reason() == Reason.SERVER_ERROR || named.reason() == Reason.INVALID_COMMAND);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
