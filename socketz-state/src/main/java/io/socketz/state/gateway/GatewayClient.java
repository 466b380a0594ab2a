package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.TlsFiles;
import io.socketz.state.file.TlsContexts;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.bootstrap.AsyncRequesterBootstrap;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncRequester;
import org.apache.hc.core5.http.nio.ssl.BasicClientTlsStrategy;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.http.protocol.RequestUserAgent;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOReactorStatus;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client with its connections, its one thread, and the certificates that it was made with. Thread-safe.
 *
 * <p>It knows no proxies, redirects or cookies, and retries nothing.
 */
final class GatewayClient {
    private static final TimeValue IDLE = TimeValue.ofSeconds(30);

    private static final int MAX_HEADER_LINE_BYTES = 16 << 10;
    private static final int MAX_HEADERS = 100;

    private final HttpAsyncRequester http;

    /** Null if there is no TLS. */
    private final @Nullable TlsFiles files;

    private GatewayClient(HttpAsyncRequester http, @Nullable TlsFiles files) {
        this.http = http;
        this.files = files;
    }

    /** @param files null for no TLS */
    static GatewayClient start(@Nullable TlsFiles files) throws IOException {
        AsyncRequesterBootstrap bootstrap = AsyncRequesterBootstrap.bootstrap()
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(1)
                        .setTcpNoDelay(true)
                        .build())
                .setHttp1Config(Http1Config.custom()
                        .setMaxLineLength(MAX_HEADER_LINE_BYTES)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                // Without RequestExpectContinue, which HttpCore adds by default, and which waits for an extra answer.
                .setHttpProcessor(HttpProcessorBuilder.create()
                        .addAll(new RequestTargetHost(), new RequestContent(), new RequestUserAgent("socketz"))
                        .build())
                // The transport itself limits the requests on their way.
                .setDefaultMaxPerRoute(Integer.MAX_VALUE)
                .setMaxTotal(Integer.MAX_VALUE);
        if (files != null) {
            SSLContext context = context(files);
            bootstrap.setTlsStrategy(new BasicClientTlsStrategy(
                    context,
                    (endpoint, engine) -> {
                        SSLParameters parameters = engine.getSSLParameters();
                        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818: the name must match
                        engine.setSSLParameters(parameters);
                    },
                    null));
        }
        HttpAsyncRequester http = bootstrap.create();
        http.start();
        return new GatewayClient(http, files);
    }

    private static SSLContext context(TlsFiles files) throws IOException {
        try {
            return TlsContexts.of(files.authorities(), files.chain(), files.key());
        } catch (GeneralSecurityException e) {
            throw TlsFiles.unfit(e);
        }
    }

    void send(SentRequest request) {
        request.send(http);
    }

    /** Whether the client works and has the current certificates. */
    boolean isGood(@Nullable TlsFiles now) {
        return Objects.equals(files, now) && http.getStatus() == IOReactorStatus.ACTIVE;
    }

    /** Closes connections that have been idle for a while. */
    void closeIdle() {
        http.closeIdle(IDLE);
    }

    /** Closes all connections at once, and ends the thread. */
    void close() {
        http.close(CloseMode.IMMEDIATE);
    }

    /** Waits for the end of the thread. */
    void awaitClosed(long nanos) throws InterruptedException {
        http.awaitShutdown(TimeValue.of(Math.max(1, nanos), TimeUnit.NANOSECONDS));
    }
}
