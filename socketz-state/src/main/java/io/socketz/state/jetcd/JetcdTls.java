package io.socketz.state.jetcd;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.socketz.state.etcd.transport.EtcdException;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.TlsFiles;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * TLS settings, twice: jetcd's Netty and the Netty of our own channel are different classes. Both use Java's TLS, so that
 * failures have one wording.
 */
record JetcdTls(io.netty.handler.ssl.SslContext forJetcd, SslContext forStreams) {
    /**
     * Reads the files: anew for each connection, since certificates are replaced while servers run.
     *
     * @throws EtcdException if a file cannot be used
     */
    static JetcdTls of(EtcdOptions options) throws EtcdException {
        TlsFiles files = TlsFiles.read(options);
        List<X509Certificate> authorities = files.authorities();
        List<X509Certificate> chain = files.chain();
        PrivateKey key = files.key();
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
            return new JetcdTls(jetcd.build(), streams.build());
        } catch (SSLException | IllegalArgumentException e) {
            // All else was checked when the files were read.
            throw TlsFiles.unfit(e);
        }
    }
}
