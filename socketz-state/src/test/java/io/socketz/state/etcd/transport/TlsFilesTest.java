package io.socketz.state.etcd.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.file.PemFilesTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsFilesTest {
    @TempDir
    private Path folder;

    private Path certificate;
    private Path key;

    @BeforeEach
    void write() throws Exception {
        certificate = Files.writeString(folder.resolve("certificate.pem"), PemFilesTest.CERTIFICATE);
        key = folder.resolve("key.pem");
        writeKey();
    }

    private void writeKey() throws Exception {
        byte[] encoded = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(encoded)
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private static TlsFiles read(@Nullable Path authority, @Nullable Path certificate, @Nullable Path key)
            throws IOException {
        List<URI> endpoints = List.of(URI.create("https://etcd"));
        return TlsFiles.read(new EtcdOptions(endpoints, null, null, authority, certificate, key));
    }

    @Test
    void equalFilesAreEqualAndOthersAreNot() throws Exception {
        TlsFiles before = read(certificate, certificate, key);
        assertThat(read(certificate, certificate, key)).isEqualTo(before);
        assertThat(read(null, certificate, key)).isNotEqualTo(before);

        writeKey();
        TlsFiles after = read(certificate, certificate, key);
        assertThat(after).isNotEqualTo(before);

        Files.writeString(certificate, PemFilesTest.CERTIFICATE + PemFilesTest.CERTIFICATE);
        assertThat(read(certificate, certificate, key)).isNotEqualTo(after);
    }

    @Test
    void anUnusableFileIsReportedByItsPurpose() {
        Path none = folder.resolve("none.pem");

        assertThatThrownBy(() -> read(none, certificate, key))
                .isInstanceOfSatisfying(
                        EtcdException.class,
                        thrown -> assertThat(thrown.failure())
                                .isEqualTo(new EtcdFailure(Kind.UNTRUSTED, none + ": no such file")));
        assertThatThrownBy(() -> read(certificate, certificate, none))
                .isInstanceOfSatisfying(
                        EtcdException.class,
                        thrown -> assertThat(thrown.failure())
                                .isEqualTo(new EtcdFailure(Kind.CLIENT_CERTIFICATE, none + ": no such file")));
    }

    @Test
    void theKeyIsNotShown() throws Exception {
        assertThat(read(certificate, certificate, key)).hasToString("TlsFiles");
    }
}
