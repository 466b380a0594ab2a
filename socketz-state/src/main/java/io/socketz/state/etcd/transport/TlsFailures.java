package io.socketz.state.etcd.transport;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why there is no TLS, as Java's implementation of it tells, whoever uses that. */
public final class TlsFailures {
    private static final String ALERT = "Received fatal alert: ";

    /** What a server says of a client's certificate, or of its lack (RFC 8446, section 6.2). */
    private static final List<String> CLIENT_ALERTS = List.of(
            "bad_certificate",
            "certificate_required",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied");

    /** When nothing was said before the end, as etcd without TLS does, but so does a balancer that reaches none. */
    private static final List<String> ENDS = List.of("terminated the handshake", "while performing TLS negotiation");

    private static final int DEEPEST_CAUSE = 20;

    private TlsFailures() {}

    /** What {@code error} is, bare of where it happened; null when it is not about TLS. */
    public static @Nullable EtcdFailure of(Throwable error) {
        SSLException tls = null;
        GeneralSecurityException untrusted = null;
        boolean cutOff = false;
        Throwable cause = error;
        for (int i = 0; cause != null && i < DEEPEST_CAUSE; i++) {
            tls = cause instanceof SSLException found ? found : tls;
            // Of the causes of an untrusted certificate the innermost names the reason.
            untrusted = cause instanceof GeneralSecurityException found ? found : untrusted;
            cutOff |= ENDS.stream().anyMatch(words(cause)::contains);
            cause = cause.getCause();
        }
        if (tls != null && untrusted != null) {
            return new EtcdFailure(Kind.UNTRUSTED, "certificate not trusted: " + words(untrusted));
        }
        if (cutOff) {
            return new EtcdFailure(Kind.UNAVAILABLE, "connection closed before TLS began");
        }
        return tls == null ? null : of(words(tls), tls);
    }

    private static EtcdFailure of(String words, SSLException tls) {
        int at = words.indexOf(ALERT);
        if (at >= 0) {
            String alert = words.substring(at + ALERT.length());
            return CLIENT_ALERTS.contains(alert)
                    ? new EtcdFailure(Kind.CLIENT_CERTIFICATE, "client certificate not accepted: " + alert)
                    : new EtcdFailure(Kind.NOT_ETCD, "TLS refused: " + alert);
        }
        // Java's own words, and the class that Netty has for it, which says what it got.
        if (words.contains("SSL message") || tls.getClass().getSimpleName().equals("NotSslRecordException")) {
            return new EtcdFailure(Kind.NOT_ETCD, "does not speak TLS");
        }
        return new EtcdFailure(Kind.UNAVAILABLE, words.isEmpty() ? "TLS failed" : "TLS: " + words);
    }

    private static String words(Throwable error) {
        String message = error.getMessage();
        return message == null ? "" : message.lines().findFirst().orElse("");
    }
}
