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
 * One request of the owner, and its outcome. The owner owns all of it, except what reads a response, which runs on the HTTP
 * client's thread.
 *
 * <pre>{@code
 *   WAITING -> SENT -> DONE     answered or failed: calls the owner back
 *      |  ^------+ |            refused for an old token, once
 *      +-----------+--> DONE    cancelled: no callback
 * }</pre>
 */
abstract class HttpExchange implements EtcdTransport.Call {
    final GatewayTransport transport;
    private final String path;
    private final byte[] body;

    private boolean done;

    /** Whether etcd has refused its token before. */
    private boolean refused;

    /** Counts how often it was sent: outcomes of earlier attempts are ignored. */
    private int attempt;

    /** Where it was sent to; null while it waits. */
    private @Nullable Link link;

    /** The token that it was sent with. */
    private String token = "";

    /** Null while it waits. */
    private @Nullable SentRequest request;

    /** Sends nothing yet. */
    HttpExchange(GatewayTransport transport, String path, byte[] body) {
        this.transport = transport;
        this.path = path;
        this.body = body;
    }

    /** Whether it ends soon, and counts for the limit of exchanges on their way. */
    boolean isShort() {
        return true;
    }

    /** Headers in addition to those of every request. */
    Map<String, String> headers() {
        return Map.of();
    }

    /**
     * What reads the body of a response. On the client's thread.
     *
     * @param of number of the attempt, for {@link #post}
     */
    abstract ResponseBody body(int status, int of);

    /** Reports the failure to the owner. */
    abstract void onFailed(long now, EtcdFailure failure);

    /** @param with the token; empty for none */
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
        } catch (RuntimeException e) { // the client has died
            post(of, now -> fail(now, e));
        }
    }

    /** One attempt to send it. */
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
            } catch (Exception | Error e) { // out of memory included: the thread serves other requests
                onFailed(e);
            }
        }

        @Override
        public void onFailed(Throwable error) {
            post(number, now -> fail(now, error));
        }
    }

    /** Has the owner run {@code event}, if the attempt still counts by then. */
    final void post(int of, LongConsumer event) {
        transport.owner().execute(now -> {
            if (!done && of == attempt) {
                event.accept(now);
            }
        });
    }

    /** Ends it: later outcomes are ignored, and what it holds is freed. */
    final void conclude() {
        done = true;
        abort();
        transport.onConcluded(this);
    }

    private void abort() {
        attempt++;
        if (request != null) {
            request.cancel(); // closes the connection, unless the response is complete
        }
    }

    /** The attempt has failed. */
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

    /** Retries after a refusal, if possible: a refusal of an old token means that nothing was done. */
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

    /** Requests at {@code left} were given up: a request without a timeout would wait there forever. */
    final void onLeft(Link left) {
        if (link == left && !isShort()) {
            post(attempt, now -> fail(now, new IOException("other requests had no answer there")));
        }
    }

    /** Later requests go to {@code found}. If that has another client, the last client is closed, and answers no more. */
    final void onFound(Link found) {
        if (link != null && !link.isOfSameClient(found)) {
            post(attempt, now -> fail(now, new IOException("connection closed; it will be made again")));
        }
    }

    /** There is no endpoint to send it to. */
    final void failUnsent(long now, EtcdFailure failure) {
        if (!done) {
            done = true;
            onFailed(now, failure);
        }
    }

    /** Makes no callback from now on. */
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
