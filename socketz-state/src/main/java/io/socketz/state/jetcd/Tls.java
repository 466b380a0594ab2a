package io.socketz.state.jetcd;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.socketz.state.etcd.EtcdFailure;
import io.socketz.state.etcd.EtcdFailure.Kind;
import io.socketz.state.etcd.EtcdOptions;
import io.socketz.state.etcd.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust and who we are, twice: jetcd's Netty and the one of our own channel are different classes. Java's TLS
 * for both, so that what goes wrong has one wording.
 */
record Tls(io.netty.handler.ssl.SslContext forJetcd, SslContext forStreams) {
    /**
     * Reads the files, anew for each connection, as certificates are replaced while servers run.
     *
     * @throws Failures.Unusable if a file can not be used
     */
    static Tls of(EtcdOptions options) {
        List<X509Certificate> authorities = read(Kind.UNTRUSTED, options.authority(), PemFiles::certificates);
        List<X509Certificate> chain = read(Kind.CLIENT_CERTIFICATE, options.certificate(), PemFiles::certificates);
        PrivateKey key = read(Kind.CLIENT_CERTIFICATE, options.key(), PemFiles::privateKey);
        try {
            SslContextBuilder jetcd = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
            io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder streams =
                    io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts.configure(
                            io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder.forClient(),
                            io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider.JDK);
            if (authorities != null) {
                jetcd.trustManager(authorities);
                streams.trustManager(authorities);
            }
            if (chain != null && key != null) {
                jetcd.keyManager(key, chain);
                streams.keyManager(key, chain);
            }
            return new Tls(jetcd.build(), streams.build());
        } catch (SSLException | IllegalArgumentException e) {
            // Of all that was given, key and certificate alone can fail to fit each other.
            String reason = "client certificate or its key can not be used: " + e.getMessage();
            throw new Failures.Unusable(new EtcdFailure(Kind.CLIENT_CERTIFICATE, reason));
        }
    }

    /** Reads a file of PEM. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(Path file) throws IOException;
    }

    private static <T> @Nullable T read(Kind kind, @Nullable Path file, Reader<T> reader) {
        try {
            return file == null ? null : reader.read(file);
        } catch (IOException e) {
            throw new Failures.Unusable(new EtcdFailure(kind, String.valueOf(e.getMessage())));
        }
    }
}
