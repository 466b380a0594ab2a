package io.socketz.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Files that secure a server's connections, all of them PEM (RFC 7468). They are read again within seconds of a change: new
 * connections are secured with what they hold then, others stay as they are.
 *
 * @param certificate the server's certificate, then those that lead to an authority that clients trust
 * @param key the key of that certificate: PKCS #8, not encrypted
 * @param clientAuthority certificates of authorities, one of which has to have signed the certificate that each client
 *     presents; null if clients need none
 */
public record TlsOptions(
        Path certificate, Path key, @Nullable Path clientAuthority) {
    /** Clients need no certificate. */
    public static TlsOptions of(Path certificate, Path key) {
        return new TlsOptions(certificate, key, null);
    }

    /** Only clients with a certificate that one of the authorities in {@code file} has signed. */
    public TlsOptions withClientAuthority(Path file) {
        return new TlsOptions(certificate, key, file);
    }

    /**
     * Reads the files once.
     *
     * @throws TlsException if they cannot be used
     */
    public void check() throws TlsException {
        var unused = read().context();
    }

    TlsContent read() throws TlsException {
        return TlsContent.read(certificate, key, clientAuthority);
    }
}
