package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.EtcdException;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTexts;
import io.socketz.state.etcd.transport.TlsFailures;
import java.util.Locale;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.jspecify.annotations.Nullable;

/** Reads what went wrong with a request as an {@link EtcdFailure}. */
final class GatewayFailures {
    private GatewayFailures() {}

    /** A failure before a request was sent. */
    static EtcdFailure of(Throwable error) {
        EtcdFailure bare = bare(error);
        return new EtcdFailure(bare.kind(), oneLine(bare.detail()));
    }

    /** @param where the address that the request was sent to, for people */
    static EtcdFailure of(Object where, Throwable error) {
        EtcdFailure bare = bare(error);
        return new EtcdFailure(bare.kind(), where + ": " + oneLine(bare.detail()));
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
        if (error instanceof ConnectionClosedException || error instanceof TruncatedChunkException) {
            return new EtcdFailure(Kind.UNAVAILABLE, "connection closed before the answer was complete");
        }
        if (error instanceof HttpException || error instanceof MalformedChunkCodingException) {
            return new EtcdFailure(Kind.NOT_ETCD, "not HTTP: " + words(error));
        }
        String words = words(error);
        return new EtcdFailure(
                Kind.UNAVAILABLE,
                words.isEmpty()
                        ? error.getClass().getSimpleName()
                        : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1));
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
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
