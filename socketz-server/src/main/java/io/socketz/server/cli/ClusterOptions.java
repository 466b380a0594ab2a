package io.socketz.server.cli;

import io.socketz.server.cli.ClusterValues.Store;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.file.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The options of {@code serve} that say where the roster is kept, and which others each of them needs. Null means that an
 * option was not given; a default would hide one that was given and has no effect.
 */
final class ClusterOptions {
    static final String PASSWORD_VARIABLE = "SOCKETZ_ETCD_PASSWORD";

    private static final String STATE = "--state";
    private static final String USER = "--etcd-user";
    private static final String PASSWORD_FILE = "--etcd-password-file";
    private static final String AUTHORITY = "--etcd-ca";
    private static final String CERTIFICATE = "--etcd-cert";
    private static final String KEY = "--etcd-key";

    @Option(
            names = STATE,
            paramLabel = "STORE",
            converter = ClusterValues.StoreName.class,
            completionCandidates = ClusterValues.StoreName.class,
            description =
                    "Where the roster is kept: memory (of this server alone), etcd (for all servers) or gateway (etcd, too,"
                            + " through its JSON gateway) (default: memory).")
    private @Nullable Store state;

    @Option(
            names = "--advertise",
            paramLabel = "HOST:PORT",
            converter = ClusterValues.Advertised.class,
            description =
                    "Address at which others know this server (default: where it listens, or an address of this machine).")
    private @Nullable String advertise;

    @Option(
            names = "--lease-ttl",
            paramLabel = "TIME",
            converter = ClusterValues.LeaseTtl.class,
            description = "How long a server that has died stays on the roster, 2s to 300s (default: 5s).")
    private @Nullable Duration leaseTtl;

    @Option(
            names = "--etcd",
            paramLabel = "URL,...",
            converter = ClusterValues.Urls.class,
            description = "URLs of etcd, all http or all https (default: http://localhost:2379).")
    private @Nullable EtcdUrls etcd;

    @Option(
            names = "--etcd-prefix",
            paramLabel = "PREFIX",
            converter = ClusterValues.Prefix.class,
            description = "What all keys in etcd begin with; one for each cluster (default: /socketz).")
    private @Nullable String prefix;

    @Option(
            names = USER,
            paramLabel = "USER",
            description = "User of etcd (default: none); the password comes from " + PASSWORD_VARIABLE + ".")
    private @Nullable String user;

    @Option(
            names = PASSWORD_FILE,
            paramLabel = "FILE",
            description = "File whose first line is the password, instead of " + PASSWORD_VARIABLE + ".")
    private @Nullable Path passwordFile;

    @Option(
            names = AUTHORITY,
            paramLabel = "FILE",
            description =
                    "File with the authorities that may sign etcd's certificate, PEM (default: those that Java trusts).")
    private @Nullable Path authority;

    @Option(
            names = CERTIFICATE,
            paramLabel = "FILE",
            description = "File with this server's certificate for etcd, PEM.")
    private @Nullable Path certificate;

    @Option(names = KEY, paramLabel = "FILE", description = "File with the key of that certificate, PEM (PKCS #8).")
    private @Nullable Path key;

    /**
     * The cluster to join; empty for a stand-alone server.
     *
     * @param command that these options were given to
     * @throws ParameterException if they contradict each other, or a file is not valid
     */
    Optional<Cluster> check(CommandLine command, Map<String, String> environment) {
        return new Check(command, environment).cluster();
    }

    /** A warning for each file with a secret that every user of this machine may read or change. */
    List<String> exposedSecrets() {
        List<String> warnings = new ArrayList<>();
        if (passwordFile != null) {
            SecretFile.warning(PASSWORD_FILE, passwordFile).ifPresent(warnings::add);
        }
        if (key != null) {
            SecretFile.warning(KEY, key).ifPresent(warnings::add);
        }
        return warnings;
    }

