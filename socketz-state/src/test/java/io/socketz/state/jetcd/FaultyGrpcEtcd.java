package io.socketz.state.jetcd;

import com.google.protobuf.Message;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseRevokeResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.socketz.state.etcd.LiveEtcd;
import io.socketz.state.etcd.transport.EtcdFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An etcd member over gRPC that misbehaves on request: a {@link Fault} may intercept a call before it is served, and open
 * streams can be manipulated. All of it happens on etcd's thread.
 *
 * <pre>{@code
 *   call --Users--> fault --takes it--> what the test wants, or nothing at all
 *                     \--------served--> LiveEtcd --Spoiler--> answer
 * }</pre>
 */
final class FaultyGrpcEtcd implements AutoCloseable {
    enum Rpc {
        AUTHENTICATE,
        GRANT,
        REVOKE,
        TXN,
        RANGE,
        KEEP_ALIVE,
        WATCH
    }

    /** What etcd does instead of the right thing. */
    @FunctionalInterface
    interface Fault {
        /** No fault. */
        Fault NONE = (rpc, call) -> false;

        /** Returns whether the fault handles the call, which is not served then. */
        boolean takes(Rpc rpc, Call call);
    }

    /** A call that is not served yet, or a message of a stream. */
    static final class Call {
        private final Message request;
        private final ServerCallStreamObserver<?> answer;
        private final Runnable serve;

        private Call(Message request, StreamObserver<?> answer, Runnable serve) {
            this.request = request;
            this.answer = (ServerCallStreamObserver<?>) answer;
            this.serve = serve;
        }

        Message request() {
            return request;
        }

        void serve() {
            serve.run();
        }

        /** Answers something else; the stream stays open. */
        @SuppressWarnings("unchecked") // the test knows the type of the request
        void answer(Message with) {
            ((StreamObserver<Message>) (StreamObserver<?>) answer).onNext(with);
        }

        void fail(Status status) {
            answer.onError(status.asRuntimeException());
        }

        /** Whether the client has cancelled. */
        boolean isCancelled() {
            return answer.isCancelled();
        }

        /** Its stream. */
        StreamObserver<?> stream() {
            return answer;
        }
    }

    private final LiveEtcd etcd;
    private final Users users = new Users();
    private final Spoiler spoiler = new Spoiler();
    private final int port;
    private Server server;

    /** Owned by etcd's thread, like everything below. */
    private Fault fault = Fault.NONE;

    private int hits;

    /** Statuses with which etcd itself has refused. */
    private final Set<EtcdFailure.Kind> refusals = EnumSet.noneOf(EtcdFailure.Kind.class);

    private final Set<WatchConversation> watches = new LinkedHashSet<>();

    private final Set<StreamObserver<LeaseKeepAliveResponse>> keepAlives = new LinkedHashSet<>();

    FaultyGrpcEtcd(LiveEtcd etcd) throws IOException {
        this.etcd = etcd;
        this.server = start(0);
        this.port = server.getPort();
    }

