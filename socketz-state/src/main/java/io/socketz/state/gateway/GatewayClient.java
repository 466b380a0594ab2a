package io.socketz.state.gateway;

import io.socketz.state.etcd.TlsFiles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client and what it was made of.
 *
 * <p>Java 17's client can not be closed. Its one thread, which owns all connections, ends when it is interrupted, in 17
 * as in later versions.
 */
final class GatewayClient {
    /** A second net: whoever asks has long lost patience. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http;

    /** What the client has started: one. */
    private final List<Thread> threads;

    /** Null where there is no TLS. */
    private final @Nullable TlsFiles files;

    private GatewayClient(HttpClient http, List<Thread> threads, @Nullable TlsFiles files) {
        this.http = http;
        this.threads = threads;
        this.files = files;
    }

    /**
     * Makes one. On a thread of {@code group}, where nobody else does at the same time.
     *
     * @param group that the client's own thread will be in
     * @param workers for all else that the client does
     * @param files null for no TLS
     */
    static GatewayClient make(ThreadGroup group, Executor workers, @Nullable TlsFiles files) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(workers)
                .version(HttpClient.Version.HTTP_1_1) // All that the gateway speaks without TLS.
                .followRedirects(HttpClient.Redirect.NEVER) // Where to might be anywhere.
                .connectTimeout(CONNECT_TIMEOUT);
        if (files != null) {
            builder.sslContext(Tls.context(files));
        }
        Set<Thread> before = clientThreads(group);
        HttpClient made = builder.build();
        Set<Thread> started = clientThreads(group);
        started.removeAll(before);
        return new GatewayClient(made, List.copyOf(started), files);
    }

    private static Set<Thread> clientThreads(ThreadGroup group) {
        Set<Thread> found = new HashSet<>();
        for (Thread thread : threads(group)) {
            if (thread.getName().startsWith("HttpClient-")) {
                found.add(thread);
            }
        }
        return found;
    }

    /** All of a group that run. */
    static List<Thread> threads(ThreadGroup group) {
        Thread[] found = new Thread[group.activeCount() + 8];
        int count = group.enumerate(found);
        return Arrays.asList(found).subList(0, count);
    }

    HttpClient http() {
        return http;
    }

    /** Whether nothing better could be made now. */
    boolean isGood(@Nullable TlsFiles now) {
        return Objects.equals(files, now) && threads.stream().allMatch(Thread::isAlive);
    }

    /** Closes all connections. Of what is on its way over them nothing is heard any more. */
    void close() {
        threads.forEach(Thread::interrupt);
    }
}
