package io.socketz.state.etcd.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the host names of all endpoints, and waits for an answer for at most 1 s.
 *
 * <p>If no name server answers, the system's own lookup takes 10 s and more, and cannot be interrupted. So each lookup runs
 * on a thread of its own, at most one for each name, and continues after nobody waits for it any more. A request for one
 * name starts the lookups of all: however many names are slow, one round over all endpoints waits 1 s for all of them
 * together.
 *
 * <p>If a lookup fails or is late, the last known addresses of the name are used. Not thread-safe.
 */
final class BoundedResolver implements HostResolver {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Literal addresses, which the system resolves without asking a name server. */
    private static final Pattern LITERAL = Pattern.compile("\\[.*]|((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

    private final HostResolver system;
    private final long patienceNanos;

    /** By host. */
    private final Map<String, Lookups> names = new LinkedHashMap<>();

    BoundedResolver(Collection<String> hosts) {
        this(hosts, InetAddress::getAllByName, PATIENCE);
    }

    /** @param system may block for any time */
    BoundedResolver(Collection<String> hosts, HostResolver system, Duration patience) {
        this.system = system;
        this.patienceNanos = patience.toNanos();
        for (String host : hosts) {
            if (!LITERAL.matcher(host).matches()) {
                names.put(host, new Lookups(host));
            }
        }
    }

    /** @throws UnknownHostException with a reason for people that does not name the host */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        Lookups asked = names.get(host);
        if (asked == null) {
            return system.resolve(host);
        }
        long now = System.nanoTime();
        names.values().forEach(name -> name.start(now));
        return asked.await(now);
    }

    /** The lookups of one name, one after the other. */
    private final class Lookups {
        private final String host;
        private CompletableFuture<InetAddress[]> last = CompletableFuture.completedFuture(new InetAddress[0]);
        private long startedAt;

        /** Written by the lookups' threads; null before one has succeeded. */
        private volatile InetAddress @Nullable [] known;

        Lookups(String host) {
            this.host = host;
        }

        void start(long now) {
            if (!last.isDone()) {
                return;
            }
            var next = new CompletableFuture<InetAddress[]>();
            Thread thread = new Thread(() -> run(next), "etcd-lookup");
            thread.setDaemon(true);
            thread.start();
            last = next;
            startedAt = now;
        }

        private void run(CompletableFuture<InetAddress[]> lookup) {
            try {
                InetAddress[] found = system.resolve(host);
                known = found;
                lookup.complete(found);
            } catch (UnknownHostException | RuntimeException | Error e) {
                lookup.completeExceptionally(e);
            }
        }

        InetAddress[] await(long now) throws UnknownHostException {
            String reason;
            try {
                return last.get(Math.max(0, startedAt + patienceNanos - now), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                reason = "no answer from the name service";
            } catch (ExecutionException e) {
                reason = "unknown host";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reason = "interrupted";
            }
            InetAddress[] before = known;
            if (before == null) {
                throw new UnknownHostException(reason);
            }
            return before;
        }
    }
}
