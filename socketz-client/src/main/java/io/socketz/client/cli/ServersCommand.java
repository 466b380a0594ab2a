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
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code socketz servers}: asks any server for all of them. The command line that adds it needs a converter for {@link
 * java.time.Duration}.
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

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--json",
            fallbackValue = "true", // or else picocli takes it for "the opposite" of SOCKETZ_JSON
            description = "Print one line of JSON instead of a table.")
    private boolean json;

    @Mixin
    private DestinationOptions destination = new DestinationOptions();

    @Mixin
    private SecureOptions secure = new SecureOptions();

    /** The command, for a command line to add. */
    public ServersCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        destination.check();
        Connector connector =
                new Connector(destination.timeout(), false, secure.context().orElse(null));
        try (SocketzClient client = await(connector.connect(destination.addresses(), ClientListener.NONE))) {
            print(report(client));
            return ExitStatus.OK;
        } catch (IOException e) {
            spec.commandLine().getErr().println(spec.qualifiedName() + ": " + explain(e));
            return isRefusal(e) ? ExitStatus.SERVER_ERROR : ExitStatus.NO_CONNECTION;
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
        String advice = e instanceof NoConnectionException ? destination.advice() : "";
        return Printable.of(String.valueOf(e.getMessage())) + advice;
    }

    private static boolean isRefusal(IOException e) {
        return e instanceof SocketzException named
                && (named.reason() == Reason.SERVER_ERROR || named.reason() == Reason.INVALID_COMMAND);
    }
}
