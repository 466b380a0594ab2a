package io.socketz.state.etcd.transport;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.file.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the certificate and key files. Two reads are equal unless somebody has replaced a file in between, which
 * may happen while servers run.
 *
 * @param authorities whom to trust; null for those that Java trusts
 * @param chain this client's certificates; null if it has none
 * @param key of the first certificate of the chain; null if there is none
 */
public record TlsFiles(
        @Nullable List<X509Certificate> authorities,
        @Nullable List<X509Certificate> chain,
        @Nullable PrivateKey key) {
    /**
     * Reads the files.
     *
     * @throws EtcdException if one of them cannot be used; its detail begins with the name of the file
     */
    public static TlsFiles read(EtcdOptions options) throws EtcdException {
        return new TlsFiles(
                read(Kind.UNTRUSTED, options.authority(), PemFiles::certificates),
                read(Kind.CLIENT_CERTIFICATE, options.certificate(), PemFiles::certificates),
                read(Kind.CLIENT_CERTIFICATE, options.key(), PemFiles::privateKey));
    }

    /** The client's certificate and key do not fit each other: all else was checked when the files were read. */
    public static EtcdException unfit(Exception why) {
        String detail = "client certificate or its key cannot be used: " + why.getMessage();
        return new EtcdException(new EtcdFailure(Kind.CLIENT_CERTIFICATE, detail), why);
    }

    /** Reads a PEM file. */
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
