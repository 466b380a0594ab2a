package io.socketz.state.jetcd;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.socketz.state.etcd.EtcdFailure;
import io.socketz.state.etcd.EtcdFailure.Kind;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, in the words of {@link EtcdFailure}. etcd's texts are those of its {@code rpctypes/error.go}; the
 * alerts of TLS are those of RFC 8446, section 6.
 */
final class Failures {
    /** etcd's words for a revision that is gone. */
    static final String COMPACTED = "required revision has been compacted";

    private static final int LONGEST_DETAIL = 200;
    private static final int DEEPEST_CAUSE = 20;

    /** By what etcd says, in whole or in part. */
    private static final Map<String, Kind> TEXTS = Map.ofEntries(
            Map.entry("requested lease not found", Kind.LEASE_NOT_FOUND),
            Map.entry(COMPACTED, Kind.COMPACTED),
            // A token has expired, or users have changed: the next connection gets a new one.
            Map.entry("invalid auth token", Kind.UNAVAILABLE),
            Map.entry("revision of auth store is old", Kind.UNAVAILABLE),
            Map.entry("permission denied", Kind.BAD_CREDENTIALS),
            Map.entry("invalid user ID or password", Kind.BAD_CREDENTIALS),
            Map.entry("user name is empty", Kind.BAD_CREDENTIALS),
            Map.entry("user name not found", Kind.BAD_CREDENTIALS),
            Map.entry("authentication is not enabled", Kind.BAD_CREDENTIALS));

    /** By what gRPC says of an answer that is not gRPC: HTTP/1, or another service. */
    private static final List<String> NOT_GRPC = List.of(
            "First received frame was not SETTINGS", "Unexpected HTTP/1", "HTTP status code", "invalid content-type");

    /** What a server says of a client's certificate, or of its lack. */
    private static final List<String> CLIENT_ALERTS = List.of(
            "bad_certificate",
            "certificate_required",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied");

    /** There can be no connection now. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient EtcdFailure failure;

        Unusable(EtcdFailure failure) {
            super(failure.detail());
            this.failure = failure;
        }

        EtcdFailure failure() {
            return failure;
        }
    }

    private Failures() {}

    /** Whether another connection may do better. */
    static boolean isOfConnection(Kind kind) {
        return kind != Kind.LEASE_NOT_FOUND && kind != Kind.COMPACTED && kind != Kind.REFUSED;
    }

    static EtcdFailure unknownHost(URI endpoint) {
        return new EtcdFailure(Kind.UNAVAILABLE, endpoint + ": unknown host");
    }

    static EtcdFailure noAnswer(String where) {
        return new EtcdFailure(Kind.UNAVAILABLE, where + ": no answer");
    }

    /**
     * Reads what gRPC threw.
     *
     * @param where the address it happened at, for people
     */
    static EtcdFailure of(Throwable thrown, String where) {
        List<Throwable> causes = causes(thrown);
        EtcdFailure tls = ofTls(causes, where);
        if (tls != null) {
            return tls;
        }
        if (causes.stream().map(Failures::message).anyMatch(Failures::isNotGrpc)) {
            return new EtcdFailure(Kind.NOT_ETCD, where + ": does not answer as etcd does");
        }
        Status status = status(causes);
        String text = text(status, causes);
        return new EtcdFailure(kind(status, text), where + ": " + text);
    }

    private static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && causes.size() < DEEPEST_CAUSE; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static boolean isNotGrpc(String message) {
        return NOT_GRPC.stream().anyMatch(message::contains);
    }

    /** The innermost one: around it, jetcd puts "unauthenticated" when it could not ask for a token at all. */
    private static Status status(List<Throwable> causes) {
        Status status = Status.UNKNOWN;
        for (Throwable cause : causes) {
            if (cause instanceof StatusRuntimeException e) {
                status = e.getStatus();
            } else if (cause instanceof StatusException e) {
                status = e.getStatus();
            }
        }
        return status;
    }

    private static Kind kind(Status status, String text) {
        for (Map.Entry<String, Kind> entry : TEXTS.entrySet()) {
            if (text.contains(entry.getKey())) {
                return entry.getValue();
            }
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> Kind.TIMEOUT;
            case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.BAD_CREDENTIALS;
            case UNIMPLEMENTED -> Kind.NOT_ETCD;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, RESOURCE_EXHAUSTED, NOT_FOUND, OUT_OF_RANGE -> Kind.REFUSED;
            default -> Kind.UNAVAILABLE;
        };
    }

    /** In one line. What broke a connection says more than gRPC's "io exception". */
    private static String text(Status status, List<Throwable> causes) {
        String description = status.getDescription();
        Throwable last = causes.get(causes.size() - 1);
        if (last instanceof IOException && last.getMessage() != null) {
            return broken(last.getMessage());
        }
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return "no answer";
        }
        if (description == null && status.getCode() == Status.Code.UNKNOWN && last.getMessage() != null) {
            return line(last.getMessage());
        }
        if (description == null) {
            return status.getCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
        return line(description.replaceFirst("^(rpc error: code = \\w+ desc = )?(etcdserver: )?(mvcc: )?", ""));
    }

    private static String broken(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        for (String known : List.of("connection refused", "connection reset", "timed out", "no route to host")) {
            if (lower.contains(known)) {
                return known;
            }
        }
        return line(message);
    }

    private static String line(String text) {
        String first = text.lines().findFirst().orElse("");
        return first.length() > LONGEST_DETAIL ? first.substring(0, LONGEST_DETAIL) : first;
    }

    private static @Nullable EtcdFailure ofTls(List<Throwable> causes, String where) {
        Throwable certificate = null;
        SSLException ssl = null;
        for (Throwable cause : causes) {
            if (cause instanceof CertificateException
                    || cause instanceof CertPathBuilderException
                    || cause instanceof CertPathValidatorException) {
                certificate = cause;
            } else if (cause instanceof SSLException e) {
                ssl = e;
            }
        }
        if (certificate != null) {
            return new EtcdFailure(
                    Kind.UNTRUSTED, where + ": certificate is not to be trusted: " + message(certificate));
        }
        if (ssl == null) {
            return null;
        }
        String message = message(ssl);
        if (CLIENT_ALERTS.stream().anyMatch(message::contains)) {
            return new EtcdFailure(Kind.CLIENT_CERTIFICATE, where + ": client certificate is not accepted: " + message);
        }
        if (ssl.getClass().getSimpleName().equals("NotSslRecordException")
                || message.contains("Unsupported or unrecognized SSL message")) {
            return new EtcdFailure(Kind.NOT_ETCD, where + ": does not speak TLS");
        }
        return new EtcdFailure(Kind.UNAVAILABLE, where + ": TLS: " + message);
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? "no reason given" : line(message);
    }
}
