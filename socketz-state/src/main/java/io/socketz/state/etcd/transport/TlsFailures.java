package io.socketz.state.etcd.transport;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why TLS has failed, read from the exceptions of Java's TLS, whichever library uses it. */
public final class TlsFailures {
    private static final String ALERT = "Received fatal alert: ";

    /** A server's alerts about a client's certificate, or the lack of one (RFC 8446, section 6.2). */
    private static final List<String> CLIENT_ALERTS = List.of(
            "bad_certificate",
            "certificate_required",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied");

    /** The connection ended before an answer: etcd without TLS does that, but so does a balancer that reaches no etcd. */
    private static final List<String> ENDS = List.of("terminated the handshake", "while performing TLS negotiation");

    private static final int DEEPEST_CAUSE = 20;

    private TlsFailures() {}

    /** The failure that {@code error} reports, without where it happened; null if it is not about TLS. */
    public static @Nullable EtcdFailure of(Throwable error) {
        SSLException tls = null;
        GeneralSecurityException untrusted = null;
        boolean cutOff = false;
        Throwable cause = error;
        for (int i = 0; cause != null && i < DEEPEST_CAUSE; i++) {
            tls = cause instanceof SSLException found ? found : tls;
            // Of the causes of an untrusted certificate, the innermost names the reason.
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
        // Java's wording, and Netty's exception for the same, whose text differs.
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