    private Server start(int at) throws IOException {
        NativeTransport.leaveOut();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), at))
                .executor(etcd);
        for (BindableService service : List.of(new Auth(), new KeysAndValues(), new Leases(), new Watches())) {
            builder.addService(ServerInterceptors.intercept(
                    ServerInterceptors.useInputStreamMessages(
                            ServerInterceptors.intercept(service.bindService(), users)),
                    spoiler));
        }
        return builder.build().start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    // ---------------------------------------------------------------- what tests do, on their own thread

    /** Misbehaves from now on. */
    void misbehave(Fault with) {
        etcd.run(() -> fault = with);
    }

    /** Behaves again, except for calls that were intercepted already. */
    void behave() {
        misbehave(Fault.NONE);
    }

    /** As {@link #hits}, on etcd's thread. */
    int hitsSoFar() {
        return hits;
    }

    /** How many calls a fault has intercepted. */
    int hits() {
        return etcd.ask(this::hitsSoFar);
    }

    /** Whether etcd itself has refused with this status. */
    boolean hasRefused(EtcdFailure.Kind with) {
        return etcd.ask(() -> refusals.contains(with));
    }

    /** Manipulates each open watch; returns how many there are. */
    int harmWatches(Consumer<WatchConversation> harm) {
        return harm(watches, harm);
    }

    /** How many watches are open. */
    int watches() {
        return harm(watches, watch -> {});
    }

    /** Manipulates each open keep-alive stream; returns how many there are. */
    int harmKeepAlives(Consumer<StreamObserver<LeaseKeepAliveResponse>> harm) {
        return harm(keepAlives, harm);
    }

    private <T> int harm(Set<T> streams, Consumer<T> harm) {
        return etcd.ask(() -> {
            List<T> open = List.copyOf(streams);
            open.forEach(harm);
            return open.size();
        });
    }

    Users users() {
        return users;
    }

    Spoiler spoiler() {
        return spoiler;
    }

    /** Breaks all connections, and listens again. */
    void restart() throws IOException {
        stop();
        server = start(port);
    }

    private void stop() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the server does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    // ---------------------------------------------------------------- calls

    private void serve(Rpc rpc, Call call) {
        if (fault.takes(rpc, call)) {
            hits++;
        } else {
            call.serve();
        }
    }

    /** A unary call. */
    private <T> void serve(Rpc rpc, Message request, StreamObserver<T> answer, Supplier<T> effect) {
        watchCancels(answer);
        serve(rpc, new Call(request, answer, () -> {
            T value;
            try {
                value = effect.get();
            } catch (LiveEtcd.Refused e) {
                refusals.add(e.kind());
                answer.onError(Protobuf.status(e).asRuntimeException());
                return;
            }
            answer.onNext(value);
            answer.onCompleted();
        }));
    }

    /** Without a handler for cancels, answering after a cancel throws. */
    private static void watchCancels(StreamObserver<?> answer) {
        ((ServerCallStreamObserver<?>) answer).setOnCancelHandler(() -> {});
    }

    private final class Auth extends AuthGrpc.AuthImplBase {
        @Override
        public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> answer) {
            serve(
                    Rpc.AUTHENTICATE,
                    request,
                    answer,
                    () -> AuthenticateResponse.newBuilder()
                            .setHeader(Protobuf.header(etcd.revision()))
                            .setToken(users.newToken())
                            .build());
        }
    }

    private final class KeysAndValues extends KVGrpc.KVImplBase {
        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
            serve(Rpc.RANGE, request, answer, () -> Protobuf.range(etcd, request));
        }

        @Override
        public void txn(TxnRequest request, StreamObserver<TxnResponse> answer) {
            serve(Rpc.TXN, request, answer, () -> Protobuf.txn(etcd, request));
        }
    }

    private final class Leases extends LeaseGrpc.LeaseImplBase {
        @Override
        public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> answer) {
            serve(
                    Rpc.GRANT,
                    request,
                    answer,
                    () -> LeaseGrantResponse.newBuilder()
                            .setID(etcd.grant(request.getTTL()))
                            .setTTL(request.getTTL())
                            .setHeader(Protobuf.header(etcd.revision()))
                            .build());
        }

        @Override
        public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> answer) {
            serve(
                    Rpc.REVOKE,
                    request,
                    answer,
                    () -> LeaseRevokeResponse.newBuilder()
                            .setHeader(Protobuf.header(etcd.revoke(request.getID())))
                            .build());
        }

        @Override
        public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(StreamObserver<LeaseKeepAliveResponse> answers) {
            keepAlives.add(answers);
            ((ServerCallStreamObserver<?>) answers).setOnCancelHandler(() -> keepAlives.remove(answers));
            return new StreamObserver<>() {
                @Override
                public void onNext(LeaseKeepAliveRequest request) {
                    serve(Rpc.KEEP_ALIVE, new Call(request, answers, () -> renew(request.getID(), answers)));
                }

                @Override
                public void onError(Throwable thrown) {
                    keepAlives.remove(answers);
                }

                @Override
                public void onCompleted() {
                    keepAlives.remove(answers);
                }
            };
        }

        private void renew(long lease, StreamObserver<LeaseKeepAliveResponse> answers) {
            long ttl;
            try {
                ttl = etcd.keepAlive(lease);
            } catch (LiveEtcd.Refused e) {
                keepAlives.remove(answers);
                answers.onError(Protobuf.status(e).asRuntimeException());
                return;
            }
            answers.onNext(LeaseKeepAliveResponse.newBuilder()
                    .setID(lease)
                    .setTTL(ttl)
                    .setHeader(Protobuf.header(etcd.revision()))
                    .build());
        }
    }

    private final class Watches extends WatchGrpc.WatchImplBase {
        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
            WatchConversation conversation = new WatchConversation(etcd, answers);
            ((ServerCallStreamObserver<?>) answers).setOnCancelHandler(() -> forget(conversation));
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {
                    watches.add(conversation);
                    serve(Rpc.WATCH, new Call(request, answers, () -> conversation.create(request.getCreateRequest())));
                }

                @Override
                public void onError(Throwable thrown) {
                    forget(conversation);
                }

                @Override
                public void onCompleted() {
                    forget(conversation);
                }
            };
        }

        private void forget(WatchConversation conversation) {
            conversation.stop();
            watches.remove(conversation);
        }
    }
}
