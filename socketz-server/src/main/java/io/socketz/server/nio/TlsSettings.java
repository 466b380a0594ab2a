package io.socketz.server.nio;

import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * How connections are secured: TLS 1.3 and 1.2 with forward secrecy and authenticated encryption alone (RFC 9325, section
 * 4.2). From any thread.
 */
public final class TlsSettings {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final Supplier<SSLContext> contexts;
    private final boolean needsClientCertificate;
    private final Executor tasks;

    /**
     * Settings.
     *
     * @param contexts what a new connection is secured with: another one when certificates have changed
     * @param needsClientCertificate whether clients need a certificate that the context trusts
     * @param tasks runs the arithmetic of handshakes
     */
    public TlsSettings(Supplier<SSLContext> contexts, boolean needsClientCertificate, Executor tasks) {
        var unused = new TlsBuffers(); // fails here, and not at the first client, if tls-channel is missing
        this.contexts = contexts;
        this.needsClientCertificate = needsClientCertificate;
        this.tasks = tasks;
    }

    /** For a new connection. */
    SSLContext context() {
        return contexts.get();
    }

    /** For a connection with that context. */
    SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(Arrays.stream(engine.getSupportedCipherSuites())
                .filter(TlsSettings::isStrong)
                .toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        if (needsClientCertificate) {
            parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Names of TLS 1.3 say nothing of the key exchange, which always has forward secrecy. */
    private static boolean isStrong(String suite) {
        boolean authenticated = suite.contains("_GCM_") || suite.contains("_CHACHA20_");
        boolean forward =
                suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_") || suite.startsWith("TLS_ECDHE_");
        return authenticated && forward;
    }

    Executor tasks() {
        return tasks;
    }
}
