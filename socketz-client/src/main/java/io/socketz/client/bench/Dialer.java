package io.socketz.client.bench;

import io.socketz.client.console.NoConnectionException;
import io.socketz.client.tls.SecureChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Makes the connections, many at a time, before the load begins. For one thread. */
final class Dialer implements AutoCloseable {
    private static final int AT_A_TIME = 128;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long TICK_MILLIS = 100;

    private final List<InetSocketAddress> addresses;
    private final AtomicBoolean stop;
    private final String host;
    private final @Nullable SSLContext tls;

    /** Connections made or under way. Owned by the thread that dials, like {@code next}. */
    private final List<DialedChannel> channels = new ArrayList<>();

    private int made;

    /** @param addresses used in turn */
    Dialer(List<InetSocketAddress> addresses, AtomicBoolean stop) {
        this(addresses, stop, "", null);
    }

    /**
     * A dialer that has not begun.
     *
     * @param addresses used in turn
     * @param host what the server's certificate has to be for
     * @param tls what connections are secured with; null if they are not
     */
    Dialer(List<InetSocketAddress> addresses, AtomicBoolean stop, String host, @Nullable SSLContext tls) {
        this.addresses = addresses;
        this.stop = stop;
        this.host = host;
        this.tls = tls;
    }

    /**
     * Makes {@code count} connections, or fewer when told to stop.
     *
     * @throws NoConnectionException if one of them cannot be made; then all are closed
     */
    List<DialedChannel> dial(int count) throws NoConnectionException {
        try (Selector selector = Selector.open()) {
            // Loads the classes that closing needs while there are descriptors left to load them.
            SocketChannel.open().close();
            long progress = System.nanoTime();
            while (made < count && !stop.get()) {
                while (channels.size() < Math.min(count, made + AT_A_TIME)) {
                    begin(selector);
                }
                int before = made;
                selector.select(this::onReady, TICK_MILLIS);
                if (made > before) {
                    progress = System.nanoTime();
                } else if (System.nanoTime() - progress > PATIENCE_NANOS) {
                    throw new IOException("no answer within " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s");
                }
            }
            if (made < count) {
                close();
            }
        } catch (IOException e) {
            close();
            throw new NoConnectionException(why(String.valueOf(e.getMessage()), count));
        } catch (Failed e) {
            close();
            throw new NoConnectionException(why(e.getMessage(), count));
        }
        return List.copyOf(channels);
    }

    private void begin(Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open();
        InetSocketAddress address = addresses.get(channels.size() % addresses.size());
        SecureChannel secure = tls == null ? null : new SecureChannel(channel, tls, host, address.getPort());
        DialedChannel dialed = new DialedChannel(channel, secure);
        channels.add(dialed);
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, dialed);
        if (channel.connect(address)) {
            onConnected(key, dialed);
        }
    }

    private void onReady(SelectionKey key) {
        try {
            DialedChannel dialed = (DialedChannel) key.attachment();
            if (!key.isConnectable() || dialed.socket().finishConnect()) {
                onConnected(key, dialed);
            }
        } catch (IOException e) {
            throw new Failed(String.valueOf(e.getMessage()));
        }
    }

    private void onConnected(SelectionKey key, DialedChannel dialed) throws IOException {
        SecureChannel secure = dialed.secure();
        SecureChannel.Need need = secure == null ? SecureChannel.Need.NOTHING : secure.handshake();
        switch (need) {
            case INPUT -> key.interestOps(SelectionKey.OP_READ);
            case OUTPUT -> key.interestOps(SelectionKey.OP_WRITE);
            case NOTHING -> {
                made++;
                key.cancel();
            }
        }
    }

    private String why(String cause, int count) {
        if (cause.contains("Too many open files")) {
            return made + " of " + count
                    + " connections, then too many open files: use a smaller -c, or raise ulimit -n";
        }
        return made == 0 ? cause : made + " of " + count + " connections, then " + cause;
    }

    /** Whether it made some connections before it failed. */
    boolean hasMadeSome() {
        return made > 0;
    }

    /** Closes everything that it opened. */
    @Override
    public void close() {
        channels.forEach(DialedChannel::close);
        channels.clear();
    }

    /** Carries a failure out of the selector's callback. */
    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
