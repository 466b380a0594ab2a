package io.socketz.state.etcd.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlsFailuresTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Received fatal alert: certificate_required                        | CLIENT_CERTIFICATE | client certificate not accepted: certificate_required
            (bad_certificate) Received fatal alert: bad_certificate           | CLIENT_CERTIFICATE | client certificate not accepted: bad_certificate
            Received fatal alert: protocol_version                            | NOT_ETCD           | TLS refused: protocol_version
            Unsupported or unrecognized SSL message                           | NOT_ETCD           | does not speak TLS
            Remote host terminated the handshake                              | UNAVAILABLE        | connection closed before TLS began
            Tag mismatch                                                      | UNAVAILABLE        | TLS: Tag mismatch
            """)
    void javasTlsErrorsAreClassified(String words, Kind kind, String detail) {
        EtcdFailure failure = new EtcdFailure(kind, detail);

        assertThat(TlsFailures.of(new SSLHandshakeException(words))).isEqualTo(failure);
        assertThat(TlsFailures.of(new IOException("around it", new SSLException(words))))
                .isEqualTo(failure);
    }

    /** Java's clients see the end as an exception, gRPC as a status. */
    @Test
    void aConnectionClosedBeforeTlsIsTheSameFailureFromAnyLibrary() {
        assertThat(TlsFailures.of(new IllegalStateException("Connection closed while performing TLS negotiation")))
                .isEqualTo(new EtcdFailure(Kind.UNAVAILABLE, "connection closed before TLS began"));
    }

    @Test
    void theInnermostReasonForAnUntrustedCertificateIsReported() {
        var reason = new CertificateException("no valid path");
        var error = new SSLHandshakeException("outer");
        error.initCause(new CertificateException("PKIX path building failed", reason));

        assertThat(TlsFailures.of(new IOException(error)))
                .isEqualTo(new EtcdFailure(Kind.UNTRUSTED, "certificate not trusted: no valid path"));
    }

    @Test
    void otherErrorsAreNotTlsFailures() {
        assertThat(TlsFailures.of(new IOException("Connection refused"))).isNull();
    }
}
