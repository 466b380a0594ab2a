package io.socketz.state.jetcd;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.HashSet;
import java.util.Set;

/** Admits only callers with a valid token, once there are users. Owned by etcd's thread. */
final class Users implements ServerInterceptor {
    static final String OLD_TOKEN = "etcdserver: invalid auth token";

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final Set<String> valid = new HashSet<>();
    private boolean on;
    private int given;
    private int refused;

    void turnOn() {
        on = true;
    }

    String newToken() {
        String token = "token" + ++given;
        valid.add(token);
        return token;
    }

    /** From now on, all tokens so far are too old. */
    void expireTokens() {
        valid.clear();
    }

    /** How many calls had no valid token. */
    int refused() {
        return refused;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        boolean login = call.getMethodDescriptor().getFullMethodName().endsWith("/Authenticate");
        String token = headers.get(TOKEN);
        if (!on && login) {
            call.close(
                    Status.FAILED_PRECONDITION.withDescription("etcdserver: authentication is not enabled"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        if (!on || login || (token != null && valid.contains(token))) {
            return next.startCall(call, headers);
        }
        refused++;
        Status refusal = token == null
                ? Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty")
                : Status.UNAUTHENTICATED.withDescription(OLD_TOKEN);
        call.close(refusal, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
