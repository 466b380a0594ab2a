package io.socketz.state.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public final class PemFilesTest {
    /** For a throwaway key; made by {@code openssl req -x509 -newkey ed25519 -nodes -subj /CN=socketz-test}. */
    public static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBRDCB96ADAgECAhQIGBHH8FmIg8FIzptWIS4GpRhtvTAFBgMrZXAwFzEVMBMG
            A1UEAwwMc29ja2V0ei10ZXN0MCAXDTI2MTEyMjE5NDE1N1oYDzIxMjYxMDI5MTk0
            MTU3WjAXMRUwEwYDVQQDDAxzb2NrZXR6LXRlc3QwKjAFBgMrZXADIQBGgUmn2Lsg
            rqy4X721COd1vQJ/uoXRT0LUOytxMqNj7KNTMFEwHQYDVR0OBBYEFOei4oWPk1OQ
            4eeusJCn4ez2+MiwMB8GA1UdIwQYMBaAFOei4oWPk1OQ4eeusJCn4ez2+MiwMA8G
            A1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAXmjaaDqcygY0Ox9ETaw+dEyws7CVm6BE
            PPeFuSVdCcvafWM3w31eKFrCQ+SQqCmCLzivJB40HWcfCIzsOxq0Cg==
            -----END CERTIFICATE-----
            """;

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("test.pem"), text, ISO_8859_1);
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }

    private static PrivateKey generate(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
    }

    @Test
    void allCertificatesOfAFileAreReadWithTextAroundThem() throws IOException {
        Path file = file("Certificate:\n  Data: some\n" + CERTIFICATE + "\nmore\n" + CERTIFICATE + "the end");

        assertThat(PemFiles.certificates(file))
                .extracting(certificate -> certificate.getSubjectX500Principal().getName())
                .containsExactly("CN=socketz-test", "CN=socketz-test");
    }

    @Test
    void aFileWithCarriageReturnsIsRead() throws IOException {
        assertThat(PemFiles.certificates(file(CERTIFICATE.replace("\n", "\r\n"))))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aKeyOfEachAlgorithmIsRead(String algorithm) throws Exception {
        PrivateKey key = generate(algorithm);

        assertThat(PemFiles.privateKey(file(CERTIFICATE + pem("PRIVATE KEY", key.getEncoded()))))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "RSA PRIVATE KEY, the key is not in PKCS #8 form",
        "EC PRIVATE KEY, the key is not in PKCS #8 form",
        "ENCRYPTED PRIVATE KEY, the key is encrypted"
    })
    void aKeyInAnotherFormIsReportedWithHowToConvertIt(String label, String what) throws IOException {
        Path file = file(pem("EC PARAMETERS", new byte[] {1}) + pem(label, new byte[] {1, 2, 3}));

        assertThatThrownBy(() -> PemFiles.privateKey(file))
                .isInstanceOf(IOException.class)
                .hasMessage("%s: %s; convert it: openssl pkcs8 -topk8 -nocrypt -in %s -out NEW_FILE", file, what, file);
    }

    @Test
    void anEncryptedKeyInTheOldFormIsReportedAsEncrypted() throws IOException {
        Path file = file("""
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-256-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """);

        assertThatThrownBy(() -> PemFiles.privateKey(file))
                .hasMessageContaining(": the key is encrypted; convert it: ");
    }

    @Test
    void aMissingFileIsReported() {
        Path file = folder.resolve("none.pem");

        assertThatThrownBy(() -> PemFiles.certificates(file))
                .isInstanceOf(IOException.class)
                .hasMessage("%s: no such file", file);
    }

    @Test
    void aFolderIsReportedInOneLine() {
        assertThatThrownBy(() -> PemFiles.certificates(folder))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(folder + ": ")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'', no certificate in it (-----BEGIN CERTIFICATE-----)",
        "-----BEGIN CERTIFICATE, malformed PEM: a BEGIN line does not end",
        "-----BEGIN CERTIFICATE-----AAAA, malformed PEM: no END line for a BEGIN line",
        "-----BEGIN CERTIFICATE-----A*A=-----END CERTIFICATE-----, malformed PEM: not base64",
        "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----, malformed certificate",
        "-----BEGIN CERTIFICATE----------END CERTIFICATE-----, malformed certificate",
    })
    void aFileWithoutACertificateIsReported(String content, String why) throws IOException {
        Path file = file(content);

        assertThatThrownBy(() -> PemFiles.certificates(file))
                .isInstanceOf(IOException.class)
                .hasMessage("%s: %s", file, why);
    }

    @ParameterizedTest
    @CsvSource({
        "'', no private key in it (-----BEGIN PRIVATE KEY-----)",
        "-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----, "
                + "'malformed private key, or neither RSA, EC nor Ed25519'",
    })
    void aFileWithoutAKeyIsReported(String content, String why) throws IOException {
        Path file = file(content);

        assertThatThrownBy(() -> PemFiles.privateKey(file))
                .isInstanceOf(IOException.class)
                .hasMessage("%s: %s", file, why);
    }

    @Test
    void anEndlessFileIsNotReadToItsEnd() throws IOException {
        Path file = file(" ".repeat((4 << 20) + 1));

        assertThatThrownBy(() -> PemFiles.certificates(file)).hasMessage("%s: larger than 4 MiB", file);
    }
}
