package io.socketz.state.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncRequester;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientEndpoint;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducers;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way, and the connection that it holds until its end. The client calls everything on its own thread,
 * except {@link #cancel}.
 *
 * <pre>{@code
 *   send -> [connect] -> request -> head -> body ... -> end: the connection is reused
 *     |         |           |        |        |
 *     +---------+-----------+--------+--------+--> failed | cancelled | enough read: the connection is closed
 * }</pre>
 */
final class SentRequest implements AsyncClientExchangeHandler {
    /** Hears the outcome once, on the client's thread. */
    interface Receiver {
        /** Returns what reads the body of the response. */
        ResponseBody onHead(int status);

        /** The body is complete, or as much of it as is needed. */
        void onEnd();

        void onFailed(Throwable error);
    }

    private final BasicHttpRequest request;
    private final AsyncEntityProducer content;
    private final HttpHost target;
    private final Receiver receiver;

    /** Set by what ends the request: the end of the response, a failure, a cancel. */
    private final AtomicBoolean over = new AtomicBoolean();

    private volatile @Nullable Future<AsyncClientEndpoint> connecting;

    /** Null before it is connected. */
    private volatile @Nullable AsyncClientEndpoint connection;

    /** Whether the connection is ready, TLS included. Owned by the client's thread. */
    private boolean begun;

    /** Null before the head has come. Owned by the client's thread. */
    private @Nullable ResponseBody body;

    /**
     * Sends nothing yet.
     *
     * @param headers in addition to those that HTTP itself needs
     */
    SentRequest(HttpHost target, String path, Map<String, String> headers, byte[] json, Receiver receiver) {
        this.target = target;
        this.receiver = receiver;
        this.request = new BasicHttpRequest(Method.POST, target, path);
        this.content = AsyncEntityProducers.create(json, ContentType.APPLICATION_JSON);
        headers.forEach(request::setHeader);
    }

    /** There are no timeouts: the caller cancels. */
    void send(HttpAsyncRequester http) {
        connecting = http.connect(target, Timeout.DISABLED, null, new FutureCallback<>() {
            @Override
            public void completed(AsyncClientEndpoint connected) {
                connection = connected;
                if (over.get()) {
                    connected.releaseAndDiscard();
                } else {
                    connected.execute(SentRequest.this, null, HttpCoreContext.create());
                }
            }

            @Override
            public void failed(Exception error) {
                SentRequest.this.failed(error);
            }

            @Override
            public void cancelled() {
                SentRequest.this.failed(new CancellationException());
            }
        });
        if (over.get()) {
            abandon();
        }
    }

    /** Closes the connection; the receiver hears nothing more. From any thread. */
    @Override
    public void cancel() {
        if (over.compareAndSet(false, true)) {
            abandon();
        }
    }

    private void abandon() {
        Future<AsyncClientEndpoint> attempt = connecting;
        if (attempt != null) {
            attempt.cancel(true);
        }
        AsyncClientEndpoint connected = connection;
        if (connected != null) {
            connected.releaseAndDiscard();
        }
    }

    // ---------------------------------------------------------------- the request

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        begun = true;
        channel.sendRequest(request, content, context);
    }

    @Override
    public int available() {
        return content.available();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        content.produce(channel);
    }

    @Override
    public void releaseResources() {
        content.releaseResources();
    }

    // ---------------------------------------------------------------- the response

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) {}

    @Override
    public void consumeResponse(HttpResponse response, @Nullable EntityDetails details, HttpContext context) {
        body = receiver.onHead(response.getCode());
        if (details == null) {
            streamEnd(null);
        }
    }

    @Override
    public void updateCapacity(CapacityChannel window) throws IOException {
        if (body != null) {
            body.onWindow(window);
        }
    }

    @Override
    public void consume(ByteBuffer bytes) {
        if (body == null || over.get()) {
            return;
        }
        try {
            if (!body.read(bytes) && over.compareAndSet(false, true)) {
                abandon();
                receiver.onEnd();
            }
        } catch (Exception | Error e) { // out of memory included: the thread serves other requests
            failed(e);
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        AsyncClientEndpoint connected = connection;
        if (connected != null && over.compareAndSet(false, true)) {
            connected.releaseAndReuse();
            receiver.onEnd();
        }
    }

    @Override
    public void failed(Exception error) {
        boolean noTls = !begun
                && error instanceof ConnectionClosedException
                && target.getSchemeName().equals("https");
        failed(noTls ? new IOException("connection closed before TLS began", error) : (Throwable) error);
    }

    private void failed(Throwable error) {
        if (over.compareAndSet(false, true)) {
            abandon();
            receiver.onFailed(error);
        }
    }
}
