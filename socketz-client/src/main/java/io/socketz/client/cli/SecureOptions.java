package io.socketz.client.cli;

import io.socketz.client.tls.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that talk to servers by TLS. */
public final class SecureOptions {
    private static final String AUTHORITIES = "--tls-ca";
    private static final String CERTIFICATE = "--tls-cert";
    private static final String KEY = "--tls-key";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--tls",
            fallbackValue = "true", // or else picocli takes it for "the opposite" of SOCKETZ_TLS
            description = "Speak TLS, and check that the server's certificate is for HOST.")
    private boolean tls;

    @Option(
            names = AUTHORITIES,
            paramLabel = "FILE",
            description = "Authorities to trust, PEM; implies --tls (default: those that Java trusts).")
    private @Nullable Path authorities;

    @Option(
            names = CERTIFICATE,
            paramLabel = "FILE",
            description = "Certificate to show to the server, PEM; implies --tls (default: none).")
    private @Nullable Path certificate;

    @Option(names = KEY, paramLabel = "FILE", description = "Key of that certificate: PEM, PKCS #8, not encrypted.")
    private @Nullable Path key;

    /** Options that were not given. */
    public SecureOptions() {}

    /**
     * What connections are secured with; empty if they are not.
     *
     * @throws ParameterException if an option lacks another, or a file cannot be used
     */
    public Optional<SSLContext> context() {
        if ((certificate == null) != (key == null)) {
            throw wrong(certificate == null ? KEY + " needs " + CERTIFICATE : CERTIFICATE + " needs " + KEY);
        }
        if (!tls && authorities == null && certificate == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Trust.of(authorities, certificate, key));
        } catch (IOException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
