package io.socketz.state.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads certificates and keys as openssl and etcd's tools write them: PEM (RFC 7468), with any text around the blocks.
 * Whatever is wrong with a file is reported in one line that begins with its name.
 */
public final class PemFiles {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** More than a file with all authorities that an operating system trusts. */
    private static final int MAX_BYTES = 4 << 20;

    /** The algorithm is inside the key (RFC 5958), but Java wants to know it beforehand. */
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    /** @param body base64, perhaps with headers before it (RFC 1421) */
    private record Block(String label, String body) {}

    private PemFiles() {}

    /**
     * All certificates of a file, in its order.
     *
     * @return one or more
     * @throws IOException if the file cannot be read, or holds no certificate, or a malformed one
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label.equals("CERTIFICATE")) {
                certificates.add(certificate(file, block));
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + ": no certificate in it (-----BEGIN CERTIFICATE-----)");
        }
        return List.copyOf(certificates);
    }

    private static X509Certificate certificate(Path file, Block block) throws IOException {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            byte[] encoded = decode(file, block);
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException e) {
            throw new IOException(file + ": malformed certificate", e);
        }
    }

    /**
     * The first private key of a file: PKCS #8, not encrypted; RSA, EC or Ed25519.
     *
     * @throws IOException if the file cannot be read or holds no such key; if it holds a key in another form, the message
     *     says how to convert it
     */
    public static PrivateKey privateKey(Path file) throws IOException {
        for (Block block : blocks(file)) {
            switch (block.label) {
                case "PRIVATE KEY" -> {
                    return privateKey(file, decode(file, block));
                }
                case "ENCRYPTED PRIVATE KEY" -> throw notUsable(file, "the key is encrypted");
                case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
                    throw notUsable(
                            file,
                            block.body.contains("ENCRYPTED")
                                    ? "the key is encrypted"
                                    : "the key is not in PKCS #8 form");
                default -> {
                    // Certificates and curve parameters may stand in the same file.
                }
            }
        }
        throw new IOException(file + ": no private key in it (-----BEGIN PRIVATE KEY-----)");
    }

    private static PrivateKey privateKey(Path file, byte[] encoded) throws IOException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(encoded);
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // Another algorithm, or malformed: then no algorithm reads it.
            } catch (GeneralSecurityException e) {
                throw new IOException(file + ": this Java knows no " + algorithm + " keys", e);
            }
        }
        throw new IOException(file + ": malformed private key, or neither RSA, EC nor Ed25519");
    }

    private static IOException notUsable(Path file, String what) {
        return new IOException(
                file + ": " + what + "; convert it: openssl pkcs8 -topk8 -nocrypt -in " + file + " -out NEW_FILE");
    }

    private static List<Block> blocks(Path file) throws IOException {
        String text = read(file);
        List<Block> blocks = new ArrayList<>();
        for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
            int label = at + BEGIN.length();
            int body = text.indexOf(DASHES, label);
            if (body < 0) {
                throw new IOException(file + ": malformed PEM: a BEGIN line does not end");
            }
            String name = text.substring(label, body);
            body += DASHES.length();
            at = text.indexOf(END + name + DASHES, body);
            if (at < 0) {
                throw new IOException(file + ": malformed PEM: no END line for a BEGIN line");
            }
            blocks.add(new Block(name, text.substring(body, at)));
        }
        return blocks;
    }

    private static byte[] decode(Path file, Block block) throws IOException {
        try {
            return Base64.getDecoder().decode(block.body.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": malformed PEM: not base64", e);
        }
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(file + ": larger than " + (MAX_BYTES >> 20) + " MiB");
            }
            return new String(bytes, ISO_8859_1);
        } catch (IOException e) {
            String why = FileFailures.why(e);
            throw why.startsWith(file + ": ") ? e : new IOException(file + ": " + why, e);
        }
    }
}
