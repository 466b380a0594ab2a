package io.socketz.state.jetcd;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTexts;
import io.socketz.state.etcd.transport.TlsFailures;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads gRPC's errors as {@link EtcdFailure}s. */
final class JetcdFailures {
    private static final int LONGEST_DETAIL = 200;
    private static final int DEEPEST_CAUSE = 20;

    /** What gRPC says when the answer is not gRPC: HTTP/1, or another service. */
    private static final List<String> NOT_GRPC = List.of(
            "First received frame was not SETTINGS", "Unexpected HTTP/1", "HTTP status code", "invalid content-type");

    private JetcdFailures() {}

    /** Whether another connection may work: a new one, one to another address, one with or without a login. */
    static boolean isOfConnection(EtcdFailure failure) {
        return switch (failure.kind()) {
            case UNAVAILABLE, TIMEOUT, UNTRUSTED, CLIENT_CERTIFICATE, NOT_ETCD -> true;
            case LEASE_NOT_FOUND, COMPACTED, REFUSED -> false;
            case BAD_CREDENTIALS -> failure.isAuthenticationOff() || isAuthenticationOn(failure);
        };
    }

    /** The connection has not logged in, but etcd has authentication. */
    static boolean isAuthenticationOn(EtcdFailure failure) {
        return failure.detail().contains(EtcdTexts.NO_USER);
    }

    static EtcdFailure unknownHost(UnknownHostException thrown) {
        return new EtcdFailure(Kind.UNAVAILABLE, message(thrown));
    }

    static EtcdFailure noAnswer(String where) {
        return new EtcdFailure(Kind.UNAVAILABLE, where + ": no answer");
    }

    /**
     * Reads what gRPC threw.
     *
     * @param where the address at which it failed, for people
     */
    static EtcdFailure of(Throwable thrown, String where) {
        EtcdFailure tls = TlsFailures.of(thrown);
        if (tls != null) {
            return new EtcdFailure(tls.kind(), where + ": " + line(tls.detail()));
        }
        List<Throwable> causes = causes(thrown);
        if (causes.stream().map(JetcdFailures::message).anyMatch(JetcdFailures::isNotGrpc)) {
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

    /** The innermost status: jetcd wraps it in "unauthenticated" if it could not even ask for a token. */
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
        Kind said = EtcdTexts.kind(text);
        if (said != null) {
            return said;
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> Kind.TIMEOUT;
            case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.BAD_CREDENTIALS;
            case UNIMPLEMENTED -> Kind.NOT_ETCD;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, RESOURCE_EXHAUSTED, NOT_FOUND, OUT_OF_RANGE -> Kind.REFUSED;
            default -> Kind.UNAVAILABLE;
        };
    }

    /** One line for people. What broke the connection says more than gRPC's "io exception". */
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
        return line(EtcdTexts.brief(description));
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

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? "no reason given" : line(message);
    }
}
