package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.Write;
import io.socketz.state.gateway.GatewayHttp.Link;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * etcd through its JSON gateway.
 *
 * <p>Nothing is sent before the first request. Of the requests with one answer, at most four are on their way at a time, so
 * that there are never more than a handful of connections; the others wait.
 *
 * <pre>{@code
 *   a request: enqueue -> [find an endpoint] -> [log in] -> send
 *                              ^                 ^
 *   a failure to connect, a cancel               |
 *                                 a token that etcd no longer accepts
 * }</pre>
 *
 * The owner owns all fields.
 */
public final class GatewayTransport implements EtcdTransport {
    private static final int MAX_ON_THEIR_WAY = 4;

    private final EtcdOptions options;
    private final CallbackExecutor owner;
    private final GatewayHttp http;

    private final Deque<HttpExchange> waiting = new ArrayDeque<>();

    private final Set<HttpExchange> sent = new HashSet<>();

    /** Where to send requests; null if it must be found. */
    private @Nullable Link current;

    /** One search at a time: if names do not resolve, each search holds a thread for as long as the system tries. */
    private boolean searching;

    /** The number of the search whose outcome counts; one that took too long does not. */
    private int search;

    /** Empty if none is needed, null if one must be requested. */
    private @Nullable String token;

    private @Nullable Login login;

    private boolean closed;

    /**
     * Does nothing yet.
     *
     * @param options how to reach etcd
     * @param owner runs all callbacks
     */
    public GatewayTransport(EtcdOptions options, CallbackExecutor owner) {
        this.options = options;
        this.owner = owner;
        this.http = new GatewayHttp(options);
        this.token = options.user() == null ? "" : null;
    }

    @Override
    public Call grantLease(long ttlSeconds, Answer<Long> answer) {
        return ask("/v3/lease/grant", RequestBody.grantLease(ttlSeconds), AnswerReader::leaseId, answer);
    }

    @Override
    public Call keepAlive(long lease, Answer<Long> answer) {
        return ask("/v3/lease/keepalive", RequestBody.lease(lease), AnswerReader::timeToLive, answer);
    }

    @Override
    public Call revokeLease(long lease, Answer<Long> answer) {
        return ask("/v3/lease/revoke", RequestBody.lease(lease), AnswerReader::revision, answer);
    }

    @Override
    public Call commit(Fence fence, List<Write> writes, Answer<Committed> answer) {
        return ask("/v3/kv/txn", RequestBody.transaction(fence, writes), AnswerReader::committed, answer);
    }

    @Override
    public Call range(String from, String to, long revision, int limit, Answer<RangePage> answer) {
        byte[] body = RequestBody.range(from, to, revision, limit);
        return ask("/v3/kv/range", body, AnswerReader::page, answer);
    }

    @Override
    public Call revision(String key, Answer<Long> answer) {
        return ask("/v3/kv/range", RequestBody.revision(key), AnswerReader::revision, answer);
    }

    @Override
    public Call watch(String from, String to, long revision, WatchListener listener) {
        return enqueue(new GatewayWatch(this, RequestBody.watch(from, to, revision), listener));
    }

    private <T> Call ask(String path, byte[] body, AnswerReader.Decoder<T> decoder, Answer<T> answer) {
        return enqueue(new GatewayCall<>(this, path, body, decoder, answer));
    }

    HttpExchange enqueue(HttpExchange exchange) {
        if (closed) {
            exchange.drop();
        } else {
            waiting.add(exchange);
            sendWaiting();
        }
        return exchange;
    }

    /** Sends what waits, once there is an endpoint and a token, and within the limit. */
    void sendWaiting() {
        if (closed || waiting.isEmpty()) {
            return;
        }
        if (current == null) {
            findNext();
            return;
        }
        if (token == null) {
            logIn(current);
            return;
        }
        Link to = current;
        // Those that hang at an endpoint that was left do not count.
        long onTheirWay = sent.stream()
                .filter(exchange -> exchange.isShort() && exchange.isSentTo(to))
                .count();
        for (Iterator<HttpExchange> it = waiting.iterator(); it.hasNext(); ) {
            HttpExchange next = it.next();
            if (next.isShort() && ++onTheirWay > MAX_ON_THEIR_WAY) {
                continue;
            }
            it.remove();
            sent.add(next);
            next.send(to, token);
        }
    }

    private void findNext() {
        if (!searching) {
            int mine = search;
            http.findNext((link, error) -> owner.execute(now -> onFound(mine, now, link, error)));
            searching = true;
        }
    }

    private void onFound(int of, long now, @Nullable Link link, @Nullable Throwable error) {
        if (closed) {
            return;
        }
        searching = false;
        if (link != null) {
            List.copyOf(sent).forEach(exchange -> exchange.onFound(link));
        }
        if (of != search) {
            sendWaiting(); // starts a new search
        } else if (error == null) {
            current = link;
            sendWaiting();
        } else {
            failWaiting(now, GatewayFailures.of(error));
        }
    }

    private void logIn(Link to) {
        String user = options.user();
        if (login == null && user != null) {
            String password = options.password();
            login = new Login(this, user, password == null ? "" : password);
            sent.add(login);
            login.send(to, "");
        }
    }

    void onToken(String given) {
        login = null;
        token = given;
        sendWaiting();
    }

    void onNoToken(long now, EtcdFailure failure) {
        login = null;
        failWaiting(now, failure);
    }

    /** Returns whether a new token can be requested. */
    boolean forgetToken(String refused) {
        if (refused.equals(token) && options.user() != null) {
            token = null;
        }
        return options.user() != null;
    }

    private void failWaiting(long now, EtcdFailure failure) {
        List<HttpExchange> failed = List.copyOf(waiting);
        waiting.clear();
        for (HttpExchange exchange : failed) {
            exchange.failUnsent(now, failure);
        }
    }

    /** The exchange is over, which makes room for another one. */
    void onConcluded(HttpExchange exchange) {
        if (!sent.remove(exchange)) {
            waiting.remove(exchange);
        }
    }

    /** @param at where the exchange failed */
    void onFailed(Link at, Kind kind) {
        boolean reached = switch (kind) {
            case UNAVAILABLE, TIMEOUT, UNTRUSTED, CLIENT_CERTIFICATE, NOT_ETCD -> false;
            case LEASE_NOT_FOUND, COMPACTED, BAD_CREDENTIALS, REFUSED -> true;
        };
        if (kind == Kind.UNTRUSTED || kind == Kind.CLIENT_CERTIFICATE) {
            http.onTlsFailure();
        }
        if (!reached) {
            leave(at);
        }
        sendWaiting();
    }

    /** @param at where it was sent to; null if it still waited for an endpoint, a token, or earlier exchanges */
    void onCancelled(HttpExchange exchange, @Nullable Link at) {
        leave(at == null ? current : at);
        sendWaiting();
    }

    /** Takes another endpoint for later requests, unless that is done already. */
    private void leave(@Nullable Link at) {
        if (at != current) {
            return;
        }
        current = null;
        search++;
        if (login != null) {
            login.drop();
            sent.remove(login);
            login = null;
        }
        if (at != null) {
            List.copyOf(sent).forEach(exchange -> exchange.onLeft(at));
        }
    }

    CallbackExecutor owner() {
        return owner;
    }

    @Override
    public void close() {
        closed = true;
        waiting.forEach(HttpExchange::drop);
        waiting.clear();
        sent.forEach(HttpExchange::drop);
        sent.clear();
        http.close();
    }
}
