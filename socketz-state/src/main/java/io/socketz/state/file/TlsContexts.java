package io.socketz.state.file;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates and keys in the form that Java's TLS needs. */
public final class TlsContexts {
    private TlsContexts() {}

    /**
     * A context for connections.
     *
     * @param authorities whom to trust; null for those that Java trusts
     * @param chain one's own certificates; null for none
     * @param key of the first of them; null for none
     * @throws InvalidKeyException if the key is not that of the certificate
     * @throws GeneralSecurityException if Java cannot use them for another reason
     */
    public static SSLContext of(
            @Nullable List<X509Certificate> authorities,
            @Nullable List<X509Certificate> chain,
            @Nullable PrivateKey key)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(chain, key), trust(authorities), null);
        return context;
    }

    /** Null for those that Java trusts. */
    private static TrustManager @Nullable [] trust(@Nullable List<X509Certificate> authorities)
            throws GeneralSecurityException {
        if (authorities == null) {
            return null;
        }
        KeyStore store = emptyStore();
        for (X509Certificate certificate : authorities) {
            store.setCertificateEntry("authority" + store.size(), certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] keys(@Nullable List<X509Certificate> chain, @Nullable PrivateKey key)
            throws GeneralSecurityException {
        if (chain == null || key == null) {
            return null;
        }
        check(chain.get(0).getPublicKey(), key);
        char[] password = {}; // the store never leaves this method
        KeyStore store = emptyStore();
        store.setKeyEntry("own", key, password, chain.toArray(Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    /** Java would find out at the first handshake. */
    private static void check(PublicKey certified, PrivateKey key) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            default -> "";
        };
        if (algorithm.isEmpty()) { // RSASSA-PSS: it would need parameters
            return;
        }
        byte[] text = {42};
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(text);
        byte[] signature = signing.sign();
        if (!isOf(certified, algorithm, text, signature)) {
            throw new InvalidKeyException("the key is not that of the certificate");
        }
    }

    private static boolean isOf(PublicKey certified, String algorithm, byte[] text, byte[] signature) {
        try {
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(text);
            return verifying.verify(signature);
        } catch (GeneralSecurityException e) { // another kind of key
            return false;
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new KeyStoreException(e);
        }
        return store;
    }
}
