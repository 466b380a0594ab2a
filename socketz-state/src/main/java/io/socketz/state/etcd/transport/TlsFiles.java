package io.socketz.state.etcd.transport;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust, and with what to be trusted. Equal to what is read later as long as nobody has replaced the files, as
 * happens while servers run.
 *
 * @param authorities null for those that Java trusts
 * @param chain of this client; null where it has none
 * @param key of the first of the chain; null where there is none
 */
public record TlsFiles(
        @Nullable List<X509Certificate> authorities,
        @Nullable List<X509Certificate> chain,
        @Nullable PrivateKey key) {
    /**
     * Reads the files.
     *
     * @throws EtcdException when one of them can not be used; its detail begins with the name of the file
     */
    public static TlsFiles read(EtcdOptions options) throws EtcdException {
        return new TlsFiles(
                read(Kind.UNTRUSTED, options.authority(), PemFiles::certificates),
                read(Kind.CLIENT_CERTIFICATE, options.certificate(), PemFiles::certificates),
                read(Kind.CLIENT_CERTIFICATE, options.key(), PemFiles::privateKey));
    }

    /** Of all that was given, key and certificate alone can fail to fit each other. */
    public static EtcdException unfit(Exception why) {
        String detail = "client certificate or its key can not be used: " + why.getMessage();
        return new EtcdException(new EtcdFailure(Kind.CLIENT_CERTIFICATE, detail), why);
    }

    /** Reads a file of PEM. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(Path file) throws IOException;
    }

    private static <T> @Nullable T read(Kind kind, @Nullable Path file, Reader<T> reader) throws EtcdException {
        try {
            return file == null ? null : reader.read(file);
        } catch (IOException e) {
            throw new EtcdException(new EtcdFailure(kind, String.valueOf(e.getMessage())), e);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "TlsFiles";
    }
}