    /** The files that {@link #check} reads, by option. */
    Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>();
        putIfGiven(files, PASSWORD_FILE, passwordFile);
        putIfGiven(files, AUTHORITY, authority);
        putIfGiven(files, CERTIFICATE, certificate);
        putIfGiven(files, KEY, key);
        return files;
    }

    private static void putIfGiven(Map<String, Path> files, String option, @Nullable Path file) {
        if (file != null) {
            files.put(option, file);
        }
    }

    /** Reads a file that an option names. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(Path file) throws IOException;
    }

    /** Looks at all options together. */
    private final class Check {
        private final CommandLine command;
        private final @Nullable String passwordVariable;

        Check(CommandLine command, Map<String, String> environment) {
            this.command = command;
            String value = environment.get(PASSWORD_VARIABLE);
            this.passwordVariable = value == null || value.isEmpty() ? null : value;
        }

        Optional<Cluster> cluster() {
            if (state == null || state == Store.MEMORY) {
                refuseAll();
                return Optional.empty();
            }
            checkTls();
            String password = password();
            EtcdOptions options = new EtcdOptions(urls().urls(), user, password, authority, certificate, key);
            ClusterSettings settings = new ClusterSettings(
                    Objects.requireNonNullElse(prefix, ClusterSettings.DEFAULT.prefix()),
                    Objects.requireNonNullElse(leaseTtl, ClusterSettings.DEFAULT.leaseTtl()));
            return Optional.of(new Cluster(state == Store.GATEWAY, options, settings, advertise));
        }

        /** Rejects cluster options without {@code --state}, rather than silently start stand-alone. */
        private void refuseAll() {
            for (OptionSpec option : options()) {
                if (!option.longestName().equals(STATE) && option.getValue() != null) {
                    throw error(option.longestName(), " needs --state etcd or --state gateway");
                }
            }
            if (passwordVariable != null) {
                throw new ParameterException(command, PASSWORD_VARIABLE + " needs --state etcd or --state gateway");
            }
        }

        /** Those of the group that has {@code --state}. */
        private List<OptionSpec> options() {
            OptionSpec store = command.getCommandSpec().findOption(STATE);
            return store.group().options();
        }

        private EtcdUrls urls() {
            return Objects.requireNonNullElse(etcd, EtcdUrls.DEFAULT);
        }

        private @Nullable String password() {
            if (user == null) {
                if (passwordFile != null) {
                    throw error(PASSWORD_FILE, " needs " + USER);
                }
                if (passwordVariable != null) {
                    throw new ParameterException(command, PASSWORD_VARIABLE + " needs " + USER);
                }
                return null;
            }
            if (user.isEmpty()) {
                throw error(USER, " is empty");
            }
            if (passwordFile == null) {
                if (passwordVariable == null) {
                    throw error(USER, " needs a password, in " + PASSWORD_VARIABLE + " or " + PASSWORD_FILE);
                }
                return passwordVariable;
            }
            if (passwordVariable != null) {
                throw error(PASSWORD_FILE, " and " + PASSWORD_VARIABLE + " are two passwords: give one");
            }
            return read(PASSWORD_FILE, passwordFile, PasswordFile::read);
        }

        private void checkTls() {
            requireHttps(AUTHORITY, authority);
            requireHttps(CERTIFICATE, certificate);
            requireHttps(KEY, key);
            if (certificate != null && key == null) {
                throw error(CERTIFICATE, " needs " + KEY);
            }
            if (key != null && certificate == null) {
                throw error(KEY, " needs " + CERTIFICATE);
            }
            if (authority != null) {
                var unused = read(AUTHORITY, authority, PemFiles::certificates);
            }
            if (certificate != null) {
                var unused = read(CERTIFICATE, certificate, PemFiles::certificates);
            }
            if (key != null) {
                var unused = read(KEY, key, PemFiles::privateKey);
            }
        }

        private void requireHttps(String option, @Nullable Path file) {
            if (file != null && !urls().isSecure()) {
                throw error(option, " needs https URLs in --etcd");
            }
        }

        private <T> T read(String option, Path file, Reader<T> reader) {
            try {
                return reader.read(file);
            } catch (IOException e) {
                throw error(option, ": " + e.getMessage());
            }
        }

        private ParameterException error(String option, String what) {
            return SettingsDefaults.error(command, option, what);
        }
    }
}
