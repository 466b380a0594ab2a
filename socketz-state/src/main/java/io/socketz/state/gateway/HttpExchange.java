package io.socketz.state.gateway;

import io.socketz.state.etcd.EtcdFailure;
import io.socketz.state.etcd.EtcdTexts;
import io.socketz.state.etcd.EtcdTransport;
import io.socketz.state.gateway.GatewayHttp.Link;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request of the owner's, and what becomes of it. All of it is the owner's, but what takes a response, which runs
 * on threads of the HTTP client.
 *
 * <pre>
 *   WAITING -> SENT -> DONE     answered or failed: the owner is told
 *      |  ^------+ |            refused for an old token, once
 *      +-----------+--> DONE    cancelled: nobody is told
 * </pre>
 */
abstract class HttpExchange implements EtcdTransport.Call {
    static final int MAX_BODY = 64 << 20;

    final GatewayTransport transport;
    private final String path;
    private final byte[] body;
    private final String badRequest;

    private boolean done;

    /** Whether it has been refused for its token before. */
    private boolean refused;

    /** Counts how often it was sent, to know what is no longer of interest. */
    private int attempt;

    /** Where it was sent to; null while it waits. */
    private @Nullable Link link;

    /** That it was sent with. */
    private String token = "";

    private @Nullable CompletableFuture<HttpResponse<byte[]>> response;

    /**
     * Sends nothing yet.
     *
     * @param badRequest what HTTP's status 400 means for this request; empty for nothing special
     */
    HttpExchange(GatewayTransport transport, String path, byte[] body, String badRequest) {
        this.transport = transport;
        this.path = path;
        this.body = body;
        this.badRequest = badRequest;
    }

    /** Whether it is one of those of which only so many may be on their way. */
    boolean isShort() {
        return true;
    }

    /** Adds the headers of its own. */
    void addHeaders(HttpRequest.Builder request) {}

    /** Takes the body of a response. On a thread of the HTTP client. */
    BodySubscriber<byte[]> bodySubscriber(ResponseInfo info, int of) {
        return new BoundedBody(MAX_BODY);
    }

    /**
     * Makes of a response what the owner is to run. On a thread of the HTTP client.
     *
     * @throws Exception when it is a failure
     */
    abstract LongConsumer decode(int status, byte[] content) throws Exception;

    /** Tells the owner that it has failed. */
    abstract void onFailed(long now, EtcdFailure failure);

    /** @param with token; empty for none */
    final void send(Link to, String with) {
        link = to;
        token = with;
        int of = ++attempt;
        try {
            send(to, of);
        } catch (RuntimeException e) { // of an address or a token that Java's client does not take
            post(of, now -> fail(now, e));
        }
    }

    private void send(Link to, int of) {
        HttpRequest.Builder request = HttpRequest.newBuilder(to.uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        addHeaders(request);
        // Set when the headers have come.
        var headers = new AtomicReference<@Nullable ResponseInfo>();
        var sent = to.client().sendAsync(request.build(), info -> {
            headers.set(info);
            return bodySubscriber(info, of);
        });
        response = sent;
        var unused = sent.whenComplete((answer, error) -> receive(of, headers.get(), answer, error));
    }

    private void receive(
            int of, @Nullable ResponseInfo info, @Nullable HttpResponse<byte[]> answer, @Nullable Throwable error) {
        if (answer == null || error != null) {
            Throwable cause = error == null ? new IllegalStateException("no response") : Failures.cause(error);
            post(of, now -> fail(now, info != null && isUnreadable(info, cause) ? unread(info) : cause));
            return;
        }
        try {
            LongConsumer outcome = decode(answer.statusCode(), answer.body());
            post(of, now -> {
                conclude();
                transport.sendWaiting();
                outcome.accept(now);
            });
        } catch (Exception e) {
            post(of, now -> fail(now, e));
        }
    }

    /**
     * Java 17 reads no body with a trailer behind it (RFC 9112, section 7.1.2), as all errors of etcd 3.4 have one, not
     * even what comes before. What is left is the status.
     */
    private static boolean isUnreadable(ResponseInfo info, Throwable error) {
        return error instanceof ProtocolException
                && info.statusCode() != 200
                && info.headers().firstValue("Trailer").orElse("").startsWith("Grpc-");
    }

    private EtcdError unread(ResponseInfo info) {
        String otherwise = token.isEmpty() ? EtcdTexts.NO_USER : EtcdTexts.OLD_USERS;
        return EtcdError.unread(info.statusCode(), badRequest.isEmpty() ? otherwise : badRequest);
    }

    /** Lets the owner run {@code event}, if this attempt still counts by then. */
    final void post(int of, LongConsumer event) {
        transport.owner().execute(now -> {
            if (!done && of == attempt) {
                event.accept(now);
            }
        });
    }

    /** It is over; what comes of it still is of no interest, nor are its connection and whatever else it holds. */
    final void conclude() {
        done = true;
        abort();
        transport.onConcluded(this);
    }

    private void abort() {
        attempt++;
        if (response != null) {
            response.cancel(true); // Closes the connection, when the response is not complete.
        }
    }

    /** What was sent has failed. */
    final void fail(long now, Throwable error) {
        if (link == null) {
            throw new IllegalStateException("not sent");
        }
        if (error instanceof EtcdError no && !refused && recover(no)) {
            return;
        }
        EtcdFailure failure = Failures.of(link, error);
        conclude();
        transport.onFailed(link, failure.kind());
        onFailed(now, failure);
    }

    /** Goes on in spite of etcd's no, if that can be: an old token means that nothing was done. */
    boolean recover(EtcdError no) {
        if (!no.isAboutToken() || !transport.forgetToken(token)) {
            return false;
        }
        refused = true;
        abort();
        link = null;
        transport.onConcluded(this);
        transport.enqueue(this);
        return true;
    }

    /** Others have been given up at {@code left}: what has no time to be answered in would wait there for ever. */
    final void onLeft(Link left) {
        if (link == left && !isShort()) {
            post(attempt, now -> fail(now, new IOException("others had no answer there")));
        }
    }

    /** What comes goes to {@code found}. If that has another client, the last one is closed, and nothing comes any more. */
    final void onFound(Link found) {
        if (link != null && !link.isOfSameClient(found)) {
            post(attempt, now -> fail(now, new IOException("connection closed, to be made anew")));
        }
    }

    /** There is nobody to send it to. */
    final void failUnsent(long now, EtcdFailure failure) {
        if (!done) {
            done = true;
            onFailed(now, failure);
        }
    }

    /** Nobody is told anything from now on. */
    final void drop() {
        done = true;
        abort();
    }

    final boolean isSentTo(Link to) {
        return link == to;
    }

    final boolean isDone() {
        return done;
    }

    @Override
    public final void cancel() {
        if (!done) {
            conclude();
            transport.onCancelled(this, link);
        }
    }
}
