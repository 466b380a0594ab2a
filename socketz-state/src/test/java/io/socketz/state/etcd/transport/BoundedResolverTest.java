package io.socketz.state.etcd.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.Await;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BoundedResolverTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final List<String> HOSTS = List.of("slow", "quick", "slower", "127.0.0.1", "[::1]");

    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, AtomicInteger> lookups = new ConcurrentHashMap<>();

    /** A name server that answers for one name only. */
    private final AtomicReference<String> answered = new AtomicReference<>("quick");

    private InetAddress[] look(String host) throws UnknownHostException {
        lookups.computeIfAbsent(host, key -> new AtomicInteger()).incrementAndGet();
        if (!host.equals(answered.get())) {
            Await.latch(end);
            throw new UnknownHostException(host);
        }
        return addresses("10.0.0.7");
    }

    private static InetAddress[] addresses(String numbers) throws UnknownHostException {
        return InetAddress.getAllByName(numbers);
    }

    @AfterEach
    void endLookups() {
        end.countDown();
    }

    @Test
    void aHangingLookupIsAbandonedAndDelaysNoOther() throws Exception {
        var resolver = new BoundedResolver(HOSTS, this::look, Duration.ofMillis(1));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> resolver.resolve("slow"))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessage("no answer from the name service");
        }
        assertThat(Await.get(Await.start(() -> resolveSoon(resolver, "quick")))).isEqualTo(addresses("10.0.0.7"));
        assertThat(lookups.get("slow")).hasValue(1);
        assertThat(lookups.get("slower")).hasValue(1); // started with the others, so that they wait at the same time
    }

    private static InetAddress[] resolveSoon(BoundedResolver resolver, String host) throws InterruptedException {
        while (true) {
            try {
                return resolver.resolve(host);
            } catch (UnknownHostException e) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void anAnswerInTimeIsUsedWhileOthersHang() throws Exception {
        var resolver = new BoundedResolver(HOSTS, this::look, LONG);

        assertThat(resolver.resolve("quick")).isEqualTo(addresses("10.0.0.7"));
    }

    @Test
    void theLastKnownAddressesAreUsedWhileALookupHangsOrFails() throws Exception {
        var resolver = new BoundedResolver(List.of("quick"), this::look, Duration.ofMillis(1));
        InetAddress[] known = Await.get(Await.start(() -> resolveSoon(resolver, "quick")));
        answered.set("none");

        assertThat(resolver.resolve("quick")).isEqualTo(known);
        end.countDown();
        assertThat(resolver.resolve("quick")).isEqualTo(known);
    }

    @Test
    void aNonexistentNameIsUnknown() {
        answered.set("none");
        end.countDown();
        var resolver = new BoundedResolver(HOSTS, this::look, LONG);

        assertThatThrownBy(() -> resolver.resolve("quick"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("unknown host");
    }

    @Test
    void addressesAreNotLookedUp() throws Exception {
        for (String address : List.of("127.0.0.1", "[::1]", "255.249.9.0")) {
            var resolver = new BoundedResolver(
                    List.of("slow", address),
                    host -> {
                        assertThat(host).isEqualTo(address);
                        return addresses(host);
                    },
                    Duration.ZERO); // no time to wait for a thread

            assertThat(resolver.resolve(address)).isEqualTo(addresses(address));
        }
    }

    @Test
    void aNameThatOnlyLooksLikeAnAddressIsLookedUp() {
        for (String name : List.of("256.0.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.4.", "a.1.1.1")) {
            var resolver = new BoundedResolver(List.of(name), this::look, Duration.ofMillis(1));

            assertThatThrownBy(() -> resolver.resolve(name)).hasMessage("no answer from the name service");
        }
    }
}
