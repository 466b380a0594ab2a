package io.socketz.server.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of {@code serve} that say whether it lets clients go when it has more than its share. */
final class RebalanceOptions {
    private static final String REBALANCE = "--rebalance";
    private static final String AFTER = "--rebalance-after";
    private static final Duration DEFAULT_AFTER = Duration.ofSeconds(30);

    @Option(
            names = REBALANCE,
            fallbackValue = "true", // or else picocli takes it for "the opposite" of what is set elsewhere
            description = "Let clients go to other servers while this one has more than its share; needs --agent-port.")
    private boolean wanted;

    /** Null if it was not given. */
    @Option(
            names = AFTER,
            paramLabel = "TIME",
            description =
                    "How long servers and their numbers of clients must be stable before that begins (default: 30s).")
    private @Nullable Duration after;

    /** @throws ParameterException if they have no effect */
    void check(CommandLine command, boolean hasAgentPort, boolean hasCluster) {
        if (after != null && !wanted) {
            throw SettingsDefaults.error(command, AFTER, " needs " + REBALANCE);
        }
        if (wanted && !hasAgentPort) {
            throw SettingsDefaults.error(command, REBALANCE, " needs --agent-port");
        }
        if (wanted && !hasCluster) {
            throw SettingsDefaults.error(command, REBALANCE, " needs --state etcd or --state gateway");
        }
    }

    /** How long the servers must have stayed as they are; empty if no clients are to go. */
    Optional<Duration> after() {
        return wanted ? Optional.of(after == null ? DEFAULT_AFTER : after) : Optional.empty();
    }
}
