package io.socketz.state.gateway;

import io.socketz.state.etcd.EtcdFailure;
import io.socketz.state.etcd.EtcdFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
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
            return new EtcdFailure(no.kind(), no.words());
        }
        if (find(error, NotEtcdException.class) instanceof NotEtcdException foreign) {
            return new EtcdFailure(Kind.NOT_ETCD, words(foreign));
        }
        if (find(error, TlsFileException.class) instanceof TlsFileException file) {
            return file.failure();
        }
        // Before those of TLS: what certificate paths are checked with may fail for any of these reasons.
        if (find(error, SSLException.class) instanceof SSLException tls) {
            return tls(tls);
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
        return new EtcdFailure(Kind.UNAVAILABLE, error.toString());
    }

    private static EtcdFailure tls(SSLException error) {
        String words = words(error);
        if (words.contains("Received fatal alert: ")) {
            String alert = words.substring(words.indexOf(": ") + 2);
            return switch (alert) {
                // RFC 8446, section 6.2: what a server says of a client's certificate.
                case "bad_certificate",
                        "unsupported_certificate",
                        "certificate_revoked",
                        "certificate_expired",
                        "certificate_unknown",
                        "certificate_required",
                        "unknown_ca",
                        "access_denied" ->
                    new EtcdFailure(Kind.CLIENT_CERTIFICATE, "client certificate not accepted: " + alert);
                default -> new EtcdFailure(Kind.NOT_ETCD, "TLS refused: " + alert);
            };
        }
        // Of the causes of an untrusted certificate the innermost names the reason.
        GeneralSecurityException untrusted = null;
        for (Throwable at = error; at != null; at = at.getCause()) {
            untrusted = at instanceof GeneralSecurityException found ? found : untrusted;
        }
        if (untrusted != null) {
            return new EtcdFailure(Kind.UNTRUSTED, "certificate not trusted: " + words(untrusted));
        }
        if (words.contains("SSL message")) {
            return new EtcdFailure(Kind.NOT_ETCD, "does not speak TLS");
        }
        if (words.contains("terminated the handshake")) {
            // etcd without TLS does so, but so does a balancer that reaches none.
            return new EtcdFailure(Kind.UNAVAILABLE, "connection closed before TLS began");
        }
        return new EtcdFailure(Kind.UNAVAILABLE, words.isEmpty() ? "TLS failed" : words);
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
