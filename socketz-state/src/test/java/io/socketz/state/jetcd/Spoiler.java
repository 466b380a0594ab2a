package io.socketz.state.jetcd;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/** Alters the bytes of messages on their way out. For services with {@link InputStream} messages. Owned by etcd's thread. */
final class Spoiler implements ServerInterceptor {
    private UnaryOperator<byte[]> harm = UnaryOperator.identity();
    private int spoiled;
    private int largest;

    /** Alters all messages from now on. */
    void spoil(UnaryOperator<byte[]> how) {
        harm = how;
    }

    /** How many messages were altered. */
    int spoiled() {
        return spoiled;
    }

    /** The length of the largest message so far, in bytes. */
    int largest() {
        return largest;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    @SuppressWarnings("unchecked") // all messages of the service are
                    public void sendMessage(R message) {
                        super.sendMessage((R) spoil((InputStream) message));
                    }
                },
                headers);
    }

    private InputStream spoil(InputStream message) {
        byte[] before;
        try (message) {
            before = message.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        largest = Math.max(largest, before.length);
        byte[] after = harm.apply(before);
        if (after != before) {
            spoiled++;
        }
        return new ByteArrayInputStream(after);
    }
}
