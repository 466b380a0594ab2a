package io.socketz.state.gateway;

import io.socketz.state.etcd.EtcdException;
import io.socketz.state.etcd.EtcdFailure;
import io.socketz.state.etcd.EtcdFailure.Kind;
import io.socketz.state.etcd.EtcdTexts;
import io.socketz.state.etcd.TlsFailures;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What became of a request, in words, and in what can be done about it. */
final class Failures {
    private Failures() {}

    /** What the HTTP client has wrapped. */
    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** Before anyone was asked. */
    static EtcdFailure of(Throwable error) {
        EtcdFailure bare = bare(error);
        return new EtcdFailure(bare.kind(), oneLine(bare.detail()));
    }

    /** @param whom was asked, for people */
    static EtcdFailure of(Object whom, Throwable error) {
        EtcdFailure bare = bare(error);
        return new EtcdFailure(bare.kind(), whom + ": " + oneLine(bare.detail()));
    }

    private static EtcdFailure bare(Throwable error) {
        if (error instanceof EtcdError no) {
            return new EtcdFailure(no.kind(), EtcdTexts.brief(no.words()));
        }
        if (find(error, NotEtcdException.class) instanceof NotEtcdException foreign) {
            return new EtcdFailure(Kind.NOT_ETCD, words(foreign));
        }
        if (find(error, EtcdException.class) instanceof EtcdException told) {
            return told.failure();
        }
        EtcdFailure tls = TlsFailures.of(error);
        if (tls != null) {
            return tls;
        }
        if (find(error, UnresolvedAddressException.class) != null) {
            return new EtcdFailure(Kind.UNAVAILABLE, "unknown host");
        }
        if (find(error, ProtocolException.class) instanceof ProtocolException foreign) {
            return new EtcdFailure(Kind.NOT_ETCD, "not HTTP: " + words(foreign));
        }
        if (error instanceof ConnectException) {
            String words = words(error);
            boolean refused = words.isEmpty() || words.equals("Connection refused");
            return new EtcdFailure(Kind.UNAVAILABLE, refused ? "connection refused" : words);
        }
        if (error instanceof HttpTimeoutException) {
            return new EtcdFailure(Kind.UNAVAILABLE, "no connection in time");
        }
        if (error instanceof IOException) {
            String words = words(error);
            boolean silent = words.isEmpty() || words.contains("received no bytes");
            return new EtcdFailure(Kind.UNAVAILABLE, silent ? "connection closed without an answer" : words);
        }
        String words = words(error);
        return new EtcdFailure(
                Kind.UNAVAILABLE, words.isEmpty() ? error.getClass().getSimpleName() : words);
    }

    private static @Nullable Throwable find(Throwable error, Class<? extends Throwable> type) {
        for (Throwable at = error; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return at;
            }
        }
        return null;
    }

    private static String words(Throwable error) {
        String message = error.getMessage();
        return message == null ? "" : message;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip().replaceFirst("^Connection reset.*", "connection reset");
    }
}
