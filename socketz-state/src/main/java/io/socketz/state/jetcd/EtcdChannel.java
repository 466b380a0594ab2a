package io.socketz.state.jetcd;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.socketz.state.etcd.transport.Endpoints;
import io.socketz.state.etcd.transport.EtcdException;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one address of etcd: jetcd's client for requests, and a gRPC channel of our own for streams, made when
 * it is first needed. When one of them fails, both are closed, and every call on its way fails: no call outlives its
 * connection. Owned by the worker.
 */
final class EtcdChannel {
    /** A second safety net, behind the owner's own timeout: jetcd has no deadlines. */
    private static final long DEADLINE_SECONDS = 12;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** 60,000 deletes at one revision are 5 MB; gRPC's own limit is 4 MiB. */
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final JetcdTransport transport;
    private final EtcdOptions options;
    private final Endpoints.Address address;
    private final @Nullable JetcdTls tls;
    private final Client client;
    private final KeepAlives keepAlives = new KeepAlives(this);

    /** Null before a stream is needed. */
    private @Nullable ManagedChannel channel;

    /** Why it was closed; null while it is open. */
    private @Nullable EtcdFailure lost;

    /**
     * Connects with the first request.
     *
     * @throws EtcdException if certificates or keys cannot be used
     */
    EtcdChannel(JetcdTransport transport, EtcdOptions options, Endpoints.Address address) throws EtcdException {
        this.transport = transport;
        this.options = options;
        this.address = address;
        this.tls = address.endpoint().getScheme().equals("https") ? JetcdTls.of(options) : null;
        this.client = connectClient();
    }

    private Client connectClient() {
        ClientBuilder builder = Client.builder()
                .target(target(address))
                .authority(authority(address))
                .loadBalancerPolicy("pick_first")
                .waitForReady(false)
                .retryMaxAttempts(0)
                .connectTimeout(CONNECT_TIMEOUT)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .executorService(transport.worker()) // jetcd does not close an executor that it is given
                .interceptor(new Deadlines());
        if (options.user() != null && options.password() != null) {
            builder.user(bytes(options.user())).password(bytes(options.password()));
        }
        if (tls != null) {
            builder.sslContext(tls.forJetcd());
        }
        return builder.build();
    }

    /** The target for jetcd's own name resolver, which takes URIs. */
    private static String target(Endpoints.Address address) {
        InetAddress host = address.address();
        String numbers = host.getHostAddress();
        return "ip:///"
                + (host instanceof Inet6Address ? "%5B" + numbers.replace("%", "%25") + "%5D" : numbers)
                + ":"
                + address.port();
    }

    /** The name that is sent to etcd, and that its certificate must be for. gRPC rejects names in which URI finds no host. */
    private static String authority(Endpoints.Address address) {
        return address.endpoint().getHost() == null ? "etcd:" + address.port() : address.authority();
    }

    private static InetSocketAddress socketAddress(Endpoints.Address address) {
        return address.endpoint().getHost() == null
                ? new InetSocketAddress(address.address().getHostAddress(), address.port()) // without its name
                : new InetSocketAddress(address.address(), address.port());
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    Endpoints.Address address() {
        return address;
    }

    KV kv() {
        return client.getKVClient();
    }

    Lease lease() {
        return client.getLeaseClient();
    }

    KeepAlives keepAlives() {
        return keepAlives;
    }

    /** Why it was closed; null while it is open. */
    @Nullable
    EtcdFailure lost() {
        return lost;
    }

    /**
     * Provides a channel for a stream. If etcd has users, each stream starts with a new token: an idle token expires.
     */
    void openStream(Consumer<Channel> onOpen, Consumer<Throwable> onError) {
        ManagedChannel open = channel();
        if (options.user() == null || options.password() == null) {
            onOpen.accept(open);
            return;
        }
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setName(options.user())
                .setPassword(options.password())
                .build();
        AuthGrpc.newStub(open)
                .withDeadlineAfter(DEADLINE_SECONDS, SECONDS)
                .authenticate(request, new StreamObserver<>() {
                    @Override
                    public void onNext(AuthenticateResponse response) {
                        Metadata headers = new Metadata();
                        headers.put(TOKEN, response.getToken());
                        onOpen.accept(
                                ClientInterceptors.intercept(open, MetadataUtils.newAttachHeadersInterceptor(headers)));
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        onError.accept(thrown);
                    }

                    @Override
                    public void onCompleted() {}
                });
    }

    private ManagedChannel channel() {
        if (channel == null) {
            NettyChannelBuilder builder = NettyChannelBuilder.forAddress(socketAddress(address))
                    .overrideAuthority(authority(address))
                    .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
                    .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                    .disableRetry()
                    .executor(transport.worker());
            channel = tls == null
                    ? builder.usePlaintext().build()
                    : builder.sslContext(tls.forStreams()).build();
        }
        return channel;
    }

    /** A stream has ended on which nothing waits for an answer. */
    void onStreamLost(Throwable thrown) {
        var unused = transport.onFailure(this, thrown);
    }

    /** Closes the connections; all calls on their way fail for the same reason. */
    void close(EtcdFailure why) {
        if (lost == null) {
            lost = why;
            client.close();
            if (channel != null) {
                channel.shutdownNow();
            }
        }
    }

    /** Waits until the channel for streams is closed; jetcd's cannot be waited for. */
    void awaitClosed(long seconds) throws InterruptedException {
        if (channel != null) {
            var unused = channel.awaitTermination(seconds, SECONDS);
        }
    }

    /** Gives each call of jetcd a deadline. */
    private static final class Deadlines implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions call, Channel next) {
            return next.newCall(method, call.withDeadlineAfter(DEADLINE_SECONDS, SECONDS));
        }
    }
}
