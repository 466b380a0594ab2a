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
 * Resolves the host names of all endpoints, and waits 1 s at most for an answer.
 *
 * <p>The system's own look-up takes 10 s and more where no name server answers, and cannot be interrupted. So each
 * look-up has a thread of its own, one a name at most, and continues when nobody waits for it any more. A request for one
 * name starts the look-ups of all: however many names are slow, a round over all endpoints waits 1 s for them together.
 *
 * <p>When a look-up fails or is late, the addresses that the name had last are used. Not for several threads at a time.
 */
final class BoundedResolver implements Endpoints.Resolver {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Addresses: the system resolves them without asking anybody. */
    private static final Pattern LITERAL = Pattern.compile("\\[.*]|((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

    private final Endpoints.Resolver system;
    private final long patienceNanos;

    /** By host. */
    private final Map<String, Lookups> names = new LinkedHashMap<>();

    BoundedResolver(Collection<String> hosts) {
        this(hosts, InetAddress::getAllByName, PATIENCE);
    }

    /** @param system may block for as long as it likes */
    BoundedResolver(Collection<String> hosts, Endpoints.Resolver system, Duration patience) {
        this.system = system;
        this.patienceNanos = patience.toNanos();
        for (String host : hosts) {
            if (!LITERAL.matcher(host).matches()) {
                names.put(host, new Lookups(host));
            }
        }
    }

    /** @throws UnknownHostException with a reason for people, which does not name the host */
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

    /** The look-ups of one name, one after the other. */
    private final class Lookups {
        private final String host;
        private CompletableFuture<InetAddress[]> last = CompletableFuture.completedFuture(new InetAddress[0]);
        private long startedAt;

        /** Written by the threads of look-ups; null before one has succeeded. */
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
