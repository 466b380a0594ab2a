package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.EtcdException;
import io.socketz.state.etcd.transport.TlsFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
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
final class GatewayTls {
    private GatewayTls() {}

    /** @throws EtcdException if the files cannot be used */
    static SSLContext context(TlsFiles files) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(files.chain(), files.key()), authorities(files.authorities()), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw TlsFiles.unfit(e);
        }
    }

    /** Null for those that Java trusts. */
    private static TrustManager @Nullable [] authorities(@Nullable List<X509Certificate> authorities)
            throws IOException, GeneralSecurityException {
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
            throws IOException, GeneralSecurityException {
        if (chain == null || key == null) {
            return null;
        }
        char[] password = {}; // the store never leaves this method
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key, password, chain.toArray(Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
