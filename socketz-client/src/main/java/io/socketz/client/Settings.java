package io.socketz.client;

import io.socketz.protocol.address.HostPort;
import java.util.List;

/** What a client was told when it was made: {@link SocketzClient.Builder} says what each means. Times are nanoseconds. */
record Settings(
        List<List<HostPort>> places,
        boolean shuffle,
        long connectTimeout,
        long requestTimeout,
        long pingInterval,
        boolean reconnect,
        long backoffMin,
        long backoffMax,
        int maxPending,
        int maxReplyLine,
        ClientListener listener,
        long seed,
        Resolver resolver) {}
