package io.socketz.server.nio;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;

/** The socket options of every connection, except those that this platform does not have. */
public final class SocketOptions {
    /**
     * What the kernel may hold for a client that does not read. Linux doubles it; without this option it would take up to
     * 4 MiB. Half as much costs a quarter of the speed of bulk replies (docs/decisions/0002-backpressure.md).
     */
    static final int SEND_BUFFER_BYTES = 128 << 10;

    /**
     * What the kernel may hold of requests that the server does not read yet: the size that Linux begins with. Without this
     * option it would take up to 32 MiB from a client that sends fast. Connections inherit it from the listening socket:
     * set on the connection it would come too late to limit the window that is offered to the client.
     */
    public static final int RECEIVE_BUFFER_BYTES = 64 << 10;

    private record Setting<T>(SocketOption<T> option, T value) {
        void setOn(SocketChannel channel) throws IOException {
            channel.setOption(option, value);
        }
    }

    private static final List<Setting<?>> WANTED = List.of(
            new Setting<>(StandardSocketOptions.TCP_NODELAY, true),
            // A client whose machine vanishes leaves the roster after 60 s + 4 x 15 s.
            new Setting<>(StandardSocketOptions.SO_KEEPALIVE, true),
            new Setting<>(ExtendedSocketOptions.TCP_KEEPIDLE, 60),
            new Setting<>(ExtendedSocketOptions.TCP_KEEPINTERVAL, 15),
            new Setting<>(ExtendedSocketOptions.TCP_KEEPCOUNT, 4),
            new Setting<>(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES));

    private final List<Setting<?>> settings = new ArrayList<>();

    /** Asks the platform which options it has. */
    public SocketOptions() throws IOException {
        try (SocketChannel probe = SocketChannel.open()) {
            for (Setting<?> setting : WANTED) {
                if (probe.supportedOptions().contains(setting.option())) {
                    settings.add(setting);
                }
            }
            for (SocketOption<?> option : probe.supportedOptions()) {
                // Without it, the byte that telnet sends as urgent data (RFC 854, "Synch") is missing from the stream,
                // and the IAC before it takes the next byte for its command. The option has no public constant.
                if (option.name().equals("SO_OOBINLINE") && option.type() == Boolean.class) {
                    @SuppressWarnings("unchecked")
                    SocketOption<Boolean> urgentInline = (SocketOption<Boolean>) option;
                    settings.add(new Setting<>(urgentInline, true));
                }
            }
        }
    }

    /** Sets them on {@code channel}. */
    public void setOn(SocketChannel channel) throws IOException {
        for (Setting<?> setting : settings) {
            setting.setOn(channel);
        }
    }
}
