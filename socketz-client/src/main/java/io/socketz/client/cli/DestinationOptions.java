package io.socketz.client.cli;

import io.socketz.client.console.Connector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Which servers a command talks to, and how long it waits for them. The command line needs a converter for {@link Duration}.
 */
final class DestinationOptions {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "HOST[:PORT],...",
            arity = "0..1",
            description =
                    "Servers, tried in this order (default: localhost). Without a port: 4141, or 5151 if nothing listens there.")
    private @Nullable String addresses;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "Time limit for a connection, and for each reply (default: ${DEFAULT-VALUE}).")
    private Duration timeout = SHORTEST;

    /** @throws ParameterException if they cannot be used */
    void check() {
        if (timeout.compareTo(SHORTEST) < 0) {
            throw wrong("Invalid value for option '--timeout': must be 1ms or more");
        }
        try {
            Connector.check(addresses());
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    /** The servers, as {@link Connector} takes them. */
    String addresses() {
        return addresses == null ? Connector.DEFAULT : addresses;
    }

    Duration timeout() {
        return timeout;
    }

    /** What to add when no server answers: how to start one, unless the user has said which. */
    String advice() {
        return addresses == null ? "; " + ConnectCommand.LAUNCHER + " serve starts a server" : "";
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
