package io.socketz.server;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;

/** The socket options of every connection, less those that this platform does not know. */
final class ConnectionOptions {
    private record Setting<T>(SocketOption<T> option, T value) {
        void setOn(SocketChannel channel) throws IOException {
            channel.setOption(option, value);
        }
    }

    private static final List<Setting<?>> WANTED = List.of(
            new Setting<>(StandardSocketOptions.TCP_NODELAY, true),
            // A client whose machine is gone without a word is off the roster after 60 s + 4 x 15 s.
            new Setting<>(StandardSocketOptions.SO_KEEPALIVE, true),
            new Setting<>(ExtendedSocketOptions.TCP_KEEPIDLE, 60),
            new Setting<>(ExtendedSocketOptions.TCP_KEEPINTERVAL, 15),
            new Setting<>(ExtendedSocketOptions.TCP_KEEPCOUNT, 4),
            // Linux takes twice as much for a client that does not read, and without a size of our own up to 4 MiB.
            new Setting<>(StandardSocketOptions.SO_SNDBUF, 64 << 10));

    private final List<Setting<?>> settings = new ArrayList<>();

    /** Asks the platform what it knows. */
    ConnectionOptions() throws IOException {
        try (SocketChannel probe = SocketChannel.open()) {
            for (Setting<?> setting : WANTED) {
                if (probe.supportedOptions().contains(setting.option())) {
                    settings.add(setting);
                }
            }
            for (SocketOption<?> option : probe.supportedOptions()) {
                // Without it, the byte that telnet sends as urgent data (RFC 854, "Synch") is missing from the stream,
                // and the IAC in front of it takes the next one for its command. The option has no public constant.
                if (option.name().equals("SO_OOBINLINE") && option.type() == Boolean.class) {
                    @SuppressWarnings("unchecked")
                    SocketOption<Boolean> urgentInline = (SocketOption<Boolean>) option;
                    settings.add(new Setting<>(urgentInline, true));
                }
            }
        }
    }

    void setOn(SocketChannel channel) throws IOException {
        for (Setting<?> setting : settings) {
            setting.setOn(channel);
        }
    }
}
