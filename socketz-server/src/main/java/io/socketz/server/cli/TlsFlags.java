package io.socketz.server.cli;

import io.socketz.server.SocketzServer;
import io.socketz.server.TlsOptions;
import io.socketz.state.file.PemFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of {@code serve} that secure connections, and which others each of them needs. */
final class TlsFlags {
    static final String CERTIFICATE = "--tls-cert";
    static final String KEY = "--tls-key";
    static final String CLIENT_AUTHORITY = "--tls-client-ca";
    private static final String TIMEOUT = "--tls-timeout";

    @Option(
            names = CERTIFICATE,
            paramLabel = "FILE",
            description =
                    "Certificate of the server; with it, clients must speak TLS: PEM, with the chain to an authority"
                            + " (default: no TLS).")
    private @Nullable Path certificate;

    @Option(names = KEY, paramLabel = "FILE", description = "Key of that certificate: PEM, PKCS #8, not encrypted.")
    private @Nullable Path key;

    @Option(
            names = CLIENT_AUTHORITY,
            paramLabel = "FILE",
            description = "Authorities, PEM: each client must show a certificate that one of them has signed"
                    + " (default: clients need none).")
    private @Nullable Path clientAuthority;

    @Option(names = TIMEOUT, paramLabel = "TIME", description = "How long a TLS handshake may take (default: 10s).")
    private @Nullable Duration timeout;

    /**
     * The files; empty without TLS.
     *
     * @throws ParameterException if an option lacks another
     */
    Optional<TlsOptions> check(CommandLine command) {
        if (certificate == null || key == null) {
            need(command, key, KEY, CERTIFICATE);
            need(command, certificate, CERTIFICATE, KEY);
            need(command, clientAuthority, CLIENT_AUTHORITY, CERTIFICATE);
            need(command, timeout, TIMEOUT, CERTIFICATE);
            return Optional.empty();
        }
        return Optional.of(new TlsOptions(certificate, key, clientAuthority));
    }

    private static void need(CommandLine command, @Nullable Object given, String option, String needed) {
        if (given != null) {
            throw SettingsDefaults.error(command, option, " needs " + needed);
        }
    }

    /** The file with the key, which nobody else should be able to read. */
    Optional<Path> key() {
        return Optional.ofNullable(key);
    }

    /** Reads the files, and reports on each. */
    void check(TlsOptions files, CheckReport report) {
        report.file(CERTIFICATE, certificate, PemFiles::certificates);
        report.file(CLIENT_AUTHORITY, clientAuthority, PemFiles::certificates);
        report.file(KEY, key, file -> files.check());
    }

    /** Secures what {@code builder} makes. */
    void secure(SocketzServer.Builder builder, TlsOptions files) {
        builder.tls(files);
        if (timeout != null) {
            builder.tlsTimeout(timeout);
        }
    }
}
