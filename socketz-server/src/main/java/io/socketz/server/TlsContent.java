package io.socketz.server;

import io.socketz.state.file.PemFiles;
import io.socketz.state.file.TlsContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What the files of {@link TlsOptions} hold. Two reads are equal unless somebody has replaced a file in between.
 *
 * @param keyFile for messages
 */
record TlsContent(
        List<X509Certificate> chain,
        PrivateKey key,
        @Nullable List<X509Certificate> authorities,
        Path keyFile) {
    /**
     * Reads the files.
     *
     * @throws TlsException if one of them cannot be used
     */
    static TlsContent read(Path certificate, Path key, @Nullable Path authority) throws TlsException {
        try {
            return new TlsContent(
                    PemFiles.certificates(certificate),
                    PemFiles.privateKey(key),
                    authority == null ? null : PemFiles.certificates(authority),
                    key);
        } catch (IOException e) {
            throw new TlsException(String.valueOf(e.getMessage()), e);
        }
    }

    /** @throws TlsException if they do not fit together */
    SSLContext context() throws TlsException {
        try {
            return TlsContexts.of(authorities, chain, key);
        } catch (GeneralSecurityException e) {
            throw new TlsException(keyFile + ": " + e.getMessage(), e);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "TlsContent";
    }
}
