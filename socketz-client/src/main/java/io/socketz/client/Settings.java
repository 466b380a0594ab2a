package io.socketz.client;

import io.socketz.protocol.address.HostPort;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The options of a client. {@link SocketzClient.Builder} says what each means. */
record Settings(
        List<List<HostPort>> places,
        boolean shuffle,
        long connectTimeoutNanos,
        long requestTimeoutNanos,
        long pingIntervalNanos,
        long nowIntervalNanos,
        boolean reconnect,
        long reconnectMinNanos,
        long reconnectMaxNanos,
        int maxPending,
        int maxReplyLine,
        ClientListener listener,
        long seed,
        Resolver resolver,
        @Nullable SSLContext tls) {}
