package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.gateway.GatewayHttp.Link;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request of the owner's, and what becomes of it. All of it is the owner's, but what takes a response, which runs
 * on the thread of the HTTP client.
 *
 * <pre>{@code
 *   WAITING -> SENT -> DONE     answered or failed: the owner is told
 *      |  ^------+ |            refused for an old token, once
 *      +-----------+--> DONE    cancelled: nobody is told
 * }</pre>
 */
abstract class HttpExchange implements EtcdTransport.Call {
    final GatewayTransport transport;
    private final String path;
    private final byte[] body;

    private boolean done;

    /** Whether it has been refused for its token before. */
    private boolean refused;

    /** Counts how often it was sent, to know what is no longer of interest. */
    private int attempt;

    /** Where it was sent to; null while it waits. */
    private @Nullable Link link;

    /** That it was sent with. */
    private String token = "";

    /** Null while it waits. */
    private @Nullable SentRequest request;

    /** Sends nothing yet. */
    HttpExchange(GatewayTransport transport, String path, byte[] body) {
        this.transport = transport;
        this.path = path;
        this.body = body;
    }

    /** Whether it is one of those of which only so many may be on their way. */
    boolean isShort() {
        return true;
    }

    /** Those of its own. */
    Map<String, String> headers() {
        return Map.of();
    }

    /**
     * What takes the body of a response. On the client's thread.
     *
     * @param of the attempt, for {@link #post}
     */
    abstract ResponseBody body(int status, int of);

    /** Tells the owner that it has failed. */
    abstract void onFailed(long now, EtcdFailure failure);

    /** @param with token; empty for none */
    final void send(Link to, String with) {
        link = to;
        token = with;
        int of = ++attempt;
        Map<String, String> headers = new HashMap<>(headers());
        if (!with.isEmpty()) {
            headers.put("Authorization", with);
        }
        try {
            request = to.post(path, headers, body, new Attempt(of));
        } catch (RuntimeException e) { // of a client that has died
            post(of, now -> fail(now, e));
        }
    }

    /** One time that it was sent. */
    private final class Attempt implements SentRequest.Receiver {
        private final int number;
        private @Nullable ResponseBody body;

        Attempt(int number) {
            this.number = number;
        }

        @Override
        public ResponseBody onHead(int status) {
            ResponseBody taker = body(status, number);
            body = taker;
            return taker;
        }

        @Override
        public void onEnd() {
            if (body == null) {
                throw new IllegalStateException("no head");
            }
            try {
                LongConsumer outcome = body.end();
                post(number, now -> {
                    conclude();
                    transport.sendWaiting();
                    outcome.accept(now);
                });
            } catch (Exception | Error e) { // out of memory as well: the thread serves others
                onFailed(e);
            }
        }

        @Override
        public void onFailed(Throwable error) {
            post(number, now -> fail(now, error));
        }
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
        if (request != null) {
            request.cancel(); // Closes the connection, when the response is not complete.
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
        EtcdFailure failure = GatewayFailures.of(link, error);
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
