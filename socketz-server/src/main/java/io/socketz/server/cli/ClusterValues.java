package io.socketz.server.cli;

import io.socketz.server.SocketzServer;
import io.socketz.state.etcd.ClusterSettings;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The kinds of values that the cluster's options take, each with a message for a wrong one. */
final class ClusterValues {
    /** The least that etcd grants with its default election timeout: 1.5 times 1 s, in whole seconds. */
    private static final int LEAST_TTL_SECONDS = 2;

    /** The longest that the clients of a dead server should stay on the roster. */
    private static final int MOST_TTL_SECONDS = 300;

    private ClusterValues() {}

    /** Where the roster is kept. */
    enum Store {
        MEMORY,
        ETCD,
        GATEWAY
    }

    /** {@code memory}, {@code etcd} or {@code gateway}; also what completion offers. */
    static final class StoreName implements ITypeConverter<Store>, Iterable<String> {
        @Override
        public Store convert(String value) {
            return switch (value) {
                case "memory" -> Store.MEMORY;
                case "etcd" -> Store.ETCD;
                case "gateway" -> Store.GATEWAY;
                default -> throw new TypeConversionException("'" + value + "' is not memory, etcd or gateway");
            };
        }

        @Override
        public Iterator<String> iterator() {
            return List.of("memory", "etcd", "gateway").iterator();
        }
    }

    /** URLs of etcd: {@code http://etcd01:2379,http://etcd02}. */
    static final class Urls implements ITypeConverter<EtcdUrls> {
        @Override
        public EtcdUrls convert(String value) {
            try {
                return EtcdUrls.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** What keys begin with: {@code /socketz}. */
    static final class Prefix implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            try {
                return new ClusterSettings(value, ClusterSettings.DEFAULT.leaseTtl()).prefix();
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        e.getMessage() + ": printable ASCII, with a '/' at its beginning, none"
                                + " at its end, and never two together");
            }
        }
    }

    /** How long a lease lives: whole seconds. */
    static final class LeaseTtl implements ITypeConverter<Duration> {
        private static final Duration LEAST = Duration.ofSeconds(LEAST_TTL_SECONDS);
        private static final Duration MOST = Duration.ofSeconds(MOST_TTL_SECONDS);

        @Override
        public Duration convert(String value) {
            Duration time = new OptionValues.Time().convert(value);
            if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0 || time.toMillis() % 1000 != 0) {
                throw new TypeConversionException("'" + value + "' is not whole seconds from " + LEAST_TTL_SECONDS
                        + "s to " + MOST_TTL_SECONDS + "s");
            }
            return time;
        }
    }

    /** An address that others can use: {@code 10.0.0.11:5151}. */
    static final class Advertised implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            try {
                var unused = SocketzServer.builder().advertise(value);
                return value;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
