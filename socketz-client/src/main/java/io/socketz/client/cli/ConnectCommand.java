package io.socketz.client.cli;

import io.socketz.client.SocketzClient;
import io.socketz.client.console.Connector;
import io.socketz.client.console.NoConnectionException;
import io.socketz.client.console.Terminals;
import io.socketz.client.repl.Repl;
import java.io.BufferedInputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code socketz connect}: talks to a server, for a person or for a script. */
@Command(
        name = "connect",
        description = "Talks to a server: a prompt in a terminal, or commands from a script.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Times are written 500ms, 1.5s, 1m30s or 2h; a plain number is seconds.",
            "Exit status: 0 success; 1 the server answered an error; 2 wrong use; 3 no connection, or no reply in time;",
            "130 Ctrl-C.",
            "Every option can also be set as an environment variable: SOCKETZ_TIMEOUT for --timeout."
        })
public final class ConnectCommand implements Callable<Integer> {
    /** What a user types: the launcher of an installation sets it. */
    static final String LAUNCHER = System.getProperty("socketz.command", "./socketz");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-e", "--execute"},
            paramLabel = "COMMAND",
            description = "Send this command, print the reply and exit; may be repeated. Without it, commands are read"
                    + " from standard input, one per line, unless that is a terminal.")
    private List<String> commands = List.of();

    @Option(
            names = "--json",
            fallbackValue = "true", // or else picocli takes it for "the opposite" of SOCKETZ_JSON
            description = "In scripts: print each reply as a line of JSON.")
    private boolean json;

    @Option(
            names = "--plain",
            fallbackValue = "true",
            description = "At the prompt: show lists as the server sends them, not as tables.")
    private boolean plain;

    @Mixin
    private DestinationOptions destination = new DestinationOptions();

    @Option(
            names = "--reconnect",
            negatable = true,
            arity = "0",
            fallbackValue = "true",
            description =
                    "Whether to connect again when the connection is lost (default: at the prompt, and in scripts while they watch).")
    private @Nullable Boolean reconnect;

    @Mixin
    private SecureOptions secure = new SecureOptions();

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "File that keeps the lines typed at the prompt (default: ~/.socketz_history).")
    private Path history = Path.of(System.getProperty("user.home"), ".socketz_history");

    /** The command, for a command line to add. */
    public ConnectCommand() {}

    @Override
    public Integer call() throws Exception {
        destination.check();
        String servers = destination.addresses();
        boolean interactive = commands.isEmpty() && Terminals.isInteractive();
        if (interactive && json) {
            throw wrong("--json is for scripts: with -e, or with commands on standard input");
        }
        Connector connector = new Connector(
                destination.timeout(),
                reconnect == null || reconnect,
                secure.context().orElse(null));
        PrintStream err = System.err;
        try {
            return interactive ? new Repl(connector, servers, plain, history).run() : script(connector, servers, err);
        } catch (NoConnectionException e) {
            err.println("socketz connect: " + e.getMessage() + destination.advice());
            return ExitStatus.NO_CONNECTION;
        } catch (InterruptedException e) {
            return ExitStatus.INTERRUPTED; // Ctrl-C before there was a prompt
        }
    }

    private int script(Connector connector, String servers, PrintStream err) throws Exception {
        ScriptLink link = new ScriptLink(reconnect);
        try (SocketzClient client = connector.connect(servers, link).get()) {
            return new Script(
                            client,
                            client::watch,
                            link,
                            json,
                            spec.commandLine().getOut(),
                            err)
                    .run(source());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NoConnectionException none ? none : e;
        }
    }

    private Script.Source source() {
        if (commands.isEmpty()) {
            return new InputLines(new BufferedInputStream(System.in))::next;
        }
        Iterator<String> each = commands.stream().flatMap(String::lines).iterator();
        return () -> each.hasNext() ? Optional.of(each.next()) : Optional.empty();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
